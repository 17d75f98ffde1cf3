"""The five seeds against what a careful reader says about them: every fact, and every line accounted for."""

from pathlib import Path

import pytest
import yaml

from dateline import config, knowledge, prepare, read

ROOT = Path(__file__).parent.parent
GOLD = {entry["id"]: entry for entry in yaml.safe_load((ROOT / "tests" / "gold_seeds.yml").read_text(encoding="utf-8"))}
SETTINGS = config.load(ROOT)
KNOWN = knowledge.load(SETTINGS)
ARTICLES = {raw.id: prepare.article(raw, KNOWN) for raw in read.read(SETTINGS)}

each_seed = pytest.mark.parametrize("seed", sorted(GOLD))


def value(claim):
    return claim.value if claim else None


def test_the_seeds_are_all_there():
    assert set(ARTICLES) == set(GOLD)


@each_seed
def test_language_and_machine_translation(seed):
    tags, gold = ARTICLES[seed].tags, GOLD[seed]
    assert (tags.language.value, tags.machine_translated.value) == (gold["language"], gold["machine_translated"])


@each_seed
def test_the_title_or_its_honest_absence(seed):
    metadata, gold = ARTICLES[seed].metadata, GOLD[seed]
    if gold["title"] is None:
        assert metadata.title_source in {"slug", "lead"} and metadata.title.value
    else:
        assert (metadata.title_source, metadata.title.value) == ("text", gold["title"])


@each_seed
def test_the_date_or_its_bracket(seed):
    date, gold = value(ARTICLES[seed].metadata.date), GOLD[seed]
    if gold["date"] is None:
        assert date in gold["date_acceptable"]
    else:
        assert date.startswith(gold["date"])


@each_seed
def test_author_publisher_and_source(seed):
    metadata, gold = ARTICLES[seed].metadata, GOLD[seed]
    assert value(metadata.author) in gold["author"]
    assert value(metadata.publisher) == gold["publisher"]
    assert value(metadata.source_url) == gold["source_url"]


@each_seed
def test_the_province_and_the_topic(seed):
    article, gold = ARTICLES[seed], GOLD[seed]
    assert value(article.tags.province) == gold["province"]
    topics = [tag.value for tag in article.tagged("topic")]
    assert topics[0] == gold["topic"] and not set(topics) & set(gold["must_not_topics"])


@each_seed
def test_every_line_is_what_a_reader_says_it_is(seed):
    article, gold = ARTICLES[seed], GOLD[seed]
    body = {block.line for block in article.body}
    captions = {block.line for block in article.blocks if block.kind == "caption"}
    cut = {removal.line for removal in article.removed if removal.whole}
    assert body == set(gold["body"])
    assert captions == set(gold["captions"])
    assert cut == set(gold["noise"])


@each_seed
def test_every_quote_stands_on_its_line(seed):
    article = ARTICLES[seed]
    lines = article.raw.split("\n")
    metadata, tags = article.metadata, article.tags
    claims = [metadata.title, metadata.date, metadata.author, metadata.publisher, metadata.source_url, tags.province,
              *(tag.claim for tag in tags.tags)]
    quotes = [evidence for claim in claims if claim for evidence in claim.evidence if evidence.line]
    assert quotes
    for evidence in quotes:
        assert evidence.quote in lines[evidence.line - 1], evidence
