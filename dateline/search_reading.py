"""Neighbouring documents → the numbers of their words, and their records: what can be made in any process.

in:   Portion: some documents, each with what its text is made from
out:  Found: the words as the bytes of a chunk (search_chunks), files of records, and records whose file has others', too

A worker knows only its portions. It numbers words as it meets them; a chunk numbers its own, so nobody sees these numbers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from dateline.model import Output
from dateline.search_chunks import Chunk
from dateline.search_document import SearchDocument
from dateline.search_index import Vocabulary
from dateline.search_shards import numbered, script
from dateline.search_terms import Rules
from dateline.search_tokens import Tokens
from dateline.stopwatch import OFF, Stopwatch
from dateline.text import nfc

MANY = 1 << 16
"""Words that a process remembers from one portion to the next."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A document that is read."""

    number: int
    document: SearchDocument
    body: Any
    """What its text is made from."""
    words: bool
    """Whether its words are asked for."""
    record: bool


Portion = list[Asked]
"""Documents in the order of their numbers."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was asked for of a portion."""

    words: bytes
    """A chunk, of those documents whose words were asked for."""
    records: list[tuple[int, Output | list[bytes]]]
    """By the number of its file: the file, or, of one that is not whole, the records in it."""


class _Seen:
    """The words that have been met, and their numbers."""

    def __init__(self, rules: Rules) -> None:
        self.vocabulary = Vocabulary(rules)
        self._tokens = Tokens(self.vocabulary.number)

    def chunk(self, texts: list[tuple[str, str]]) -> Chunk:
        for title, text in texts:
            self._tokens.add(title)
            self._tokens.add(text)
        return Chunk.of(self._tokens.take(), self.vocabulary.names)


@dataclass(slots=True)
class Reader:
    """What reading needs. Travels without the words it has seen."""

    rules: Rules
    text: Callable[[Any], str]
    """A document's text, from its body."""
    per_record: int
    """Documents in one file of records."""
    _seen: list[_Seen] = field(default_factory=list, compare=False)
    """One for each thread that has read."""

    def __reduce__(self) -> tuple[type[Reader], tuple[Rules, Callable[[Any], str], int]]:
        return Reader, (self.rules, self.text, self.per_record)

    def words(self, texts: list[tuple[str, str]]) -> bytes:
        """Titles and texts as a chunk."""
        try:
            seen = self._seen.pop()
        except IndexError:
            seen = _Seen(self.rules)
        made = seen.chunk(texts)
        if len(seen.vocabulary.names) < MANY:
            self._seen.append(seen)
        return made.encoded()

    def records(self, portion: Portion, texts: list[tuple[str, str]]) -> Iterator[tuple[int, Output | list[bytes]]]:
        rows = [(asked, *words) for asked, words in zip(portion, texts, strict=True) if asked.record]
        for number, several in groupby(rows, lambda row: row[0].number // self.per_record):
            made = [_json(asked.document, title, text) for asked, title, text in several]
            yield number, records_file(number, made) if len(made) == self.per_record else made


def read(portion: Portion, reader: Reader, watch: Stopwatch = OFF) -> Found:
    """The work of one call in a worker."""
    texts = [(nfc(asked.document.title), nfc(reader.text(asked.body))) for asked in portion]
    found = Found(
        reader.words([words for asked, words in zip(portion, texts, strict=True) if asked.words]),
        list(reader.records(portion, texts)),
    )
    watch.lap("search index")
    return found


def records_file(number: int, records: list[bytes]) -> Output:
    """The file of a group of records."""
    return script(numbered("d", number), b"[%s]" % b",".join(records))


def _json(document: SearchDocument, title: str, text: str) -> bytes:
    record = [
        document.url, title, document.date or "", document.language, document.source or "",
        document.provinces34, document.provinces63, document.topics, int(document.machine_translated),
        document.title_source, document.id, text,
    ]  # fmt: skip
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
