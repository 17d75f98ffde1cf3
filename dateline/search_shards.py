"""Terms and their postings → files that a page loads with `<script src>`.

A file is one call, `_S("<name>", "<base64 of raw deflate>")`; `<name>` is its path below search/ without ".js". What is
inside a file of terms, all its parts one after the other (so that like stands beside like and deflate has it easy):

    u32 count of terms · u32 bytes of names · names, sorted: one word a line; of neighbours, the first word and all that
               follow it on one line ("giáo dục viên")
    heads      per term: documents << 2 | own file << 1 | cohesive       three bytes, as planes
    gaps       per posting: distance to the document before              three bytes, as planes
    tf         per posting: occurrences - 1
    where      per posting: 128 when in the title, plus the class of the document's length (0 to 7) << 4

A name is the written form ("giáo dục"); what is written together has its key beside it ("hanoi=ha noi").
The postings of a very common term stand in a file of its own; here is only its head.
"""

from __future__ import annotations

import sys
import zlib
from array import array
from base64 import b64encode
from collections.abc import Iterable, Sequence
from itertools import accumulate, chain, groupby
from operator import sub

from dateline.model import Output

HEAVY = 800
"""A term of more documents gets its own file, so that its neighbours in the shard stay cheap."""
FOLDERS = 64
"""Files named by a hash are spread over so many folders: no folder gets 1,000 files."""

Term = tuple[str, list[int], bool]
"""Name, postings in the order of documents (see search_index), cohesive. A plain tuple: there are millions."""


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
    raw = _bytes(array("I", numbers))
    return b"".join(raw[place::4] for place in range(width))


def _bytes(numbers: array[int]) -> bytes:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def pack(terms: Sequence[Term], *, own_files: bool) -> bytes:
    """Lay a shard out as the module says. `own_files`: postings of heavy terms are left to their own files."""
    names = _names([name for name, _, _ in terms])
    heavy = HEAVY if own_files else 1 << 32
    heads = [len(postings) << 2 | (len(postings) > heavy) << 1 | cohesive for _, postings, cohesive in terms]
    lists = [postings for _, postings, _ in terms if len(postings) <= heavy]
    flat = list(chain.from_iterable(lists))
    documents = [posting >> 16 for posting in flat]
    gaps = documents[:1] + list(map(sub, documents[1:], documents))
    for start in accumulate(map(len, lists[:-1])):
        gaps[start] = documents[start]
    low = _bytes(array("Q", flat))
    sizes = len(terms).to_bytes(4, "little") + len(names).to_bytes(4, "little")
    return b"".join((sizes, names, planes(heads), planes(gaps), low[0::8], low[1::8]))


def _names(names: Sequence[str]) -> bytes:
    """One line for each first word."""
    if not names or " " not in names[0]:
        return "\n".join(names).encode()
    split = (name.split(" ") for name in names)
    lines = (
        f"{first} {' '.join(second for _, second in pairs)}" for first, pairs in groupby(split, lambda pair: pair[0])
    )
    return "\n".join(lines).encode()


def shard(name: str, terms: Sequence[Term]) -> Output:
    return script(name, pack(terms, own_files=True))


def heavy_files(kind: str, terms: Iterable[Term]) -> list[Output]:
    """The files of the terms that are too common to stand in a shard; two that hash alike share one."""
    files: dict[str, list[Term]] = {}
    for term in terms:
        if len(term[1]) > HEAVY:
            files.setdefault(hashed("h", f"{kind}:{term[0]}"), []).append(term)
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
