"""What is kept of the index from one build to the next, in the build's cache.

in:   the cache; what stands in the site
out:  the words of documents that have not changed; State, what the last build knew; nothing when anything of it is lost,
      damaged or of another version

One row of the cache has the State: which documents there were, the words and in how many documents each was, neighbours
that may belong together, and of every file of which shard the digest. The words of documents are in rows of their own,
each named by what its documents were made from (search_chunks).
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dateline import lasting
from dateline.search_chunks import Chunk
from dateline.search_document import Kept, SearchDocument
from dateline.search_index import Index, Memo, Places

SPACE = "search"
VERSION = 1
Files = dict[str, str]
"""Path → digest."""


def no_pairs() -> NDArray[np.uint32]:
    return np.zeros((3, 0), np.uint32)


@dataclass(slots=True)
class State:
    """What one build knew of its index."""

    roomy: int = 0
    stamps: list[str] = field(default_factory=list)
    chunks: list[tuple[str, int]] = field(default_factory=list)
    """Of every chunk of words the key in the cache and how many documents it has."""
    records: list[str] = field(default_factory=list)
    """Digest of each file of records."""
    words: dict[str, tuple[str, Files]] = field(default_factory=dict)
    """Border → digest of the words in the shard, and its files."""
    neighbours: list[Files] = field(default_factory=list)
    forms: Memo = field(default_factory=dict)
    """Every word, in order: its key, and the two syllables it may be."""
    frequency: Places = field(default_factory=lambda: np.zeros(0, np.int64))
    """In how many documents each is."""
    pairs: NDArray[np.uint32] = field(default_factory=no_pairs)
    """Neighbours of more than two documents: places of the first and the second in `forms`, documents."""

    def encoded(self) -> bytes:
        forms = "\n".join("\t".join((form, key, *(f"{one} {two}" for one, two in ways))) for form, (key, ways) in self.forms.items())
        names = forms.encode("utf-8", "surrogatepass")
        head = [VERSION, len(names), len(self.forms), self.roomy, self.stamps, self.chunks, self.records, self.words, self.neighbours]
        return b"".join((json.dumps(head).encode(), b"\n", names, self.frequency.astype("<u4").tobytes(), self.pairs.tobytes()))

    @staticmethod
    def decoded(stored: bytes | None) -> State:
        """An empty one for bytes that are not what this version writes."""
        try:
            first, _, rest = (stored or b"").partition(b"\n")
            version, size, count, roomy, stamps, chunks, records, words, neighbours = json.loads(first)
            if version != VERSION:
                return State()
            lines = [line.split("\t") for line in rest[:size].decode("utf-8", "surrogatepass").split("\n")] if size else []
            forms: Memo = {form: (key, tuple(map(_two, ways))) for form, key, *ways in lines}
            numbers = np.frombuffer(rest, "<u4", offset=size)
            pairs = numbers[count:].reshape(3, -1)
            if len(forms) != count or len(numbers) < count or (pairs.size and int(pairs[:2].max()) >= count):
                return State()
            return State(roomy, stamps, [(key, many) for key, many in chunks], records,
                         {border: (named, files) for border, (named, files) in words.items()}, neighbours,
                         forms, numbers[:count].astype(np.int64), pairs)
        except (ValueError, TypeError, AttributeError):
            return State()


def _two(way: str) -> tuple[str, str]:
    first, _, second = way.partition(" ")
    return first, second


class Memory:
    """One build's access to what the last one left, and what it leaves itself. Without `kept`, nothing and nothing."""

    def __init__(self, kept: Kept | None, roomy: int) -> None:
        self._kept = kept
        with lasting.values():
            self.old = State.decoded(kept.cache.get(SPACE, kept.salt)) if kept else State()
        if self.old.roomy != roomy:
            self.old = State(forms=self.old.forms)
        self.now = State(roomy, list(kept.stamps) if kept else [])
        self._places = {stamp: number for number, stamp in enumerate(self.old.stamps)}
        self._starts = list(accumulate((many for _, many in self.old.chunks), initial=0))
        self._opened: tuple[str, Chunk | None] = ("", None)

    @property
    def keeps(self) -> bool:
        return self._kept is not None

    @property
    def text(self) -> Callable[[Any], str]:
        """A document's text, from its body."""
        return self._kept.text if self._kept else str

    def bodies(self, documents: Sequence[SearchDocument], start: int, wanted: Sequence[int]) -> Iterable[Any]:
        """The bodies of the wanted numbers among these documents, which begin with number `start`."""
        return self._kept.bodies(wanted) if self._kept else [documents[number - start].text for number in wanted]

    # -- words of documents ---------------------------------------------------------------------------------------------
    def chunk(self, start: int, documents: int) -> Chunk | None:
        """The words of these documents, when none of them has changed."""
        if self._kept is None:
            return None
        key = self._key(self._kept, start, documents)
        self.now.chunks.append((key, documents))
        return Chunk.decoded(self._kept.cache.get(SPACE, key), documents)

    def known(self, number: int) -> tuple[Chunk, int] | None:
        """The words of a document that was in the last build, too, wherever: a chunk and the place in it."""
        place = self._places.get(self.now.stamps[number]) if self.keeps else None
        return None if place is None else self.before(place)

    def before(self, number: int) -> tuple[Chunk, int] | None:
        """The words of the last build's document of this number."""
        at = bisect_right(self._starts, number) - 1
        key, documents = self.old.chunks[at]
        if self._opened[0] != key and self._kept:
            self._opened = key, Chunk.decoded(self._kept.cache.get(SPACE, key), documents)
        chunk = self._opened[1]
        return None if chunk is None else (chunk, number - self._starts[at])

    def keep(self, start: int, documents: int, chunk: bytes) -> None:
        """Keep the words of these documents for the next build."""
        if self._kept:
            self._kept.cache.put(SPACE, [(self._key(self._kept, start, documents), chunk)])

    @staticmethod
    def _key(kept: Kept, start: int, documents: int) -> str:
        text = "\n".join((kept.salt, *kept.stamps[start : start + documents]))
        return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    # -- files ----------------------------------------------------------------------------------------------------------
    def stand(self, files: Mapping[str, str]) -> bool:
        """Whether files of the last build stand in the site as it made them."""
        return self._kept is not None and all(self._kept.standing.get(path) == digest for path, digest in files.items())

    def record(self, number: int, path: str, start: int, documents: int) -> str | None:
        """The digest of a file of records, when it stands and its documents have not changed."""
        end = start + documents
        old, now = self.old, self.now
        if not self.keeps or number >= len(old.records) or old.stamps[start:end] != now.stamps[start:end]:
            return None
        return old.records[number] if self.stand({path: old.records[number]}) else None

    def changed(self) -> list[int]:
        """The numbers under which there is another document now, or one more, or none."""
        old, now = self.old.stamps, self.now.stamps
        return [number for number in range(max(len(old), len(now))) if old[number : number + 1] != now[number : number + 1]]

    def remember(self, index: Index, pairs: NDArray[np.int64]) -> None:
        """Keep what this build knows: `pairs` are neighbours as numbers of words, and their documents."""
        if self._kept is None:
            return
        places = np.zeros(len(index.frequency), np.int64)
        places[index.word_numbers] = np.arange(len(index.word_numbers))
        self.now.forms = index.vocabulary.memo(index.word_numbers.tolist())
        self.now.frequency = index.frequency[index.word_numbers]
        self.now.pairs = np.stack((places[pairs[0]], places[pairs[1]], pairs[2])).astype(np.uint32)
        self._kept.cache.put(SPACE, [(self._kept.salt, self.now.encoded())])
