"""What is fuzzed, each a function of bytes that raises only when something is wrong with us."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from dateline import articles, bodies, config, formats, knowledge, mask, prepare, read, search_terms, yamlfile
from dateline.model import Article, Problem
from dateline.text import nfc

HERE = Path(tempfile.gettempdir())
SETTINGS = config.Config(HERE / "no-such-project", max_document_bytes=200_000)


@cache
def known() -> knowledge.Knowledge:
    return knowledge.load(SETTINGS)


def reader(data: bytes) -> None:
    """Any bytes under any name: documents with usable text, or problems that say something."""
    name = NAMES[data[0] % len(NAMES) if data else 0]
    source = formats.Source("w", "o", name, io.BytesIO(data[1:]), SETTINGS.max_document_bytes, formats.field_names(()))
    ids = read.Ids()
    for found in read.documents(source):
        if isinstance(found, Problem):
            assert found.message
            continue
        for one in ids.document(found, "w"):
            if not isinstance(one, Problem):
                one.text.encode("utf-8")
                assert "\0" not in one.text and "\r" not in one.text and one.text == nfc(one.text)
                assert one.id and "/" not in one.id and len(one.id.encode()) <= 255


NAMES = ("a.txt", "a.jsonl", "a.csv", "a.zip", "a.html", "a.md", "a.tar", "a.json", "a.gz")


def document(data: bytes) -> None:
    """Cleaner, extractors, taggers: no line is lost, every evidence is on its line, the file comes back as it was."""
    raw = read.read_text(data.decode("utf-8", "replace"), "x", "https://nhandan.vn/bai-1.html" if data[:1] > b"\x80" else None)
    made = prepare.article(raw, known())
    lines = raw.lines
    there = {line for block in made.blocks for line in range(block.line, block.line + 1 + len(block.breaks))}
    there |= {removal.line for removal in made.removed}
    missing = [number for number, line in enumerate(lines, 1) if line.strip() and number not in there]
    assert not missing, missing
    for tag in made.tags.tags:
        for evidence in tag.claim.evidence:
            assert evidence.line == 0 or evidence.quote in lines[evidence.line - 1], evidence
    written = articles.write(made)
    record, problems = articles.parse(written, "articles/x.md", "x")
    assert record is not None and not problems and not record.edited


def front_matter(data: bytes) -> None:
    """A file that a person mangled: a record or a complaint, and never more than the fields allow."""
    text = nfc(data.decode("utf-8", "replace"))
    record, problems = articles.parse(f"---\n{text}", "articles/x.md", "x")
    assert record is not None or problems
    if record is not None and record.fields.present:
        prepared = prepare.from_record(record, known())
        articles.merge(prepared, record, known())
        html = bodies.written(record.body)
        assert not _ACTIVE.search(html), html


_ACTIVE = re.compile(r"<script|<[a-z]+[^>]*\son[a-z]+=|<[^>]+(?:href|src)=.?\s*(?:javascript|data|vbscript):", re.I)


def yaml(data: bytes) -> None:
    yamlfile.parse(data.decode("utf-8", "replace"), yamlfile.Complaints("x")).plain()


def search_key(data: bytes) -> None:
    """Every word of any text has a form, a form is its own form, and the marks on a word do not change its key."""
    rules = search_rules()
    for token in search_terms.tokens(nfc(data.decode("utf-8", "replace"))):
        form = rules.form(token)
        key = rules.key(form)
        assert form and rules.form(form) == form, (token, form)
        assert rules.key(rules.fold(form)) == key, (token, key)
        rules.splits(key)


@cache
def search_rules() -> search_terms.Rules:
    return search_terms.load(SETTINGS.layers("data"))


def personal(data: bytes) -> None:
    """Nothing that was found stays in any word of the article, lines keep their numbers, and once is enough."""
    text = nfc(data.decode("utf-8", "replace"))
    raw = read.read_text(text, "x")
    made = prepare.article(raw, known())
    shown, counts = rules().article(made)
    found = {text[start:end] for text in mask.texts(made) for start, end, _ in rules().found(text)}
    left = [word for word in found for text in (*mask.texts(shown), *quotes(shown)) if word in text]
    assert not left and bool(found) == bool(counts), left
    assert shown.raw.count("\n") == made.raw.count("\n")
    assert [block.line for block in shown.blocks] == [block.line for block in made.blocks]
    assert rules().article(shown)[1] == (), shown
    for block in shown.blocks:
        assert list(block.breaks) == sorted(block.breaks) and all(0 < place <= len(block.text) for place in block.breaks), block


def quotes(article: Article) -> list[str]:
    return [evidence.quote for tag in article.tags.tags for evidence in tag.claim.evidence]


@cache
def rules() -> mask.Mask:
    return mask.load(SETTINGS.layers("data"))[0]


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "reader": reader, "document": document, "front-matter": front_matter, "yaml": yaml, "search-key": search_key,
    "personal": personal,
}
