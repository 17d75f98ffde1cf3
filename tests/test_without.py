"""A site can do without some of its parts: their files are gone, and nothing leads to where they were."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks import corpus
from dateline import check, config, pipeline
from dateline.config import PARTS
from dateline.errors import ConfigError

pytestmark = pytest.mark.slow

FILES = {
    "search": r"(vi/)?(search|concordance)\.html|search/.*", "data": r"(vi/)?data\.html|data/.*", "raw": r"raw/.*",
    "tables": r"(?!data/).*\.csv", "feeds": r".+/.*\.(atom|rss|feed)\.(xml|json)", "timeline": r"(vi/)?timeline\.html",
    "matrix": r"(vi/)?matrix\.html", "statistics": r"(vi/)?statistics\.html", "review": r"(vi/)?review\.html",
    "about": r"(vi/)?about\.html", "former-provinces": r"(vi/)?provinces/former/.*",
    "province-topics": r"(vi/)?provinces/(?!former/)[a-z-]+/[a-z-]+\.(html|csv)", "authors": r"(vi/)?authors/.*",
    "people": r"(vi/)?people/.*", "organisations": r"(vi/)?organisations/.*", "documents": r"(vi/)?documents/.*",
}
"""Part → the files that are there for it alone."""


STORY = (
    "Nghệ An trao {0} suất học bổng cho học sinh vượt khó\n\n{0}/09/2024 08:30\n\n"
    "Sáng {0}/9/2024, Hội Khuyến học tỉnh Nghệ An trao học bổng theo Nghị quyết 29-NQ/TW cho học sinh huyện Kỳ Sơn.\n\n"
    "Ông Nguyễn Văn Hùng, Chủ tịch Hội Khuyến học tỉnh Nghệ An, cho biết quỹ khuyến học năm nay tăng {0} lần.\n\n"
    "Hội Khuyến học tỉnh Nghệ An vận động gia đình học tập, dòng họ học tập.\n\nThu Hà\n"
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("parts")
    corpus.write(6, folder / "seeds")
    for number in range(3):                      # a province and a topic get a page together from the third article on
        (folder / "seeds" / f"{number}.txt").write_text(STORY.format(number + 12), encoding="utf-8")
    return folder


def built(root: Path, *without: str) -> tuple[config.Config, set[str]]:
    chosen = config.load(root, without=without, site_url="https://example.org/")
    pipeline.build(chosen, jobs=1)
    site = chosen.output_dir
    return chosen, {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def whole(root: Path) -> set[str]:
    return built(root)[1]


def test_every_part_is_known(whole: set[str]) -> None:
    assert FILES.keys() == PARTS
    for part, pattern in FILES.items():
        assert any(re.fullmatch(pattern, path) for path in whole), f"the whole site has nothing of {part}"


GROUPS = (("search", "raw", "timeline"), ("data", "people", "feeds"), ("tables", "matrix", "former-provinces"),
          ("statistics", "authors", "province-topics"), ("review", "about", "organisations", "documents"), tuple(sorted(PARTS)))
"""What is left out together: one build for each part alone would take a minute."""


@pytest.mark.parametrize("without", GROUPS, ids=lambda parts: "+".join(parts)[:40])
def test_a_part_that_is_left_out_leaves_no_trace(root: Path, whole: set[str], without: tuple[str, ...]) -> None:
    chosen, left = built(root, *without)
    gone = {path for path in whole if any(re.fullmatch(FILES[part], path) for part in without)}
    assert whole - left == gone and left <= whole
    assert check.check(chosen, None) == ()
    for path in left:
        if path.endswith(".html"):
            text = (chosen.output_dir / path).read_text(encoding="utf-8")
            assert not re.search(r'(?:href|action)="(?:\.\./)*"', text), f"{path} has a link to nowhere"


def test_an_unknown_part_is_told_with_the_near_miss(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r'no part "serch"\n.*did you mean "search"'):
        config.load(tmp_path, without=("serch",))
