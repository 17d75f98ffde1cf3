"""A folder of raw documents → RawDocuments, streamed in a fixed order.

in:   config.seeds_dir: text, Markdown, HTML, JSON lines, JSON, CSV, TSV, Parquet, WARC, packed or not, in any encoding
out:  a RawDocument per document, each with an id of its own; a Problem for everything that is not read, and why

Nothing in the folder can stop a build, nothing outside it is opened, and nothing in it is written.
"""

from __future__ import annotations

import errno
import io
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path
from typing import Literal

from dateline import archives, encodings, formats, rows
from dateline.config import Config
from dateline.formats import Found, Held, Source
from dateline.model import Problem, RawDocument
from dateline.text import nfc, slug

LISTED = 10_000
"""A file of more documents is read again in every build, rather than its list kept in memory."""
MAX_NESTING = 3
"""A jsonl in a gz in a zip; deeper is refused."""
PROBLEMS_PER_FILE = 20


def read(config: Config) -> Iterator[RawDocument | Problem]:
    """All documents of the seeds folder in the order of their files' names, and what could not be read."""
    return iter(Reading(config))


@dataclass(slots=True)
class Reading:
    """The same for a caller that knows what some files hold: those are not opened, and their documents come without text.

    `whole` gives the document that came last with its text.
    """

    config: Config
    known: Callable[[str], Held | None] = lambda path: None
    """File → what it holds, None when that is not known."""
    keep: Callable[[str, Held], None] = lambda path, held: None
    """Is told of every file what it holds, texts left out."""
    _file: _File | None = None
    _place: int = 0
    """Which of its file's documents came last, if that was not read."""
    _opened: Iterator[tuple[int, Found]] = field(default_factory=lambda: iter(()))

    def __iter__(self) -> Iterator[RawDocument | Problem]:
        ids = Ids()
        for item in _files(self.config.seeds_dir, self.config.seeds):
            if isinstance(item, Problem):
                yield item
                continue
            path = str(item.path)
            held = self.known(path)
            for found in self._read(item, path) if held is None else self._listed(item, held):
                yield from ids.document(found, item.where) if isinstance(found, Found) else (found,)

    def _read(self, file: _File, path: str) -> Iterator[Found | Problem]:
        self._file = None
        held: list[Found | Problem] = []
        for found in self._documents(file):
            yield found
            if len(held) <= LISTED:
                held.append(replace(found, text="") if isinstance(found, Found) else found)
        if len(held) <= LISTED:
            self.keep(path, tuple(held))

    def _listed(self, file: _File, held: Held) -> Iterator[Found | Problem]:
        self._file, self._opened = file, iter(())
        self._place = -1
        for found in held:
            self._place += isinstance(found, Found)
            yield found
        self.keep(str(file.path), held)

    def _documents(self, file: _File) -> Iterator[Found | Problem]:
        return _calm(_opened(file, self.config, formats.field_names(self.config.field_names)), file.where)

    def whole(self, raw: RawDocument) -> RawDocument | None:
        """The document that came last, with its text; None when its file is no longer what it was known to be.

        A file is opened once for all its documents that are asked for in order.
        """
        if self._file is None:
            return raw
        found = self._reached()
        if found is None:
            self._opened = enumerate(one for one in self._documents(self._file) if isinstance(one, Found))
            found = self._reached()
        return replace(raw, text=found.text) if found is not None and found.digest == raw.digest else None

    def _reached(self) -> Found | None:
        return next((found for place, found in self._opened if place == self._place), None)


def read_files(paths: Iterable[Path], config: Config) -> Iterator[RawDocument | Problem]:
    """The documents of single files, wherever they lie."""
    names = formats.field_names(config.field_names)
    ids = Ids()
    for path in paths:
        file = _File(path, str(path), path.name)
        for found in _calm(_opened(file, config, names), file.where):
            yield from ids.document(found, file.where) if isinstance(found, Found) else (found,)


def read_text(text: str, id: str, url: str | None = None) -> RawDocument:
    """A document that was typed or piped in.

    >>> read_text("Hà Nội\\r\\n", "stdin").text
    'Hà Nội\\n'
    """
    tidied = encodings.tidy(encodings.Decoded(text, "utf-8"))
    fields = (("url", url),) if url else ()
    return RawDocument(id, tidied.text, formats.digest(text.encode("utf-8", "replace")), id, fields=fields)


