"""All taggers on one document."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from dateline import gazetteer, names, tag, taxonomy
from dateline.model import Block, Claim, CleanText, Metadata, RawDocument, Tags

ROOT = Path(__file__).parent.parent
DATA = [ROOT / "data"]


class NoOutlets:
    def by_host(self, host: str) -> None:
        return None


@dataclass(frozen=True)
class Known:
    gazetteer: gazetteer.Gazetteer
    taxonomy: taxonomy.Taxonomy
    names: names.Names
    outlets: NoOutlets


KNOWN = Known(gazetteer.load(DATA)[0], taxonomy.load(DATA)[0], names.load(DATA)[0], NoOutlets())
NOTHING = Metadata(None, "none", None, None, None, None, None)


def tagged(text: str, metadata: Metadata = NOTHING, kinds: str = "") -> Tags:
    lines = text.split("\n")
    kind = dict(enumerate(kinds.split(), 1))
    blocks = tuple(Block(kind.get(row, "paragraph"), line, row) for row, line in enumerate(lines, 1) if line)  # type: ignore[arg-type]
    return tag.tag(RawDocument("x", text, "", "x.txt"), CleanText(blocks, ()), metadata, KNOWN)


TEXT = (
    "Nghệ An trao 300 suất học bổng\n"
    "Sáng nay, Hội Khuyến học tỉnh Nghệ An tuyên dương các gia đình học tập và dòng họ học tập.\n"
    "Ông Lê Văn Hòa, Chủ tịch Hội Khuyến học tỉnh Nghệ An, nhắc đến Quyết định 1373/QĐ-TTg."
)


def test_a_document_gets_its_language_place_topic_and_names() -> None:
    tags = tagged(TEXT, kinds="title")
    assert tags.language.value == "vi"
    assert tags.province is not None and tags.province.value == "nghe-an"
    filed = {(one.facet, one.value, one.role) for one in tags.tags}
    assert ("topic", "edu-lifelong-learning", "primary") in filed
    assert ("person", "Lê Văn Hòa", "Chủ tịch Hội Khuyến học tỉnh Nghệ An") in filed
    assert {("organisation", "Hội Khuyến học tỉnh Nghệ An", ""), ("document", "1373/QĐ-TTg", "")} <= filed


def test_one_language_per_block_and_facets_in_order() -> None:
    tags = tagged(TEXT, kinds="title")
    assert len(tags.block_languages) == 3
    facets = [one.facet for one in tags.tags]
    assert facets == sorted(facets, key=["province", "topic", "person", "organisation", "document", "campaign"].index)


def test_a_province_is_no_person() -> None:
    people = [
        one.value
        for one in tagged("Ông Cao Bằng, bà Sơn La và đồng chí Lê Văn Hòa cùng dự.").tags
        if one.facet == "person"
    ]
    assert people == ["Lê Văn Hòa"]


@pytest.mark.parametrize(
    ("source", "counts"), [("record", True), ("slug", True), ("person", True), ("lead", False), ("none", False)]
)
def test_a_title_beside_the_text_counts_unless_it_was_made_from_the_lead(source: str, counts: bool) -> None:
    title = Claim("Thí sinh bước vào kỳ thi tuyển sinh lớp 10", 0.9)
    metadata = Metadata(title, source, None, None, None, None, None)  # type: ignore[arg-type]
    found = [one.value for one in tagged("Buổi sáng trời mát.", metadata).tags if one.facet == "topic"]
    assert (found[:1] == ["edu-exams-admissions"]) is counts


def test_an_empty_document_has_no_tags() -> None:
    tags = tagged("")
    assert (tags.tags, tags.province, tags.language.value) == ((), None, "und")


# -- the five seeds, cleaned by hand --------------------------------------------------------------------------------
GOLD = {entry["id"]: entry for entry in yaml.safe_load((ROOT / "tests" / "gold_seeds.yml").read_text("utf-8"))}


def seed(name: str) -> Tags:
    path = next((ROOT / "seeds").glob(f"{name.split('_')[0]}_*.txt"))
    lines = path.read_text("utf-8").split("\n")
    gold = GOLD[name]
    title = [Block("title", line, row) for row, line in enumerate(lines, 1) if line and line == gold["title"]]
    body = [Block("paragraph", lines[row - 1], row) for row in gold["body"]]
    text = CleanText((*title, *body), ())
    return tag.tag(RawDocument(name, "\n".join(lines), "", path.name), text, NOTHING, KNOWN)


@pytest.mark.parametrize("name", sorted(GOLD))
def test_a_seed_is_filed_under_its_topic(name: str) -> None:
    topics = [one.value for one in seed(name).tags if one.facet == "topic"]
    assert topics[0] == GOLD[name]["topic"]
    assert not set(topics) & set(GOLD[name]["must_not_topics"])


@pytest.mark.parametrize("name", sorted(GOLD))
def test_every_quote_of_a_seed_stands_on_its_line(name: str) -> None:
    path = next((ROOT / "seeds").glob(f"{name.split('_')[0]}_*.txt"))
    lines = path.read_text("utf-8").split("\n")
    for one in seed(name).tags:
        for evidence in one.claim.evidence:
            assert evidence.line == 0 or evidence.quote in lines[evidence.line - 1]
