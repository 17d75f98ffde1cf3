"""Which texts are copies of each other, word for word or nearly.

in:   (id, text) of every document, in any order
out:  clusters of ids; the same for any order of the documents

Two texts are near copies when they share most runs of four words: estimated by MinHash over all pairs that agree on one
of 16 bands (a pair with 90% in common is missed once in ten thousand, one with 80% once in twenty), and a cluster is
what hangs together. Time and memory grow with the number of documents, not of pairs: about 600 bytes each. An excerpt
is no copy; a text of less than `SHORT` words has only exact copies.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from hashlib import blake2b
from operator import eq
from typing import TYPE_CHECKING

from rensa import RMinHash

from dateline.model import Card
from dateline.text import spaced

if TYPE_CHECKING:       # imported when the first text is signed: a build that changes nothing needs none of it
    from numpy import uint64
    from numpy.typing import NDArray

SHINGLE = 4
SHORT = 30
PERMUTATIONS = 128
BANDS = 16
ROWS = PERMUTATIONS // BANDS
ALIKE = 0.75
"""Estimated share of four-word runs in common that makes two texts copies."""
COMPARED = 8
"""A text is compared with so many others of its bucket; copies of one text all meet the first of them."""
_DIGEST = 16
_SEED = 42
_BASE, _MIXER = 0x9E3779B97F4A7C15, 0xFF51AFD7ED558CCD
"""Odd numbers of 64 bits without a pattern: that of the golden ratio, and the one MurmurHash3 ends with."""
_INVERSE = pow(_BASE, -1, 1 << 64)


def clusters(documents: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    """Groups of two or more ids whose texts are copies; ids and groups in order.

    >>> clusters([("b", "Hà Nội mở lớp đêm"), ("a", "Hà Nội  mở lớp đêm"), ("c", "Huế mở lớp đêm")])
    (('a', 'b'),)
    """
    return clusters_of({id: signature(text) for id, text in documents})


def clusters_of(signatures: Mapping[str, bytes]) -> tuple[tuple[str, ...], ...]:
    """The same from the texts' signatures."""
    ids = sorted(signatures)
    groups = _Groups(ids)
    for pair in _exact(ids, signatures):
        groups.join(*pair)
    for pair in _near(ids, signatures):
        groups.join(*pair)
    return groups.found()


def signature(text: str) -> bytes:
    """What a text is compared by: a digest of its words, and for a text that is not short its MinHash."""
    words = spaced(text.lower().replace("\n\n", " ")).encode("utf-8", "surrogatepass")
    digest = blake2b(words, digest_size=_DIGEST).digest()
    if words.count(b" ") < SHORT - 1:
        return digest
    runs = run_hashes(words)
    made = RMinHash.digest_matrix_from_flat_token_hashes(runs, [0, len(runs)], PERMUTATIONS, _SEED)
    return digest + array("I", made.to_rows()[0]).tobytes()


def run_hashes(words: bytes) -> NDArray[uint64]:
    """A number for each run of `SHINGLE` words, which are divided by single blanks: the same for the same run anywhere.

    Sums of bytes times powers of `_BASE`, modulo 2**64: that of a run is the difference of two sums from the beginning,
    divided by the power it begins with.
    """
    import numpy as np

    letters = np.frombuffer(b" %b " % words, np.uint8)
    count = max(1 << 16, 1 << len(letters).bit_length())
    sums = np.cumsum(letters * _powers(_BASE, count)[: len(letters)], dtype=np.uint64)
    blanks = np.flatnonzero(letters == ord(" "))
    at = sums[blanks]
    found: NDArray[uint64] = (at[SHINGLE:] - at[:-SHINGLE]) * _powers(_INVERSE, count)[blanks[:-SHINGLE]]
    found ^= found >> np.uint64(32)              # of a product only the high bits depend on all of its factors
    found *= np.uint64(_MIXER)
    return found ^ (found >> np.uint64(32))


@lru_cache(maxsize=2)
def _powers(base: int, count: int) -> NDArray[uint64]:
    """So many powers of a number, modulo 2**64."""
    import numpy as np

    return np.cumprod(np.full(count, base, np.uint64), dtype=np.uint64)


def similarity(one: str, other: str) -> float:
    """Which share of their four-word runs two texts have in common: why they are in one cluster.

    >>> similarity("Hà Nội mở thêm lớp học đêm", "Hà Nội mở thêm lớp học đêm")
    1.0
    """
    first, second = set(_shingles(one.lower().split())), set(_shingles(other.lower().split()))
    either = len(first | second)
    return len(first & second) / either if either else float(one.split() == other.split())


def best_first(cards: Iterable[Card]) -> tuple[str, ...]:
    """The ids of a cluster, the copy to show first: an original before what was republished, then the longest, then the
    oldest (an undated one last), then by id."""
    return tuple(card.id for card in sorted(cards, key=_rank))


def _rank(card: Card) -> tuple[bool, int, bool, str, str]:
    return card.via is not None, -card.words, card.date is None, card.date or "", card.id


def _shingles(words: list[str]) -> list[str]:
    return list(map(" ".join, zip(*(words[start:] for start in range(SHINGLE)), strict=False)))


_BAND = 4 * ROWS


def _exact(ids: list[str], signatures: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    first: dict[bytes, str] = {}
    for id in ids:
        other = first.setdefault(signatures[id][:_DIGEST], id)
        if other != id:
            yield other, id


def _near(ids: list[str], signatures: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Pairs that agree on a band and on enough of the rest; a band at a time, so that one is in memory."""
    long = [id for id in ids if len(signatures[id]) > _DIGEST]
    for start in range(_DIGEST, _DIGEST + 4 * PERMUTATIONS, _BAND):
        bands = [signatures[id][start : start + _BAND] for id in long]
        times = Counter(bands)
        buckets: dict[bytes, list[str]] = {}
        for id, band in zip(long, bands, strict=True):
            if times[band] < 2:                  # nearly all
                continue
            bucket = buckets.setdefault(band, [])
            for other in bucket:
                if estimate(signatures[other], signatures[id]) >= ALIKE:
                    yield other, id
                    break
            else:
                if len(bucket) < COMPARED:
                    bucket.append(id)


def estimate(one: bytes, other: bytes) -> float:
    """Similarity as two signatures tell it: within about 0.08 of the truth, 19 times in 20."""
    same: int = sum(map(eq, array("I", one[_DIGEST:]), array("I", other[_DIGEST:])))
    return same / PERMUTATIONS


class _Groups:
    """Ids that hang together (union–find); the smallest id of a group stands for it."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._above = {id: id for id in ids}

    def top(self, id: str) -> str:
        while self._above[id] != id:
            self._above[id] = self._above[self._above[id]]
            id = self._above[id]
        return id

    def join(self, one: str, other: str) -> None:
        first, second = sorted((self.top(one), self.top(other)))
        self._above[second] = first

    def found(self) -> tuple[tuple[str, ...], ...]:
        members: dict[str, list[str]] = {}
        for id in sorted(self._above):
            members.setdefault(self.top(id), []).append(id)
        return tuple(tuple(group) for group in members.values() if len(group) > 1)
