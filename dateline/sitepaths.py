"""Paths of a site that are files' names on every system, and no two of which are one."""

from __future__ import annotations

import re

from dateline.errors import OutputError
from dateline.model import Problem
from dateline.text import nfc

_NAME = r"(?!(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:[./]|\Z))[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9][a-z0-9_-]*)*"
_PLAIN = re.compile(rf"{_NAME}(?:/{_NAME})*")
"""A path with nothing to look at: it is its own form without case, and fine on every system if it is not too long."""
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"\\|?*\ud800-\udfff]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.I)


MAX_NAME_BYTES = 255


class Paths:
    """The paths of one site: each can be a file's name on every system, and no two are one."""

    def __init__(self, *taken: str) -> None:
        self._files = {name: name for name in taken}
        self._folders: dict[str, str] = {}
        self._added = {""}

    def add(self, path: str) -> None:
        """Take a path in, or say what is wrong with it (OutputError)."""
        plain = len(path) <= MAX_NAME_BYTES and _PLAIN.fullmatch(path)
        reason = "" if plain else _fault(path)
        if reason:
            message = f"cannot be the path of a page: {reason}"
            raise OutputError(Problem(repr(path), None, message, "give it another path"))
        twin = path if plain else nfc(path.casefold())
        other = self._files.get(twin)
        if other is not None:
            what = "two pages have this path" if other == path else f"is one with {other} where case does not count"
            raise OutputError(Problem(path, None, what, "give one of them another id or title"))
        self._files[twin] = path
        if twin in self._folders:
            raise OutputError(Problem(path, None, "is a page and a folder of pages", "give it another path"))
        folder = path.rpartition("/")[0]
        if folder not in self._added:
            self._add_folder(folder, path)
            self._added.add(folder)

    def _add_folder(self, folder: str, path: str) -> None:
        while folder and self._folders.get(twin := nfc(folder.casefold())) is None:
            if twin in self._files:
                raise OutputError(Problem(path, None, f"lies in {folder}, which is a page", "give it another path"))
            self._folders[twin] = folder
            folder = folder.rpartition("/")[0]


def _fault(path: str) -> str:
    """What keeps a path from being a file's name on every system; "" when nothing does."""
    parts = path.split("/")
    if max(len(part.encode("utf-8", "replace")) for part in parts) > MAX_NAME_BYTES:
        return "a name in it is too long"
    if any(map(_RESERVED.fullmatch, parts)):
        return "a name in it is reserved on Windows"
    if not path or path.startswith("/") or "" in parts:
        return "it is empty, absolute or has an empty part"
    if "." in parts or ".." in parts:
        return "it leads elsewhere"
    if _FORBIDDEN.search(path) or any(part.endswith((".", " ")) or part.startswith(" ") for part in parts):
        return "it has characters that are not allowed in names everywhere"
    return ""
