"""The built site against its promises: every internal link, anchor, asset and id lands, tags are closed, hosts can take it.

in:   a site's folder (not its sources: what is checked is what will be published)
out:  Problems, the same mistake once with its first place and how many pages have it

Pages are read one at a time and scanned with one regular expression: about a thousandth of a second each. Anchors in
other pages are collected and looked up at the end, so that no page is parsed for ids that nobody asks for.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import unquote

from dateline import hosts
from dateline.config import Config
from dateline.errors import OutputError
from dateline.hosts import Host, Size
from dateline.model import Problem

MARKER = ".dateline-site"
QUICK = 500
"""How many pages the quick form reads at most, evenly spread over those written."""

# One tag that is open or closes ("p", "/p") and its attributes; possessive throughout, so that nothing is tried twice.
_TAG = re.compile(r"""<(/?[a-zA-Z][a-zA-Z0-9-]*+)((?:[^<>"']++|"[^"]*+"|'[^']*+')*+)>""")
_ATTRIBUTE = re.compile(
    r"""\s(href|src|action|poster|srcset|id|for|aria-labelledby|aria-describedby|aria-controls|content)\s*=\s*"""
    r"""(?:"([^"]*+)"|'([^']*+)')"""
)
_OPAQUE = (("<script", ">", "</script>"), ("<style", ">", "</style>"), ("<!--", "<!--", "-->"))
"""What has no tags in it, whatever it looks like: how it begins, where that ends, how it ends."""
_CSS_URL = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_REFRESH = re.compile(r"\d+\s*;\s*url=(.+)", re.I)
_INDEX = re.compile(r"(?:^|(?<=/))(?=[?#]|$)")
"""Where a server puts the index page into an address that ends in a folder."""
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"})
_LINKS = frozenset({"href", "src", "action", "poster"})
_REFERENCES = frozenset({"for", "aria-labelledby", "aria-describedby", "aria-controls"})
_SAFE = ("http", "https", "mailto", "tel", "data")


def check(config: Config, host: Host | None = None) -> tuple[Problem, ...]:
    """Everything that is wrong with the site in the output folder."""
    files = inventory(config.output_dir)
    checking = _Checking(config.output_dir, files.keys(), config.site_url)
    for path in sorted(files):
        checking.look(path)
    found = [*checking.finish(), *_whole(files, host), *_packed(config.output_dir, files)]
    if host is not None:
        found += hosts.problems(size(config.output_dir, files), host, config.output)
    return tuple(found)


def quick(config: Config, written: Iterable[str], files: Mapping[str, tuple[int, int]]) -> tuple[Problem, ...]:
    """For the end of a build: the pages just written, at most QUICK of them; and which hosts cannot take the site.

    `written` are paths from the site's root, `files` all of the site's with size and time. Without a page among the written
    ones nothing is looked at.
    """
    pages = sorted(path for path in written if path.endswith((".html", ".css")))
    if not pages:
        return ()
    chosen = pages[:: len(pages) // QUICK + 1]
    checking = _Checking(config.output_dir, None, config.site_url)
    for path in chosen:
        checking.look(path)
    return (*checking.finish(), *fits(config, {path: size for path, (size, _) in files.items()}))


def fits(config: Config, files: Mapping[str, int]) -> Iterator[Problem]:
    """A note that names the hosts which cannot take a site of these files (path → bytes), when there are any."""
    known, _ = hosts.load(config.layers("data"))
    now = size(config.output_dir, files)
    full = [host.name for host in known if any(one.severity == "error" for one in hosts.problems(now, host, ""))]
    if full:
        message = f"{now.files:,} files, {hosts.megabytes(now.site_bytes)}: too much for {', '.join(full)}"
        hint = "dateline check --host NAME  says which limit; a bucket and a server of your own take it"
        yield Problem(config.output, None, message, hint, "note")


# -- the whole site ---------------------------------------------------------------------------------------------------
def inventory(site: Path) -> dict[str, int]:
    """Path → bytes of every file of a site. Raises OutputError when there is no site."""
    if not (site / MARKER).is_file():
        what = "holds no site that dateline made" if site.is_dir() else "is not there"
        raise OutputError(Problem(str(site), None, what, "dateline build  makes it"))
    found: dict[str, int] = {}
    stack = [(str(site), "")]
    while stack:
        folder, inside = stack.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir():
                    stack.append((entry.path, f"{inside}{entry.name}/"))
                elif inside + entry.name != MARKER:
                    found[inside + entry.name] = entry.stat().st_size
    return found


def size(site: Path, files: Mapping[str, int]) -> Size:
    """What a host counts of these files."""
    largest = max(sorted(files), key=files.__getitem__, default="")
    longest = max(sorted(files), key=lambda path: len(os.fsencode(path)), default="")
    rules = 0
    if "_redirects" in files:
        lines = (site / "_redirects").read_text("utf-8", "replace").splitlines()
        rules = sum(1 for line in lines if line.strip() and not line.startswith("#"))
    return Size(len(files), sum(files.values()), files.get(largest, 0), len(os.fsencode(longest)), rules, largest, longest)


def _whole(files: dict[str, int], host: Host | None) -> Iterator[Problem]:
    """Files that must be there, that are empty, and that are one where case does not count."""
    for name in ("index.html", *(host.needs if host else ())):
        if name not in files:
            why = f"; {host.name} needs it" if host and name in host.needs else ""
            yield Problem(name, None, f"is missing{why}", "build again")
    twins: dict[str, str] = {}
    for path in sorted(files):
        if not files[path] and path.endswith((".html", ".css", ".js")):
            yield Problem(path, None, "is empty", "build again")
        other = twins.setdefault(path.casefold(), path)
        if other != path:
            yield Problem(path, None, f"is one file with {other} where case does not count", "give one of them another name")


def _packed(site: Path, files: dict[str, int]) -> Iterator[Problem]:
    """Compressed files that are not what they stand beside: a server would send the one for the other."""
    for path in sorted(files):
        plain = path.removesuffix(".gz")
        if plain == path or plain not in files:
            continue
        with (site / path).open("rb") as file:
            file.seek(max(0, files[path] - 4))
            length = int.from_bytes(file.read(4), "little")
        if length != files[plain] & 0xFFFFFFFF:
            yield Problem(path, None, f"is not {plain}, compressed", "build again")


# -- page by page -------------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class _Found:
    """One mistake: where it was first, and how many pages have it."""

    first: Problem
    pages: int = 1


@dataclass(slots=True)
class _Checking:
    site: Path
    files: Collection[str] | None
    """All paths; None: ask the disk."""
    site_url: str
    found: dict[tuple[str, str], _Found] = field(default_factory=dict)
    there: dict[str, bool] = field(default_factory=dict)
    resolved: dict[str, dict[str, tuple[str, str, str]]] = field(default_factory=dict)
    """Folder → link as written → (target, anchor, complaint)."""
    anchors: defaultdict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    """Page → anchors that others name in it, each with the first page that does."""

    def look(self, path: str) -> None:
        """Read one file, and keep what is wrong with it."""
        if path.endswith(".html"):
            try:
                text = (self.site / path).read_text("utf-8")
            except UnicodeDecodeError:
                self.add(path, 0, "is not UTF-8", "", "build again")
                return
            self.page(path, text)
        elif path.endswith(".css"):
            text = (self.site / path).read_text("utf-8", "replace")
            for match in _CSS_URL.finditer(text):
                self.link(path, text, match.start(), match[1], frozenset())

    def page(self, path: str, text: str) -> None:
        bare = _bare(text)
        for wanted, message in _REQUIRED:
            if not wanted.search(bare):
                self.add(path, 1, message, message, "the template of this page lost it")
        tags = _TAG.findall(bare)
        if not _closed(tags):
            self.unclosed(path, bare)
        attributes = _ATTRIBUTE.findall(" ".join([rest for _, rest in tags]))
        ids = [one or other for name, one, other in attributes if name == "id"]
        known = frozenset(ids)
        if len(known) != len(ids):
            self.repeated(path, bare, ids)
        for name, one, other in dict.fromkeys(attributes):
            if name != "id":
                self.attribute(path, bare, name, one or other, known)

    def attribute(self, path: str, text: str, name: str, value: str, ids: frozenset[str]) -> None:
        if name in _LINKS:
            self.link(path, text, 0, value, ids)
        elif name == "srcset":
            for one in value.split(","):
                self.link(path, text, 0, (one.split() or [""])[0], ids)
        elif name in _REFERENCES:
            for one in value.split():
                if one not in ids:
                    message = f'{name} names the id "{one}", which the page does not have'
                    self.add(path, _line(text, f'"{value}"'), message, name, "the template of this page lost it")
        elif match := _REFRESH.fullmatch(value):
            self.link(path, text, 0, match[1], ids)

    def repeated(self, path: str, text: str, ids: Sequence[str]) -> None:
        seen: set[str] = set()
        for one in ids:
            if one in seen:
                message = f'the id "{one}" is there twice'
                self.add(path, _line(text, f'id="{one}"', 2), message, "twice", "give one of them another id")
            seen.add(one)

    def unclosed(self, path: str, text: str) -> None:
        """Tell the first element of a page that is not closed where it should be."""
        stack: list[tuple[str, int]] = []
        for match in _TAG.finditer(text):
            name, rest = match[1].lower(), match[2]
            if name.startswith("/"):
                name = name[1:]
                if not stack or stack[-1][0] != name:
                    opened = f"<{stack[-1][0]}> of line {_at(text, stack[-1][1])} is open" if stack else "nothing is open"
                    message = f"</{name}> closes what is not open: {opened}"
                    self.add(path, _at(text, match.start()), message, "close", _CLOSE_REMEDY)
                    return
                stack.pop()
            elif name not in _VOID and not rest.endswith("/"):
                stack.append((name, match.start()))
        if stack:
            name, start = stack[-1]
            self.add(path, _at(text, start), f"<{name}> is never closed", "open", _CLOSE_REMEDY)

    # -- links ----------------------------------------------------------------------------------------------------------
    def link(self, path: str, text: str, start: int, value: str, ids: frozenset[str]) -> None:
        if value.startswith("#"):
            anchor = unquote(unescape(value[1:]))
            if anchor not in ids and anchor not in {"", "top"}:
                message = f"links to {value}, which the page does not have"
                self.add(path, _line(text, f'"{value}"'), message, "anchor", "the page lost an id")
            return
        folder = path.rpartition("/")[0]
        known = self.resolved.setdefault(folder, {})
        found = known.get(value)
        if found is None:
            found = known[value] = self.resolve(folder, value)
        target, anchor, complaint = found
        if complaint:
            self.add(path, _line(text, value, 1, start), complaint, "link", _LINK_REMEDY)
        elif anchor and target.endswith(".html"):
            self.anchors[target].setdefault(anchor, path)

    def resolve(self, folder: str, value: str) -> tuple[str, str, str]:
        """(target, anchor, what is wrong) of a link on a page in `folder`; ("", "", "") for one that leads away."""
        address = unescape(value).strip()
        if self.site_url and address.startswith(self.site_url.rstrip("/") + "/"):
            folder, address = "", _INDEX.sub("index.html", address[len(self.site_url.rstrip("/")) + 1 :], count=1)
        elif match := _SCHEME.match(address):
            bad = match[0][:-1].lower() not in _SAFE
            return "", "", f"has a link that does not belong on a page: {value[:60]}" if bad else ""
        elif address.startswith("//"):
            return "", "", ""
        elif address.startswith("/"):
            return "", "", f"links to {value}, which is right only at the root of a server"
        place, _, anchor = address.partition("#")
        place = unquote(place.partition("?")[0])
        target = posixpath.normpath(posixpath.join(folder, place)) if place else ""
        if not place:
            return "", "", ""
        if target.startswith(".."):
            return target, "", f"links to {value}, which is outside the site"
        if place.endswith("/"):
            return target, "", f"links to the folder {target}/, which does not open from a disk"
        return target, unquote(anchor), "" if self.exists(target) else f"links to {target}, which is not there"

    def exists(self, path: str) -> bool:
        if self.files is not None:
            return path in self.files
        if path not in self.there:
            self.there[path] = (self.site / path).is_file()
        return self.there[path]

    # -- telling ----------------------------------------------------------------------------------------------------------
    def add(self, path: str, line: int, message: str, kind: str, hint: str) -> None:
        """Keep a mistake; one that other pages have too is counted with the first."""
        known = self.found.get((kind, message))
        if known is None:
            self.found[kind, message] = _Found(Problem(path, line or None, message, hint))
        elif known.first.where != path:
            known.pages += 1

    def finish(self) -> Iterator[Problem]:
        """All that was found; looks up the anchors in other pages."""
        for target in sorted(self.anchors):
            ids = {match[2] or match[3] or "" for match in _ATTRIBUTE.finditer((self.site / target).read_text("utf-8", "replace"))
                   if match[1] == "id"}
            for anchor, path in sorted(self.anchors[target].items()):
                if anchor not in ids:
                    message = f"links to {target}#{anchor}, and that page has no such place"
                    self.add(path, 0, message, "anchor", "the page lost an id")
        for one in self.found.values():
            others = f" (and {one.pages - 1:,} more pages)" if one.pages > 1 else ""
            yield Problem(one.first.where, one.first.line, one.first.message + others, one.first.hint)


_CLOSE_REMEDY = "look into the template, or the article's own HTML"
_LINK_REMEDY = "build again; if it stays, the template or the article that has the link must be mended"
_REQUIRED = (
    (re.compile(r"\A\s*<!DOCTYPE html>", re.I), "does not begin with <!DOCTYPE html>"),
    (re.compile(r"<html\b[^>]*\slang=\"[^\"]"), "does not say its language: <html lang=…>"),
    (re.compile(r"<meta charset=\"?utf-8", re.I), "does not say its encoding: <meta charset=…>"),
    (re.compile(r"<title>[^<]*[^<\s]"), "has no <title>"),
)


def _closed(tags: Sequence[tuple[str, str]]) -> bool:
    """Every element that must be closed is, in the right order."""
    stack = [""]
    for name, rest in tags:
        if name[0] == "/":
            if stack.pop() != name:
                return False
        elif name not in _VOID and rest[-1:] != "/":
            stack.append("/" + name)
    return len(stack) == 1


def _bare(text: str) -> str:
    """A page without what is in its scripts, styles and comments; lines keep their numbers."""
    for opening, opened, closing in _OPAQUE:
        if opening not in text:
            continue
        pieces, at = [], 0
        while (start := text.find(opening, at)) >= 0:
            begin = text.find(opened, start) + len(opened)
            end = text.find(closing, begin)
            if end < 0:
                break
            comment = opening == "<!--"
            pieces += [text[at : start if comment else begin], "\n" * text.count("\n", begin, end), "" if comment else closing]
            at = end + len(closing)
        text = "".join([*pieces, text[at:]])
    return text


def _at(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _line(text: str, wanted: str, which: int = 1, start: int = 0) -> int:
    """The line on which `wanted` stands for the nth time."""
    for _ in range(which):
        found = text.find(wanted, start)
        if found < 0:
            return 0
        start = found + 1
    return _at(text, start - 1)
