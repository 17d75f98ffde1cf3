"""What workers make of data files and the search index is what one process makes, in every kind of site, and again after edits."""

from __future__ import annotations

import random
from contextlib import nullcontext
from pathlib import Path

import pytest

from benchmarks import corpus
from dateline import config, pipeline, search_files, workers
from tests import projects
from tests.test_workers import Late, Remote

pytestmark = pytest.mark.usefixtures("knowledge_once")


@pytest.fixture(autouse=True)
def _worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if forty articles were many."""
    monkeypatch.setattr(search_files, "FEW", 1)
    monkeypatch.setattr(workers, "BATCH", 5)


def build(root: Path, remote: Remote | None) -> dict[str, bytes]:
    pipeline.build(config.load(root), crew=lambda _: nullcontext(remote))
    return projects.result(root)


SETTINGS = {
    "pages of their own": "",
    "shared pages": "article_pages: digest\n",
    "personal data hidden": "mask_personal: true\n",
    "no raw texts": "without: [raw]\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("remote", [Remote(), Late()], ids=["at once", "late"])
@pytest.mark.parametrize("kind", SETTINGS)
def test_workers_make_what_one_process_makes(tmp_path: Path, kind: str, remote: Remote) -> None:
    chance, roots = random.Random(kind), (tmp_path / "here", tmp_path / "spread")
    for root in roots:
        corpus.write(40, root / "seeds")
        (root / "dateline.yml").write_text(f"site_url: https://example.org/\ninterface: [en]\n{SETTINGS[kind]}", encoding="utf-8")
    sent = len(remote.sent)
    assert projects.told(build(roots[0], None), build(roots[1], remote)) == []
    again = chance.getstate()
    for root in roots:
        chance.setstate(again)
        seeds = sorted(path for path in (root / "seeds").rglob("*") if path.is_file())
        for path in chance.sample(seeds, 7):
            path.write_text(path.read_text("utf-8") + "\n\nGọi cô Lan ở trường, số 0912 345 678.\n", encoding="utf-8")
        seeds[3].unlink()
    assert projects.told(build(roots[0], None), build(roots[1], remote)) == []
    assert len(remote.sent) > sent + 20
