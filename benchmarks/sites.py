"""The same articles as projects of Dateline and of its peers, and how each is built.

in:   a project of Dateline that has been built, folders to work in, where the peers' programs are
out:  Site: a command, its folder, what to remove before a clean build, and one source to change

What the peers get is what Dateline has found: cleaned bodies as Markdown, titles, dates and tags as front matter.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
UNDATED = "1970-01-01"
"""Pelican and Eleventy want a date."""


@dataclass(frozen=True, slots=True)
class Site:
    """A project and how it is built."""

    folder: Path
    command: tuple[str, ...]
    output: str
    made: tuple[str, ...]
    """What a clean build must not find."""
    source: str
    """A pattern of its sources."""

    def clean(self, *names: str) -> None:
        for name in names or self.made:
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def touch(self) -> None:
        """Add a sentence to the first source."""
        with min(self.folder.glob(self.source)).open("a", encoding="utf-8") as file:
            file.write(f"\nThêm một câu ở cuối bài, lần {os.urandom(3).hex()}.\n")

    def files(self) -> int:
        return sum(1 for path in (self.folder / self.output).rglob("*") if path.is_file())


# -- Dateline -------------------------------------------------------------------------------------------------------------
def dateline(project: Path, jobs: int) -> Site:
    code = f"import sys; sys.path.insert(0, {str(HERE.parent)!r}); from dateline.__main__ import program; program()"
    command = (sys.executable, "-c", code, "build", "--root", str(project), "--jobs", str(jobs), "--quiet")
    return Site(project, command, "site", ("site", ".site.dateline", ".dateline", "articles"), "seeds/*/*.txt")


def minimal(full: Path, project: Path, jobs: int) -> Site:
    """The same seeds with templates and pages as Hugo's."""
    if not project.exists():
        shutil.copytree(HERE / "dateline-minimal", project)
        (project / "seeds").symlink_to(full / "seeds")
    return dateline(project, jobs)


# -- peers ----------------------------------------------------------------------------------------------------------------
def articles(project: Path) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Id, front matter and Markdown of every article."""
    with (project / "site" / "data" / "articles.jsonl").open(encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            date = (row["date"] or "")[:10]
            front = {
                "title": row["title"] or row["id"], "lead": row["text"][:250], "lang": row["language"],
                "provinces": [one["id"] for one in row["provinces"]], "topics": [one["id"] for one in row["topics"]],
                "publisher": row["publisher"] or "", "date": date if len(date) == 10 else UNDATED,
            }
            markdown = (project / "articles" / f"{row['id']}.md").read_text("utf-8").split("\n---\n", 1)[1]
            yield row["id"], front, markdown


def hugo(project: Path, folder: Path, program: str) -> Site:
    shutil.copytree(HERE / "hugo", folder)
    content = folder / "content" / "articles"
    content.mkdir(parents=True)
    for name, front, markdown in articles(project):
        _write(content / f"{name}.md", json.dumps(_taxonomies(front), ensure_ascii=False) + "\n" + markdown)
    return Site(folder, (program, "--source", str(folder), "--quiet"), "public", ("public", "resources"), "content/articles/*.md")


def eleventy(project: Path, folder: Path, program: str) -> Site:
    shutil.copytree(HERE / "eleventy", folder)
    (folder / "pages").rename(folder / "content")
    for name, front, markdown in articles(project):
        fields = {**_taxonomies(front), "tags": ["article"], "layout": "article.njk", "permalink": f"/articles/{name}.html"}
        _write(folder / "content" / f"{name}.md", "---json\n" + json.dumps(fields, ensure_ascii=False) + "\n---\n" + markdown)
    return Site(folder, (program, "--quiet"), "output", ("output",), "content/0*.md")


def pelican(project: Path, folder: Path, program: str) -> Site:
    shutil.copytree(HERE / "pelican", folder)
    content = folder / "content"
    content.mkdir()
    for name, front, markdown in articles(project):
        tags = [*front["provinces"], *front["topics"], *filter(None, [front["publisher"]])]
        fields = {"title": front["title"], "date": front["date"], "category": front["lang"], "tags": ", ".join(tags),
                  "publisher": front["publisher"], "summary": front["lead"].replace("\n", " "), "slug": name}
        _write(content / f"{name}.md", "".join(f"{key}: {value}\n" for key, value in fields.items()) + "\n" + markdown)
    return Site(folder, (program, "-s", "pelicanconf.py", "--quiet"), "output", ("output", "__pycache__"), "content/*.md")


def _taxonomies(front: dict[str, Any]) -> dict[str, Any]:
    """Every tag as a list, which is what Hugo and the configuration of Eleventy file articles by."""
    years = [] if front["date"] == UNDATED else [front["date"][:4]]
    return {**front, "langs": [front["lang"]], "publishers": list(filter(None, [front["publisher"]])), "years": years}


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