# Files ----------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    where: str
    origin: str


_IGNORED = re.compile(
    r"""\..*                                       # .DS_Store, .git, .~lock.bai.odt#
      | ~\$.* | .*~ | \#.*\# | .*\.(?:swp|tmp|part|crdownload|lnk)     # what editors and browsers leave behind
      | thumbs\.db | desktop\.ini | __macosx
      | (?:readme|license|licence)(?:\.(?:md|txt))?                    # about the folder, not of it""",
    re.I | re.X,
)


def _files(folder: Path, where: str) -> Iterator[_File | Problem]:
    """Regular files, by the bytes of their names in NFC, folders in their place among them."""
    stack: list[Iterator[_File | Problem | tuple[Path, str]]] = [iter([(folder, "")])]
    while stack:
        item = next(stack[-1], None)
        if item is None:
            stack.pop()
        elif isinstance(item, tuple):
            stack.append(_entries(*item, where))
        else:
            yield item


def _entries(folder: Path, inside: str, where: str) -> Iterator[_File | Problem | tuple[Path, str]]:
    """What stands in one folder: files, folders (path, name), and what is not read."""
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: _order(entry.name))
    except OSError as error:
        hint = "create it and put your documents in it" if error.errno == errno.ENOENT else "check that you may read it"
        yield Problem(f"{where}/{inside}".rstrip("/"), None, f"cannot be read: {error.strerror}", hint)
        return
    for entry in entries:
        origin = f"{inside}/{_shown(entry.name)}".lstrip("/")
        refusal = _refusal(entry)
        if refusal is not None:
            yield Problem(f"{where}/{origin}", None, *refusal)
        elif entry.is_dir(follow_symlinks=False):
            yield Path(entry.path), origin
        else:
            yield _File(Path(entry.path), f"{where}/{origin}", origin)


def _refusal(entry: os.DirEntry[str]) -> tuple[str, str, Literal["error", "note"]] | None:
    """Why an entry is not read: message, hint, severity."""
    if _IGNORED.fullmatch(entry.name):
        return "is left out: a hidden or system file, or about the folder", "", "note"
    if entry.is_symlink():
        return "is a link, and links are not followed", "put the file itself into the folder", "error"
    if not entry.is_dir(follow_symlinks=False) and not entry.is_file(follow_symlinks=False):
        return "is a pipe, socket or device, and is not opened", "remove it", "error"
    return None


def _order(name: str) -> bytes:
    return nfc(name).encode("utf-8", "surrogateescape")


