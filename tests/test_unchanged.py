"""A build of which nothing has changed is told at once; whatever changes, and however slyly, is built."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from importlib import metadata
from pathlib import Path

import pytest
from click.testing import CliRunner

from dateline import again, articles, config, knowledge, libraries, listing, pipeline, read, unchanged
from dateline.cli import main

PROJECT = Path(__file__).parent.parent
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("knowledge_once")]

STORY = "Nghệ An trao học bổng\n\n12/09/2024\n\nSáng 12/9/2024, Hội Khuyến học tỉnh Nghệ An trao 120 suất học bổng cho học sinh.\n"


@pytest.fixture
def project(tmp_path):
    (tmp_path / "seeds").mkdir()
    for name in "abc":
        (tmp_path / "seeds" / f"{name}.txt").write_text(STORY + f"\nBài {name} nói về xã {name}.\n", encoding="utf-8")
    build(tmp_path)
    return tmp_path


def build(root, **options):
    return pipeline.build(config.load(root), jobs=1, **options)


def told_at_once(report):
    return [step.name for step in report.steps] == ["unchanged"]


def test_nothing_changed_is_told_at_once_with_the_same_report(project):
    first = build(project, prune=True)
    again = build(project, prune=True)
    assert not told_at_once(first) and told_at_once(again)
    assert (again.documents, again.articles, again.written, again.unchanged) == (3, 3, 0, first.written + first.unchanged)


def test_the_problems_are_told_again(project):
    (project / "seeds" / "empty.txt").write_bytes(b"")
    first, again = build(project), build(project)
    assert told_at_once(again) and again.problems == first.problems and any("empty" in str(one) for one in again.problems)




def same_size_and_time(path):
    state = path.stat()
    path.write_bytes(path.read_bytes().replace(b"120", b"150"))
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))


def swapped(one, other):
    beside = one.parent / "beside"
    one.rename(beside)
    other.rename(one)
    beside.rename(other)


CHANGES = [
    lambda root: (root / "seeds" / "d.txt").write_text(STORY, encoding="utf-8"),
    lambda root: swapped(root / "seeds" / "a.txt", root / "seeds" / "b.txt"),
    lambda root: (root / "seeds" / "inner").mkdir() or (root / "seeds" / "a.txt").rename(root / "seeds" / "inner" / "a.txt"),
    lambda root: (root / "seeds" / "a.txt").chmod(0o600),
    lambda root: shutil.move(root / "seeds", root / "elsewhere") and (root / "seeds").mkdir(),
    lambda root: (root / "data").mkdir() or (root / "data" / "topics.yml").write_text("topics: []\n"),
    lambda root: swapped(root / "articles" / "a.md", root / "articles" / "b.md"),
    lambda root: swapped(root / "site" / "raw", root / "site" / "data"),
    lambda root: (root / "seeds" / "a.txt").unlink(),
    lambda root: (root / "seeds" / "a.txt").rename(root / "seeds" / "z.txt"),
    lambda root: same_size_and_time(root / "seeds" / "a.txt"),
    lambda root: (root / "seeds" / ".git").mkdir(),
    lambda root: (root / "articles" / "a.md").unlink(),
    lambda root: (root / "articles" / "permalinks.json").unlink(),
    lambda root: (root / "articles" / "a.md").write_bytes((root / "articles" / "a.md").read_bytes() + b"\n\nMore."),
    lambda root: (root / "dateline.yml").write_text("title: Other\n"),
    lambda root: (root / "templates").mkdir() or (root / "templates" / "footer.html").write_text("<footer></footer>"),
    lambda root: (root / "site" / "index.html").unlink(),
    lambda root: (root / "site" / "index.html").write_text("x"),
    lambda root: (root / "site" / "mine.txt").write_text("x"),
    lambda root: (root / "site" / "mine").mkdir(),
    lambda root: (root / "site" / "raw" / "mine.txt").write_text("x"),
    lambda root: shutil.rmtree(root / "site" / "years"),
    lambda root: shutil.rmtree(root / ".dateline" / "published"),
    lambda root: (root / ".dateline" / "last").write_bytes(b"\xff\n{}"),
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_is_built(project, change):
    assert told_at_once(build(project))
    change(project)
    assert not told_at_once(build(project))


def test_a_look_tells_about_how_many_documents_there_are(tmp_path):
    assert unchanged.look(config.load(tmp_path)).documents == 0
    (tmp_path / "seeds" / "inner").mkdir(parents=True)
    (tmp_path / "seeds" / "a.txt").write_text(STORY, encoding="utf-8")
    (tmp_path / "seeds" / "inner" / "b.txt").write_text(STORY, encoding="utf-8")
    (tmp_path / "seeds" / "many.jsonl").write_bytes(b" " * 1_000_000)
    assert unchanged.look(config.load(tmp_path)).documents == 3 + 20


# -- the same words again ----------------------------------------------------------------------------------------------
def words(root, *more):
    return ["build", "--root", str(root), "--jobs", "1", *more]


def said(asked):
    """What the whole command line says, and that it has understood the words."""
    done = CliRunner().invoke(main, asked, obj=tuple(asked), catch_exceptions=False)
    return done.stdout, done.stderr, done.exit_code


@pytest.mark.parametrize("more", [[], ["--quiet"], ["--strict"], ["-q", "--strict", "--prune"]])
def test_the_same_words_are_answered_the_same_without_being_understood(project, more):
    (project / "seeds" / "empty.txt").write_bytes(b"")
    asked = words(project, *more)
    said(asked)
    assert again.answer(asked) == said(asked) and again.answer(asked) is not None
    assert "empty.txt" in said(asked)[1] and ("--strict" in more) == said(asked)[2]


def test_other_words_are_not_answered_for_those_that_were_given(project, monkeypatch):
    said(words(project))
    assert again.answer(words(project)) is not None
    assert again.answer(words(project, "--quiet")) is again.answer(["check", *words(project)[1:]]) is None
    monkeypatch.chdir(project)                   # the same words may mean another folder there
    assert again.answer(words(project)) is None


@pytest.mark.parametrize("processors", [1, 2, 8])
@pytest.mark.parametrize("change", CHANGES)
def test_the_same_words_are_not_answered_when_anything_has_changed(project, change, processors, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    asked = words(project)
    said(asked)
    assert again.answer(asked) is not None
    if "last" not in change.__code__.co_consts:  # what is known to `unchanged` alone
        change(project)
        assert again.answer(asked) is None


def test_the_words_are_answered_from_a_folder_named_relatively_too(project, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.chdir(project.parent)
    (project / "dateline.yml").write_text("title: Other\n")
    (project / "templates").mkdir()
    asked = words(project.name)
    said(asked)
    assert again.answer(asked) == said(asked) and again.answer(asked) is not None
    assert Path.cwd() == project.parent


def broken(place, seen=None):
    raise MemoryError


@pytest.mark.parametrize("limits", [{"_PLACES": 2}, {"PROCESSES": 1}, {}])
def test_looking_alone_is_the_same_and_whoever_cannot_look_has_seen_nothing(project, limits, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    asked = words(project)
    said(asked)
    for name, value in limits.items():
        monkeypatch.setattr(again, name, value)
    if limits:
        monkeypatch.setattr(os, "fork", lambda: pytest.fail("another process"))
    assert again.answer(asked) is not None
    if not limits:
        monkeypatch.setattr(listing, "digest", broken)
        assert again.answer(asked) is None


def test_another_library_is_a_change(project, tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.mktemp("lib") / "site-packages"
    (folder / "markdown-3.11.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(folder)
    asked = words(project)
    said(asked)
    assert again.answer(asked) is not None
    (folder / "markdown-3.11.dist-info").rename(folder / "markdown-3.12.dist-info")
    assert again.answer(asked) is None and unchanged.look(config.load(project)).report is None


def test_what_was_made_with_another_library_is_not_taken(monkeypatch):
    now = knowledge.code.__wrapped__()
    assert "markdown" in libraries.versions() and knowledge.code.__wrapped__() == now
    monkeypatch.setattr(libraries, "versions", lambda: {"markdown": "0.1"})
    assert knowledge.code.__wrapped__() != now


def test_a_library_that_is_not_installed_stops_nothing(monkeypatch):
    needed = ["markdown>=3.6", "of-another-system>=1; sys_platform == 'win32'", "pyyaml>=6", "distributed; extra == 'cluster'"]
    monkeypatch.setattr(metadata, "requires", lambda name: needed)
    assert libraries.versions.__wrapped__().keys() == {"markdown", "pyyaml"}


@pytest.mark.parametrize("name", ["articles", "site", "seeds", ".dateline"])
def test_a_folder_that_became_a_link_is_looked_at_by_who_knows_what_links_may_do(project, tmp_path_factory, name):
    (project / "articles").mkdir(exist_ok=True)
    asked = words(project)
    said(asked)
    elsewhere = tmp_path_factory.mktemp("elsewhere") / name
    (project / name).rename(elsewhere)
    (project / name).symlink_to(elsewhere)
    assert again.answer(asked) is None
    said(asked)
    assert again.answer(asked) is None


def test_a_folder_of_the_site_that_became_a_link_is_not_the_folder(project):
    asked = words(project)
    said(asked)
    (project / "site" / "raw").rename(project / "raw")
    (project / "site" / "raw").symlink_to(project / "raw")
    assert again.answer(asked) is None and unchanged.look(config.load(project)).report is None


@pytest.mark.parametrize("damage", [
    lambda kept: kept[:-1],
    lambda kept: b"",
    lambda kept: b"\xff",
    lambda kept: kept.replace(b"files", b"fires"),
    lambda kept: kept.partition(b"\n")[2],
])  # fmt: skip
def test_a_damaged_answer_is_none(project, damage):
    asked = words(project)
    said(asked)
    path = project / ".dateline" / "said"
    path.write_bytes(damage(path.read_bytes()))
    assert again.answer(asked) is None and said(asked)[2] == 0
    assert again.answer(asked) == said(asked)


def test_an_answer_is_given_before_anything_heavy_is_imported(project):
    asked = words(project)
    said(asked)
    code = ("import sys; from dateline.__main__ import main\n"
            "try: main()\n"
            "except SystemExit: print(*sorted(sys.modules), file=sys.stderr)")
    done = subprocess.run([sys.executable, "-S", "-c", code, *asked], capture_output=True, text=True, check=True, cwd=PROJECT)
    assert done.stdout == said(asked)[0] and "unchanged" in done.stdout
    modules = done.stderr.split()
    assert not {"click", "rich", "yaml", "msgspec", "re", "typing", "dataclasses", "pathlib", "json", "collections"} & {*modules}
    ours = {"dateline", "dateline.__main__", "dateline.again", "dateline.listing"}
    assert {name for name in modules if name.startswith("dateline")} == ours


def test_what_was_edited_while_the_site_was_built_is_built_next_time(project):
    def meddle(step, done, total):
        if step == "link":
            same_size_and_time(project / "seeds" / "a.txt")

    (project / "seeds" / "d.txt").write_text(STORY, encoding="utf-8")
    build(project, progress=meddle)
    assert not told_at_once(build(project))
    assert "150 suất" in (project / "articles" / "a.md").read_text(encoding="utf-8")


def test_an_article_edited_while_the_site_was_built_is_built_next_time(project):
    def meddle(step, done, total):
        path = project / "articles" / "d.md"
        if step == "pages" and done == 0:
            path.write_bytes(path.read_bytes().replace(b"120", b"150"))

    (project / "seeds" / "d.txt").write_text(STORY, encoding="utf-8")
    build(project, progress=meddle)
    report = build(project)
    assert not told_at_once(report) and report.kept == ("articles/d.md",)


def test_a_linked_template_is_never_taken_for_unchanged(project, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "footer.html"
    elsewhere.write_text("<footer></footer>")
    (project / "templates").mkdir()
    (project / "templates" / "footer.html").symlink_to(elsewhere)
    build(project)
    elsewhere.write_text("<footer>!</footer>")
    assert not told_at_once(build(project))
    assert "<footer>!</footer>" in Path(project / "site" / "index.html").read_text(encoding="utf-8")


# -- files that need not be read again ---------------------------------------------------------------------------------
def opened_by(project, monkeypatch, **options):
    """Names of the files of seeds/ and articles/ that a build opened."""
    opened = []
    files, records = read._opened, articles.read_file
    monkeypatch.setattr("dateline.read._opened", lambda file, *rest: opened.append(file.origin) or files(file, *rest))
    monkeypatch.setattr("dateline.articles.read_file", lambda path: opened.append(path.name) or records(path))
    build(project, **options)
    monkeypatch.undo()
    return sorted(opened)


def changed_seed(project):
    path = min((project / "seeds").glob("*.txt"))
    path.write_text(path.read_text("utf-8") + "\nThêm một câu ở cuối bài.\n", "utf-8")
    return path.name


def test_only_the_seed_that_changed_is_opened(project, monkeypatch):
    build(project)
    name = changed_seed(project)
    assert opened_by(project, monkeypatch) == [name]
    other = max((project / "articles").glob("*.md"))
    other.write_text(other.read_text("utf-8").replace("title:", "title: Tên mới #", 1), "utf-8")
    assert other.name in opened_by(project, monkeypatch)


@pytest.mark.parametrize("change", ["UPDATE entries SET value = replace(value, 'utf-8', 'utf-9')", "DELETE FROM entries"])
def test_what_the_last_build_saw_may_be_lost_or_damaged(project, monkeypatch, change):
    build(project)
    with closing(sqlite3.connect(project / ".dateline" / "cache.sqlite")) as cache:
        assert cache.execute(f"{change} WHERE space = 'seen'").rowcount == 1
        cache.commit()
    changed_seed(project)
    assert len(opened_by(project, monkeypatch)) > 1


def test_other_settings_read_all_again(project, monkeypatch):
    build(project)
    (project / "dateline.yml").write_text("max_document_bytes: 2000000\n", "utf-8")
    assert len(opened_by(project, monkeypatch)) > 1


def test_an_article_whose_seed_is_gone_keeps_its_text(project):
    build(project)
    changed_seed(project)
    build(project)                               # its other articles are known now, and not opened
    gone = max((project / "seeds").glob("*.txt"))
    gone.unlink()
    report = build(project)
    assert any("its seed is gone" in problem.message for problem in report.problems)
    text = (project / "articles" / f"{gone.stem}.md").read_text("utf-8").split("\n---\n")[1].split()[:5]
    page = next(path for path in (project / "site" / "articles").rglob("*.html") if gone.stem.encode() in path.read_bytes())
    assert all(word.strip("*#") in page.read_text("utf-8") for word in text)
