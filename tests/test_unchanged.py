"""A build of which nothing has changed is told at once; whatever changes, and however slyly, is built."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from dateline import articles, config, pipeline, read

pytestmark = pytest.mark.slow

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


@pytest.mark.parametrize("change", [
    lambda root: (root / "seeds" / "d.txt").write_text(STORY, encoding="utf-8"),
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
    lambda root: shutil.rmtree(root / ".dateline" / "published"),
    lambda root: (root / ".dateline" / "last").write_bytes(b"\xff\n{}"),
])  # fmt: skip
def test_any_change_is_built(project, change):
    assert told_at_once(build(project))
    change(project)
    assert not told_at_once(build(project))


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
