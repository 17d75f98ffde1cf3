"""With `precompress` each text file has its .gz beside it: the same bytes always, and never an old one."""

from __future__ import annotations

import gzip
import shutil
import sys
import types
from pathlib import Path

import pytest
from click.testing import CliRunner

from dateline import check, cli, config, deploy_place, precompress
from dateline.model import Output, Standing, Stream
from tests import projects
from tests.conftest import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "one"
    (root / "seeds").mkdir(parents=True)
    for path in sorted((ROOT / "seeds").iterdir())[:2]:
        shutil.copy(path, root / "seeds")
    (root / "dateline.yml").write_text("precompress: true\nsite_url: https://example.org/\ninterface: [en]\n", "utf-8")
    return root


def pairs(root: Path) -> dict[str, bytes]:
    """Text file → what its .gz holds."""
    site = root / "site"
    return {path.relative_to(site).as_posix().removesuffix(".gz"): gzip.decompress(path.read_bytes()) for path in site.rglob("*.gz")}


def test_every_text_of_some_size_has_its_twin(project):
    projects.build(project)
    site, found = project / "site", pairs(project)
    texts = [path for path in site.rglob("*") if path.suffix in precompress.TEXTS and path.stat().st_size >= precompress.SMALL]
    assert {path.relative_to(site).as_posix() for path in texts} == found.keys() and "data/articles.jsonl" in found
    assert all((site / path).read_bytes() == content for path, content in found.items())
    assert check.check(config.load(project)) == ()


def test_the_bytes_know_no_time_and_no_name():
    packed = precompress.packed("Hà Nội ".encode() * 99)
    assert packed[3:10] == b"\0\0\0\0\0\x02\xff" and packed == precompress.packed("Hà Nội ".encode() * 99)


def test_after_edits_there_is_what_a_clean_build_makes(project, tmp_path):
    projects.build(project)
    seed = next((project / "seeds").iterdir())
    seed.write_text(seed.read_text("utf-8") + "\n\nMột đoạn mới về Sơn La.\n", "utf-8")
    assert next(project.glob("site/articles/**/*.html.gz"))
    next(project.glob("site/articles/**/*.html.gz")).unlink()
    (project / "site/index.html.gz").write_bytes(b"spoilt")
    projects.copy(project, tmp_path / "other")
    projects.build(project)
    projects.build(tmp_path / "other")
    assert projects.told(projects.result(project), projects.result(tmp_path / "other")) == []


def test_what_stands_is_not_compressed_again(project, monkeypatch):
    projects.build(project)
    (project / "articles" / "extra.md").write_text("---\ntitle: Bài tay\n---\n\nTin từ Huế.\n", "utf-8")
    asked: list[int] = []
    packed = precompress.packed
    monkeypatch.setattr(precompress, "packed", lambda content, suffix=".gz": asked.append(1) or packed(content, suffix))
    report = projects.build(project)
    assert report.unchanged > len(asked) > 0


def test_turned_off_they_go(project):
    projects.build(project)
    (project / "dateline.yml").write_text("site_url: https://example.org/\ninterface: [en]\n", "utf-8")
    projects.build(project)
    assert not pairs(project)


def test_the_command_line_asks_for_it_too(tmp_path):
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/a.txt").write_text("Một tin\n\nTin từ Huế.\n", "utf-8")
    done = CliRunner().invoke(cli.main, ["build", "--root", str(tmp_path), "--precompress", "--jobs", "1", "-q"])
    assert done.exit_code == 0 and pairs(tmp_path)


def test_brotli_is_used_where_it_is(monkeypatch):
    module = types.ModuleType("brotli")
    module.__spec__ = types.SimpleNamespace(name="brotli")  # type: ignore[assignment]
    module.compress = lambda content: b"br" + content[:3]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "brotli", module)
    made = list(precompress.beside([Output("a.html", b"x" * 999)], Path("/nonexistent"), ()))
    assert [output.path for output in made] == ["a.html", "a.html.gz", "a.html.br"]


def test_a_large_file_is_compressed_while_it_is_written():
    pieces = [b"tin " * 20_000] * 30
    made = precompress.beside([Stream("data/articles.jsonl", iter(pieces)), Output("a.woff2", b"x")], Path("/nonexistent"), ())
    plain = b"".join(next(made))  # type: ignore[arg-type]  # a Stream
    packed = b"".join(next(made))  # type: ignore[arg-type]
    assert gzip.decompress(packed) == plain == b"".join(pieces)
    assert [output.path for output in made] == ["a.woff2"]


def test_a_page_that_stands_without_its_twin_gets_one(tmp_path):
    (tmp_path / "a.html").write_bytes(b"x" * 999)
    made = list(precompress.beside([Standing("a.html")], tmp_path, {"a.html"}))
    assert isinstance(made[1], Output) and gzip.decompress(made[1].content) == b"x" * 999
    assert list(precompress.beside([Standing("a.html")], tmp_path, {"a.html.gz"})) == [Standing("a.html"), Standing("a.html.gz")]


def test_a_twin_that_is_another_file_is_told(project):
    projects.build(project)
    (project / "site/index.html.gz").write_bytes(precompress.packed(b"an old page"))
    (problem,) = check.check(config.load(project))
    assert "index.html.gz" in str(problem) and "is not index.html, compressed" in str(problem)


def test_a_page_s_twin_travels_with_the_page():
    order = deploy_place.in_order(["index.html", "index.html.gz", "a.html.gz", "style.css", "a.html", "z.js.gz"])
    assert order == ["style.css", "z.js.gz", "a.html", "a.html.gz", "index.html", "index.html.gz"]
