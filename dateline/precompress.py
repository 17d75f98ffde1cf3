"""Beside each text file of the site, the same compressed, for servers that send it as it is (nginx: gzip_static).

in:   the outputs of a site, streamed
out:  the same, each text followed by its .gz (and its .br where the module brotli is there)

The bytes depend on the content alone: no time, no name. What stands, and stands compressed, is not compressed again.
"""

from __future__ import annotations

import io
import zlib
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO

from dateline.model import Output, Standing, Stream

TEXTS = (".html", ".css", ".js", ".json", ".jsonl", ".csv", ".txt", ".xml", ".svg")
SMALL = 256
"""A file of fewer bytes gains nothing: it travels in one packet either way."""
PIECE = 1 << 16
IN_MEMORY = 1 << 20
_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
"""Of a gzip file: no name, no time, no system."""

File = Output | Stream | Standing


def beside(outputs: Iterable[File], site: Path, standing: Collection[str]) -> Iterator[File]:
    """Each output, and then the same compressed. `standing` are the files of `site` that are as they were published."""
    for output in outputs:
        if not output.path.endswith(TEXTS):
            yield output
        elif isinstance(output, Stream):
            yield from _poured(output)
        else:
            yield output
            for suffix in suffixes():
                path = output.path + suffix
                if isinstance(output, Standing) and path in standing:
                    yield Standing(path)
                    continue
                content = (site / output.path).read_bytes() if isinstance(output, Standing) else output.content
                if len(content) >= SMALL:
                    yield Output(path, packed(content, suffix))


def suffixes() -> tuple[str, ...]:
    return (".gz", ".br") if find_spec("brotli") else (".gz",)


def packed(content: bytes, suffix: str = ".gz") -> bytes:
    """Compressed; the same bytes give the same bytes.

    >>> import gzip
    >>> gzip.decompress(packed("Hà Nội".encode())).decode()
    'Hà Nội'
    """
    if suffix == ".br":
        made: bytes = import_module("brotli").compress(content)
        return made
    target = io.BytesIO()
    deque(compressing([content], target), maxlen=0)
    return target.getvalue()


def compressing(pieces: Iterable[bytes], target: IO[bytes]) -> Iterator[bytes]:
    """The pieces as they come; at the end `target` has them as a gzip file."""
    packer, checksum, size = zlib.compressobj(9, zlib.DEFLATED, -15), 0, 0
    target.write(_HEAD)
    for piece in pieces:
        target.write(packer.compress(piece))
        checksum, size = zlib.crc32(piece, checksum), size + len(piece)
        yield piece
    target.write(packer.flush() + checksum.to_bytes(4, "little") + (size & 0xFFFFFFFF).to_bytes(4, "little"))


def _poured(output: Stream) -> Iterator[Stream]:
    """A large file, compressed while it is written; gzip only, since brotli would want all of it at once."""
    with SpooledTemporaryFile(IN_MEMORY) as target:
        yield Stream(output.path, compressing(output, target))
        target.seek(0)
        yield Stream(f"{output.path}.gz", iter(lambda: target.read(PIECE), b""))
