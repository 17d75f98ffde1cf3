"""Make a folder ready for somebody's own corpus: `dateline new`."""

from __future__ import annotations

from pathlib import Path

from dateline.errors import OutputError
from dateline.model import Problem

SETTINGS = """\
# This site's settings. Every key is optional; these are the ones most people set.
title: {title}
# description: One sentence on what the collection holds.
# site_url: https://example.org/news/      # feeds, sitemap and canonical links need it
# interface: [en, vi]                      # the first is the default
"""
IGNORE = "/site/\n/.dateline/\n"


def create(folder: Path) -> list[Path]:
    """Make the folder's parts and give what was made. Refuses a folder that has anything in it."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise OutputError(Problem(str(folder), None, "is there already and is not empty", "choose another name"))
    made = []
    for name in ("seeds", "articles", "templates"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        made.append(folder / name)
    for name, text in (("dateline.yml", SETTINGS.format(title=_title(folder))), (".gitignore", IGNORE)):
        (folder / name).write_text(text, encoding="utf-8")
        made.append(folder / name)
    return made


def _title(folder: Path) -> str:
    """A first title out of the folder's name, in quotes so that any name is good YAML."""
    name = folder.resolve().name.replace("-", " ").replace("_", " ").strip().capitalize() or "News"
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
