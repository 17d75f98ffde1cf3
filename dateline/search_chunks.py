"""The words of neighbouring documents, in a form that is kept from one build to the next.

in:   the numbers of their words (search_tokens), or the bytes of a chunk that was kept
out:  Chunks; bytes

Documents come in search order. A chunk ends after an article whose id says so, about one in EVERY: an article that comes or
goes changes the chunk it is in and no other. A chunk numbers its own words, so that it needs nothing else to be understood:

    "dateline words 1\\n" · u32 documents · u32 bytes of names · u32 words of the row · u32 bytes of a number: 2 or 4
    names      the forms in it, one a line
    frequency  per form, u32: in how many of the documents it is
    row        per word: the place of its form, counted from 1; 0 after a title and after a text
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

EVERY = 256
MOST = 4 * EVERY
"""A chunk ends here, whatever the ids say."""
_HEAD = struct.Struct("<4I")
_MAGIC = b"dateline words 1\n"
_TABLE = 1 << 22
"""Cells that are looked at together when documents are counted."""

Numbers = NDArray[np.uint32]
Row = NDArray[np.uint16] | NDArray[np.uint32]


def ends(id: str, documents: int) -> bool:
    """Whether a chunk of so many documents ends after this one."""
    return documents >= MOST or zlib.crc32(id.encode("utf-8", "surrogatepass")) % EVERY == 0


def sizes(ids: Iterable[str]) -> Iterator[int]:
    """How many documents each chunk has."""
    size = 0
    for id in ids:
        size += 1
        if ends(id, size):
            yield size
            size = 0
    if size:
        yield size


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """The words of some documents."""

    forms: list[str]
    frequency: Numbers
    row: Row
    """Numbers of words, from 1; 0 after every title and every text."""

    @staticmethod
    def of(row: Numbers, names: Sequence[str]) -> Chunk:
        """What a row of numbers says, when `names` are those of all words. The end of a text is number 0."""
        present = np.zeros(len(names), np.bool_)
        present[row] = True
        present[0] = False
        used = np.flatnonzero(present)
        local = np.zeros(len(names), np.uint32)
        local[used] = np.arange(1, len(used) + 1)
        short = local.astype(np.uint16)[row] if len(used) < 1 << 16 else local[row]
        return Chunk([names[at] for at in used.tolist()], _frequency(short, len(used)), short)

    @property
    def documents(self) -> int:
        return int(np.count_nonzero(self.row == 0)) // 2

    def encoded(self) -> bytes:
        names = "\n".join(self.forms).encode("utf-8", "surrogatepass")
        head = _HEAD.pack(self.documents, len(names), len(self.row), self.row.itemsize)
        return b"".join((_MAGIC, head, names, self.frequency.tobytes(), self.row.tobytes()))

    @staticmethod
    def decoded(stored: bytes | None, documents: int) -> Chunk | None:
        """The chunk of so many documents, if that is what the bytes are."""
        start = len(_MAGIC) + _HEAD.size
        if stored is None or len(stored) < start or not stored.startswith(_MAGIC):
            return None
        count, size, words, width = _HEAD.unpack_from(stored, len(_MAGIC))
        forms = stored[start : start + size].decode("utf-8", "surrogatepass").split("\n") if size else []
        if count != documents or width not in (2, 4) or len(stored) != start + size + 4 * len(forms) + width * words:
            return None
        frequency = np.frombuffer(stored, np.uint32, len(forms), start + size)
        at = start + size + 4 * len(forms)
        row: Row = np.frombuffer(stored, np.uint16, words, at) if width == 2 else np.frombuffer(stored, np.uint32, words, at)
        chunk = Chunk(forms, frequency, row)
        return chunk if not len(row) or (chunk.documents == documents and int(row.max()) <= len(forms)) else None


def _frequency(row: Row, forms: int) -> Numbers:
    """In how many documents each form is: a table of documents and forms, some documents at a time."""
    found = np.zeros(forms + 1, np.int64)
    borders = np.append(0, np.flatnonzero(row == 0)[1::2] + 1)
    at_once = max(1, _TABLE // (forms + 1))
    for first in range(0, len(borders) - 1, at_once):
        some = borders[first : first + at_once + 1]
        table = np.zeros((len(some) - 1, forms + 1), np.bool_)
        places = np.repeat(np.arange(len(some) - 1) * (forms + 1), np.diff(some))
        table.ravel()[places + row[some[0] : some[-1]]] = True
        found += np.count_nonzero(table, axis=0)
    return found[1:].astype(np.uint32)
