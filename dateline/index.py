"""Corpus → what other programs read: data files, raw texts, search shards.

in:   the corpus, and its articles in the corpus's order, streamed
out:  Outputs
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from dateline import records
from dateline.knowledge import Knowledge
from dateline.model import Article, Card, Corpus, Output

COLUMNS = ("id", "title", "title_source", "date", "language", "machine_translated", "province", "provinces", "topic",
           "topics", "author", "publisher", "via", "source_url", "words", "removed_lines", "path")
"""The columns of data/articles.csv; the text is in articles.jsonl."""


def data_files(corpus: Corpus, articles: Iterable[Article], knowledge: Knowledge) -> Iterator[Output]:
    """data/articles.jsonl, data/articles.csv and raw/<page name>.txt."""
    lines: list[str] = []
    for card, article in zip(corpus.cards, articles, strict=True):
        lines.append(records.line(article, knowledge.gazetteer))
        if article.raw and article.withheld is None:
            yield Output(raw_path(card), article.raw.encode("utf-8", "replace"))
    yield Output("data/articles.jsonl", "".join(f"{line}\n" for line in lines).encode("utf-8", "replace"))
    yield Output("data/articles.csv", table(corpus.cards).encode("utf-8", "replace"))


def raw_path(card: Card) -> str:
    """Where the raw text of an article is: beside its page's name, so that two never meet."""
    return f"raw/{card.path.removeprefix('articles/').removesuffix('.html')}.txt"


def table(cards: Iterable[Card]) -> str:
    """The corpus as CSV, without texts; safe to open in a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for card in cards:
        row = {
            "provinces": " ".join(ref.slug for ref in card.provinces), "topics": " ".join(card.topics),
            "machine_translated": "true" if card.machine_translated else "false",
        }
        writer.writerow([safe_cell(row.get(name) or str(getattr(card, name, "") or "")) for name in COLUMNS])
    return text.getvalue()


def safe_cell(value: str) -> str:
    """A spreadsheet runs what begins with = + - @ (CWE-1236): such text gets a leading apostrophe; numbers do not.
    So do the full-width forms, which East Asian versions take for the plain ones.

    >>> safe_cell("=HYPERLINK(…)"), safe_cell("-5"), safe_cell("Sơn La")
    ("'=HYPERLINK(…)", '-5', 'Sơn La')
    """
    if not value or value[0] not in "=+-@\t\r\n＝＋－＠":
        return value
    return value if value[1:].replace(".", "", 1).isdigit() and value[0] in "+-" else f"'{value}"