def _shown(name: str) -> str:
    """A file's name as text that can be printed: bytes that are not UTF-8 become U+FFFD."""
    return nfc(name.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def _opened(file: _File, config: Config, names: Mapping[str, tuple[str, ...]]) -> Iterator[Found | Problem]:
    """The documents of one file. It is opened without following links or waiting for a pipe, whatever it was before."""
    try:
        number = os.open(file.path, _OPEN)
        with os.fdopen(number, "rb", buffering=0) as raw:
            state = os.fstat(number)
            if not stat.S_ISREG(state.st_mode):
                yield Problem(file.where, None, "is no regular file", "remove it")
                return
            stream: io.BytesIO | io.BufferedReader
            stream = io.BytesIO(raw.readall()) if state.st_size <= _AT_ONCE else io.BufferedReader(raw, 1 << 17)
            source = Source(file.where, file.origin, file.path.name, stream, config.max_document_bytes, names)
            yield from documents(source)
    except OSError as error:
        yield Problem(file.where, None, f"cannot be read: {error.strerror or error}", "check that you may read it")


_OPEN = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY", "O_CLOEXEC"))
_AT_ONCE = 1 << 20
"""Files up to this size are read in one call."""


def documents(source: Source, nesting: int = 0) -> Iterator[Found | Problem]:
    """The documents of a file or an archive's member, whatever its format."""
    try:
        yield from _documents(source, nesting)
    except archives.BROKEN as error:             # raised by the unpacker under the stream that is being read
        if nesting == 0 and isinstance(error, OSError) and error.errno is not None:
            raise
        yield archives.broken(source, error)


def _documents(source: Source, nesting: int) -> Iterator[Found | Problem]:
    kind = formats.detect(source.name, source.head)
    reader = _ROWS.get(kind)
    if reader is not None:
        yield from reader(source)
    elif kind in ("text", "markdown", "html"):
        yield from formats.document(source, kind)
    elif kind in ("gzip", "bzip2", "xz", "zip", "tar") and nesting >= MAX_NESTING:
        yield source.problem("is an archive in an archive in an archive", "unpack it into the folder")
    elif kind in ("gzip", "bzip2", "xz"):
        yield from documents(archives.unpacked(source, kind), nesting + 1)
    elif kind in ("zip", "tar"):
        yield from _members(source, kind, nesting)
    else:
        yield formats.not_read(source, kind)


_ROWS: dict[str, Callable[[Source], Iterator[Found | Problem]]] = {
    "jsonl": rows.json_lines,
    "json": rows.json_file,
    "csv": rows.table,
    "parquet": rows.parquet,
    "warc": archives.warc,
}


def _members(source: Source, kind: str, nesting: int) -> Iterator[Found | Problem]:
    for member in archives.members(source, kind):
        if isinstance(member, Problem):
            yield member
        elif any(_IGNORED.fullmatch(part) for part in member.origin[len(source.origin) + 1 :].split("/")):
            yield member.problem("is left out: a hidden or system file, or about the folder", "", severity="note")
        else:
            yield from documents(member, nesting + 1)


def _calm(found: Iterator[Found | Problem], where: str) -> Iterator[Found | Problem]:
    """All documents, and of one file's problems the first ones: a million broken lines are one thing to mend.

    A file that holds nothing is named too: somebody put it there for a reason.
    """
    count, item = 0, None
    for item in found:
        if isinstance(item, Problem):
            count += 1
            if count > PROBLEMS_PER_FILE:
                continue
        yield item
    if item is None:
        yield Problem(where, None, "holds no document", "a table needs rows, a WARC file pages answered with 200", "warning")
    if count > PROBLEMS_PER_FILE:
        more = f"{count - PROBLEMS_PER_FILE:,} more problems in this file are not listed"
        yield Problem(where, None, more, "mend the first ones and build again")


# Ids ------------------------------------------------------------------------------------------------------------------
_UNSAFE = re.compile(
    r"""[\x00-\x1f\x7f-\x9f<>:"/\\|?*]                                  # not in names on some system
      | [\ud800-\udfff\ufffd\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]           # not to be seen
      | ^[.\s\-] | [.\s]$""",
    re.X,
)
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.I)
MAX_ID_BYTES = 120


def safe_id(name: str) -> str:
    """A name that is a file's name on every system: itself where it can be, else its words and a digest of it.

    >>> safe_id("003_7d0563742930568a"), safe_id("https://nhandan.vn/bai-1")
    ('003_7d0563742930568a', 'https-nhandan-vn-bai-1-ea6711b5')
    """
    if name and not _UNSAFE.search(name) and not _RESERVED.fullmatch(name) and len(name.encode()) <= MAX_ID_BYTES:
        return name
    mark = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
    return f"{slug(name, 60) or 'document'}-{mark}"


@dataclass(slots=True)
class Ids:
    """Gives each document an id that no other has, also where case or Unicode form does not count."""

    _taken: set[str] = field(default_factory=set)

    def document(self, found: Found, where: str) -> Iterator[RawDocument | Problem]:
        wanted = safe_id(nfc(found.name))
        given = self._free(wanted, found.digest)
        self._taken.add(_twin(given))
        if given != wanted:
            message = f'the id "{wanted}" is taken; {found.origin} is now "{given}"'
            yield Problem(where, None, message, "give one of them another name to choose its id yourself", "note")
        yield RawDocument(given, found.text, found.digest, found.origin, found.encoding, found.format, found.fields)

    def _free(self, wanted: str, digest: str) -> str:
        if _twin(wanted) not in self._taken:
            return wanted
        base = given = f"{wanted}-{digest[:8]}"
        number = 1
        while _twin(given) in self._taken:
            number += 1
            given = f"{base}-{number}"
        return given


def _twin(name: str) -> str:
    return nfc(name.casefold())
