"""Terms and their postings → files that a page loads with `<script src>`.

A file is one call, `_S("<name>", "<base64 of raw deflate>")`; `<name>` is its path below search/ without ".js". What is
inside a file of terms, all its parts one after the other (so that like stands beside like and deflate has it easy):

    u32 count of terms · u32 bytes of names · names, one a line, sorted
    heads      per term: documents << 2 | own file << 1 | cohesive       three bytes, as planes
    gaps       per posting: distance to the document before              three bytes, as planes
    tf         per posting: occurrences - 1, at most 255
    where      per posting: 128 when in the title, plus the class of the document's length (0 to 7)

A name is the written form ("giáo dục"); where the key cannot be worked out from it, "form=key" ("hanoi=ha noi").
The postings of a very common term stand in a file of its own; here is only its head.
"""

from __future__ import annotations

import sys
import zlib
from array import array
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import sub

from dateline.model import Output

HEAVY = 800
"""A term of more documents gets its own file, so that its neighbours in the shard stay cheap."""
FOLDERS = 64
"""Files named by a hash are spread over so many folders: no folder gets 1,000 files."""


@dataclass(frozen=True, slots=True)
class Term:
    """A written form and where it occurs: each posting is document << 16 | title << 15 | length class << 12 | tf - 1."""

    name: str
    postings: array[int]
    cohesive: bool = False

    @property
    def heavy(self) -> bool:
        return len(self.postings) > HEAVY


def crc(text: str) -> int:
    """The hash that names files: the same in every run and in the browser."""
    return zlib.crc32(text.encode())


def hashed(kind: str, text: str) -> str:
    number = crc(text)
    return f"{kind}/{number % FOLDERS}/{number}"


def numbered(kind: str, number: int) -> str:
    return f"{kind}/{number // 1000}/{number}"


def script(name: str, content: bytes, level: int = 6) -> Output:
    """One file of the index, as a classic script."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    packed = packer.compress(content) + packer.flush()
    return Output(f"search/{name}.js", b'_S("%s","%s")\n' % (name.encode(), b64encode(packed)))


def planes(numbers: Sequence[int], width: int = 3) -> bytes:
    """Numbers as bytes, all lowest bytes first, then all second ones: high planes are nearly all zero."""
    flat = array("I", numbers)
    if sys.byteorder == "big":
        flat.byteswap()
    raw = flat.tobytes()
    return b"".join(raw[place::4] for place in range(width))


def pack(terms: Sequence[Term], *, own_files: bool) -> bytes:
    """Lay a shard out as the module says. `own_files`: postings of heavy terms are left to their own files."""
    names = "\n".join(term.name for term in terms).encode()
    apart = [own_files and term.heavy for term in terms]
    heads = [
        len(term.postings) << 2 | alone << 1 | term.cohesive for term, alone in zip(terms, apart, strict=True)
    ]
    flat = array("Q")
    starts = []
    for term, alone in zip(terms, apart, strict=True):
        if not alone:
            starts.append(len(flat))
            flat.extend(term.postings)
    documents = [posting >> 16 for posting in flat]
    gaps = documents[:1] + list(map(sub, documents[1:], documents))
    for start in starts:
        gaps[start] = documents[start]
    low = array("H", [posting & 0xFFFF for posting in flat])
    if sys.byteorder == "big":
        low.byteswap()
    raw = low.tobytes()
    sizes = len(terms).to_bytes(4, "little") + len(names).to_bytes(4, "little")
    return b"".join((sizes, names, planes(heads), planes(gaps), raw[0::2], raw[1::2]))


def shard(name: str, terms: Sequence[Term]) -> Output:
    return script(name, pack(terms, own_files=True))


def heavy_files(kind: str, terms: Iterable[Term]) -> list[Output]:
    """The files of the terms that are too common to stand in a shard; two that hash alike share one."""
    files: dict[str, list[Term]] = {}
    for term in terms:
        if term.heavy:
            files.setdefault(hashed("h", f"{kind}:{term.name}"), []).append(term)
    return [script(name, pack(found, own_files=False)) for name, found in files.items()]


def cut(terms: Sequence[tuple[str, Term]], every: int) -> list[tuple[str, list[Term]]]:
    """Ranges of (key, term), sorted by key, each with the key it begins at.

    A range begins at a key whose own hash says so, about one in `every` (a power of two). What stands in one range
    never moves the borders of another: new articles leave the files of other words alone.
    """
    ranges: list[tuple[str, list[Term]]] = [("", [])]
    last = ""
    for key, term in terms:
        if key != last and crc(key) & (every - 1) == 0:
            ranges.append((key, []))
        ranges[-1][1].append(term)
        last = key
    return ranges
