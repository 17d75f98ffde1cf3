"""What is compared is comparable: the same articles, the same kinds of pages, the cost of every process."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from benchmarks import corpus, crowd, peers, sites
from benchmarks.measuring import Run, measure, middle
from dateline import check, config, pipeline

pytestmark = pytest.mark.slow

BURN = "import time\nend = time.process_time() + 0.4\nwhile time.process_time() < end: pass\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("bench") / "dateline"
    corpus.write(8, root / "seeds")
    pipeline.build(config.load(root), jobs=1)
    return root


def test_the_corpus_is_always_the_same_and_has_the_size_of_news() -> None:
    assert corpus.document(7) == corpus.document(7) != corpus.document(8)
    sizes = sorted(len(text.encode()) for _, text in corpus.documents(100))
    assert sizes[10] > 2500 and sizes[90] < 9000
    assert len({name for name, _ in corpus.documents(100)}) == 100


def test_the_corpus_streams() -> None:
    endless = corpus.documents(10**12)
    assert next(endless)[1] and next(endless)[1]


def test_minimal_templates_give_the_pages_of_the_comparison_and_no_others(project: Path) -> None:
    site = sites.minimal(project, project.parent / "minimal", 1)
    chosen = config.load(site.folder)
    pipeline.build(chosen, jobs=1)
    top = {path.relative_to(chosen.output_dir).parts[0] for path in chosen.output_dir.rglob("*") if path.is_file()}
    pages = {"articles", "provinces", "topics", "languages", "sources", "years", "index.html", "404.html"}
    assert top == pages | {"assets", "sitemap.xml", "robots.txt", "feed.xml", "rss.xml", "feed.json", "_headers", ".nojekyll",
                           ".dateline-site"}
    assert check.check(chosen, None) == ()
    for path in (chosen.output_dir / "articles").rglob("*.html"):
        article = path.read_text(encoding="utf-8")
        assert "<article><h1>" in article and len(article.encode()) < 12_000


@pytest.mark.parametrize("peer", sorted(peers.PEERS))
def test_peers_get_every_article_with_its_text_and_tags(project: Path, peer: str) -> None:
    site = peers.PEERS[peer](project, project.parent / peer, peer.lower())
    found = {path.stem: path.read_text(encoding="utf-8") for path in site.folder.glob(site.source)}
    rows = [json.loads(line) for line in (project / "site/data/articles.jsonl").read_text(encoding="utf-8").splitlines()]
    assert found.keys() == {row["id"] for row in rows}
    for row in rows:
        text = found[row["id"]]
        assert row["title"] in text and row["topics"][0]["id"] in text and (row["date"] or "1970")[:10] in text
        assert row["text"].split("\n")[0][:60] in text.replace("\\", "")
    before = min(site.folder.glob(site.source)).read_text(encoding="utf-8")
    site.touch()
    assert min(site.folder.glob(site.source)).read_text(encoding="utf-8").startswith(before)


def test_the_processor_time_of_children_counts_and_so_does_their_memory() -> None:
    alone = measure([sys.executable, "-c", BURN])
    large = f"x = b'x' * 120_000_000\n{BURN}"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {large!r}])"
    child = measure([sys.executable, "-c", code])
    assert alone.cpu >= 0.4 and child.cpu >= 0.4
    assert child.memory > alone.memory + 100


def test_a_program_that_fails_is_no_measurement() -> None:
    with pytest.raises(SystemExit, match="not today"):
        measure([sys.executable, "-c", "raise SystemExit('not today')"])


def test_ratios_are_those_to_hugo() -> None:
    assert middle([Run(3, 1, 9), Run(1, 5, 2), Run(2, 4, 4)]) == Run(2, 4, 4)
    found = {peers.RENDER: Run(2, 4, 100), peers.REBUILD: Run(2, 4, 100), "Dateline, nothing changed": Run(0.1, 0.1, 20)}
    found |= {f"Dateline, {name}": Run(1, 3, 50) for _, name, *_ in peers.BARS if name != "nothing changed"}
    found |= {f"Dateline, {peers.RAW}, 1 process": Run(2, 3, 50)}
    assert "| Dateline, nothing changed | 0.10 | 0.10 | 20 | 0.05 | 0.03 |" in list(peers.table(found))
    rows = list(peers.bars(found, 100_000))
    assert "| nothing changed, wall / Hugo's rebuild | 0.05 | 0.02 |" in rows
    assert "| raw seeds to site, wall of two workers / one | 0.50 | 0.6 |" in rows
    machine = list(peers.bars(found | {peers.APART: Run(4, 4, 9), peers.TOGETHER: Run(3, 5, 9)}, 100_000))
    assert machine[:-1] == rows and "| 0.75 | the machine's own |" in machine[-1]


def test_both_ways_of_measuring_the_machine_do_the_same_work() -> None:
    whole = crowd.half(0, 6)
    assert whole == crowd.half(0, 3) + crowd.half(3, 3) and whole.total() > 1000
    for case in peers.machine_cases():
        measure((*case.site.command, "4"), case.site.folder)         # which fails when the command does
