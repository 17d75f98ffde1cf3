"""What is packed: gz, bz2, xz, zip, tar and WARC, opened without ever writing a file.

in:   a stream
out:  the unpacked stream, or the archive's members one after another

Nothing here trusts an archive. Unpacking stops when much more comes out than went in (a bomb), members that are links
or devices are refused, and a member's name is only ever a name: "../../x" leads nowhere.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from dateline.formats import Found, Source, page, stem
from dateline.model import Problem

MAX_RATIO = 200
FREE_BYTES = 100_000_000
"""So much may come out of any archive; beyond, at most MAX_RATIO times what went in. News packs about 3 : 1."""
MAX_MEMBERS = 1_000_000

BROKEN = (OSError, EOFError, zlib.error, lzma.LZMAError, tarfile.TarError, zipfile.BadZipFile, NotImplementedError,
          RuntimeError, ValueError, UnicodeError)  # fmt: skip
"""What Python's unpackers raise on bytes that are no archive."""


class Bomb(ValueError):
    """More came out of an archive than any archive of news holds."""


class Metered(io.RawIOBase):
    """A stream being unpacked, that stops at a bomb."""

    def __init__(self, stream: Any, packed: Callable[[], int]) -> None:
        self._stream = stream
        self._packed = packed
        self._count = 0

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._count

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self._count += len(data)
        if self._count > FREE_BYTES and self._count > MAX_RATIO * self._packed():
            raise Bomb(f"more than {MAX_RATIO} times its size comes out of it")
        return len(data)


def unpacked(source: Source, kind: str) -> Source:
    """A gz, bz2 or xz file's content, under the name without that ending."""
    opener: Any = {"gzip": gzip.GzipFile, "bzip2": bz2.BZ2File, "xz": lzma.LZMAFile}[kind]
    keywords = {"fileobj": source.stream} if kind == "gzip" else {"filename": source.stream}
    stream = Metered(opener(**keywords, mode="rb"), source.stream.tell)
    name = source.name
    for ending in (".gz", ".bz2", ".xz", ".tgz"):
        if name.lower().endswith(ending):
            name = name[: -len(ending)] + (".tar" if ending == ".tgz" else "")
    return replace(source, name=name, stream=io.BufferedReader(stream, 1 << 17))


def members(source: Source, kind: str) -> Iterator[Source | Problem]:
    """The files in a zip or tar, in the archive's order; each must be read before the next is asked for."""
    try:
        yield from (_zip if kind == "zip" else _tar)(source)
    except BROKEN as error:
        yield broken(source, error)


def broken(source: Source, error: BaseException) -> Problem:
    return source.problem(
        f"cannot be unpacked to its end: {error}",
        "what came before is in; mend the archive, or unpack it into the folder yourself",
    )


def _zip(source: Source) -> Iterator[Source | Problem]:
    stream = source.stream
    if not stream.seekable():                    # a zip in a zip; its list of members stands at its end
        stream = io.BytesIO(stream.read(FREE_BYTES))
    with zipfile.ZipFile(stream) as archive:
        entries = archive.infolist()
        if len(entries) > MAX_MEMBERS:
            raise Bomb(f"it has {len(entries):,} members")
        given = Given(sum(entry.compress_size for entry in entries))
        for entry in entries:
            if entry.is_dir():
                continue
            member = _member(source, entry.filename)
            if (entry.external_attr >> 16) & 0o170000 == 0o120000:
                yield _link(member)
            elif entry.flag_bits & 1:
                yield member.problem("is encrypted", "unpack the archive into the folder yourself")
            else:
                with archive.open(entry) as unpacked_stream:
                    yield from given.metered(member, unpacked_stream)


def _tar(source: Source) -> Iterator[Source | Problem]:
    with tarfile.open(fileobj=source.stream, mode="r|", errorlevel=0) as archive:
        for count, entry in enumerate(archive):
            if count > MAX_MEMBERS:
                raise Bomb(f"it has more than {MAX_MEMBERS:,} members")
            member = _member(source, entry.name)
            if entry.isfile():
                stream = archive.extractfile(entry)
                if stream is not None:
                    yield replace(member, stream=io.BufferedReader(stream, 1 << 17))  # type: ignore[arg-type]
            elif not entry.isdir():
                yield _link(member)


class Given:
    """What a zip's members may take out together."""

    def __init__(self, packed: int) -> None:
        self._packed = packed
        self._taken = 0

    def metered(self, member: Source, stream: Any) -> Iterator[Source]:
        meter = Metered(stream, lambda: self._packed)
        meter._count = self._taken
        yield replace(member, stream=io.BufferedReader(meter, 1 << 17))
        self._taken = meter._count


def _link(member: Source) -> Problem:
    return member.problem("is a link or a device in an archive, and is not followed", "pack the file itself")


def _member(source: Source, name: str) -> Source:
    """A member's source; its name loses all that leads elsewhere."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    inner = "/".join(parts) or "unnamed"
    name = parts[-1] if parts else inner
    return replace(source, where=f"{source.where}/{inner}", origin=f"{source.origin}/{inner}", name=name)


def warc(source: Source) -> Iterator[Found | Problem]:
    """The pages of a WARC file: answers that were 200 and HTML. Needs warcio."""
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError:
        yield source.problem("is a WARC file, for which a package is missing", 'pip install "dateline[warc]"')
        return
    try:
        for number, record in enumerate(ArchiveIterator(source.stream), 1):
            if _is_page(record):
                yield from _page(source, record, number)
    except (ArchiveLoadFailed, *BROKEN) as error:
        yield broken(source, error)


def _is_page(record: Any) -> bool:
    """The date a WARC gives is when it was fetched, so it is no field of the document."""
    headers = record.http_headers
    if record.rec_type != "response" or headers is None:
        return False
    kind: str = headers.get_header("Content-Type") or ""
    return "html" in kind.lower() and headers.get_statuscode() == "200"


def _page(source: Source, record: Any, number: int) -> Iterator[Found | Problem]:
    data = record.content_stream().read(source.max_bytes + 1)
    if len(data) > source.max_bytes:
        hint = "raise max_document_bytes in dateline.yml"
        yield source.problem(f"a page is longer than {source.max_bytes:,} bytes and was kept aside", hint, number)
        return
    one = replace(source, origin=f"{source.origin}#{number}")
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    yield from page(one, data, f"{stem(source.name)}-{number}", url, number)
