"""Files that hold a document per record: JSON lines, JSON, CSV and TSV, Parquet.

in:   a `Source`, read as a stream: a file of any size takes the memory of its longest record
out:  a `Found` document per record, in the file's order; a `Problem` with its line for a record that cannot be read
"""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from dateline import encodings
from dateline.encodings import Decoded
from dateline.formats import Found, Source, as_line, digest, fields_of, look_up, page, plain, plain_name, stem
from dateline.model import Problem

_BLOCK = 1 << 18


def lines(source: Source) -> Iterator[tuple[int, bytes | None]]:
    """(number, line) of a file in UTF-8 or an old encoding; None for a line that is longer than a document may be."""
    stream = _as_utf_8(source)
    number = 0
    while line := stream.readline(source.max_bytes + 1):
        number += 1
        if len(line) <= source.max_bytes or line.endswith(b"\n"):
            yield number, line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(_BLOCK)
        yield number, None


class _Recoded(io.RawIOBase):
    """A UTF-16 or UTF-32 stream as UTF-8, a block at a time."""

    def __init__(self, stream: Any, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready:
            block = self._stream.read(_BLOCK)
            self._ready = self._decoder.decode(block, final=not block).encode("utf-8", "replace")
            if not block:
                break
        part, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


def _as_utf_8(source: Source) -> io.BufferedReader | io.BytesIO:
    encoding = encodings.marked(source.head)
    if encoding in (None, "utf-8"):
        return source.stream
    return io.BufferedReader(_Recoded(source.stream, str(encoding)))


def _too_long(source: Source, line: int | None) -> Problem:
    return source.problem(
        f"a record is longer than {source.max_bytes:,} bytes and was kept aside",
        "check that each line is one record, or raise max_document_bytes in dateline.yml",
        line,
    )


# JSON -----------------------------------------------------------------------------------------------------------------
def json_lines(source: Source) -> Iterator[Found | Problem]:
    """A JSON object a line."""
    for number, line in lines(source):
        if line is None:
            yield _too_long(source, number)
        elif line.strip(b"\r\n\t \xef\xbb\xbf\0"):
            decoded = _line(line, "")
            yield from (source.problem(note, "save the file as UTF-8", number, "warning") for note in decoded.notes)
            yield from _json_line(source, decoded, number)


def _json_line(source: Source, decoded: Decoded, number: int) -> Iterator[Found | Problem]:
    try:
        record = json.loads(decoded.text, strict=False)
    except (ValueError, RecursionError) as error:
        yield source.problem(f"is not JSON: {_reason(error)}", "mend or remove the line", number)
        return
    yield from document(source, record, number, decoded.encoding)


def _line(line: bytes, like: str) -> Decoded:
    """A line's text, its newlines and composition untouched (a raw NEL inside a JSON string must not end it)."""
    try:
        return Decoded(line.decode("utf-8-sig"), "utf-8")
    except UnicodeDecodeError:
        return encodings.decode(line, like)


def _reason(error: Exception) -> str:
    return f"{error.msg} at column {error.colno}" if isinstance(error, json.JSONDecodeError) else "nested too deep"


_SPACE = " \t\r\n,"


def json_file(source: Source) -> Iterator[Found | Problem]:
    """One JSON object, or an array of them, of any length."""
    encoding = encodings.marked(source.head) or "utf-8"
    text = _Window(source, codecs.getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)("replace"))
    if text.skip(_SPACE + "\ufeff") == "[":
        text.start += 1
    number = 0
    while text.skip(_SPACE) not in ("", "]"):
        number += 1
        try:
            record = text.value()
        except (ValueError, RecursionError) as error:
            hint = "mend the file: nothing after this record is read"
            yield source.problem(f"record {number} cannot be read: {error}", hint)
            return
        yield from document(source, record, number, encoding)


class _Window:
    """The part of a JSON file that is being read."""

    def __init__(self, source: Source, decoder: codecs.IncrementalDecoder) -> None:
        self._source = source
        self._decoder = decoder
        self._json = json.JSONDecoder(strict=False)
        self._text = ""
        self._ended = False
        self.start = 0

    def _more(self, size: int) -> None:
        block = self._source.stream.read(size)
        self._ended = not block
        self._text = self._text[self.start :] + self._decoder.decode(block, final=self._ended)
        self.start = 0

    def skip(self, letters: str) -> str:
        """Move past `letters`; the letter that follows, "" at the end."""
        while True:
            while self.start < len(self._text):
                if self._text[self.start] not in letters:
                    return self._text[self.start]
                self.start += 1
            if self._ended:
                return ""
            self._more(_BLOCK)

    def value(self) -> Any:
        """The JSON value that begins here, reading on until it is whole."""
        while True:
            try:
                value, end = self._json.raw_decode(self._text, self.start)
                if end < len(self._text) or self._ended:         # a number may go on in the next block
                    self.start = end
                    return value
            except json.JSONDecodeError as error:
                if self._ended or (error.pos < len(self._text) - 64 and not error.msg.startswith("Unterminated")):
                    raise ValueError(error.msg) from None
            if len(self._text) - self.start > self._source.max_bytes:
                raise ValueError(f"it is longer than {self._source.max_bytes:,} bytes")
            self._more(max(_BLOCK, len(self._text) - self.start))


# Tables ---------------------------------------------------------------------------------------------------------------
def table(source: Source) -> Iterator[Found | Problem]:
    """CSV or TSV with a line of names on top; the separator is the one that line uses most."""
    like = encodings.decode(source.head).encoding
    csv.field_size_limit(source.max_bytes)       # the module's own and only setting
    state = _Lines(source, like)
    names: list[str] = []
    reader: Any = None
    for names_line in state:
        if names_line.strip() and not names_line.lower().startswith("sep="):
            separator = max(",;\t|", key=names_line.count)
            names = [name.strip() for name in next(csv.reader([names_line], delimiter=separator))]
            reader = csv.reader(state, delimiter=separator)
            break
    if reader is None:
        return
    if not _has_text(names, source):
        yield _no_text(source, names, 1)
        return
    while True:
        first = state.number + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield source.problem(f"a row cannot be read: {error}", "look for a quote that is never closed", first)
            continue
        finally:
            yield from state.problems()
        if any(cell.strip() for cell in row):
            yield from _row(source, names, row, first, like)


class _Lines:
    """A table's lines for the csv module, with the number of the last one and what was wrong with them."""

    def __init__(self, source: Source, like: str) -> None:
        self._lines = lines(source)
        self._source = source
        self._like = like
        self._found: list[Problem] = []
        self._rest: deque[str] = deque()         # a file of an old Mac is one line of many
        self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self._rest:
            return self._rest.popleft()
        for number, line in self._lines:
            self.number = number
            if line is None:
                self._found.append(_too_long(self._source, number))
                continue
            decoded = _line(line, self._like)
            for note in decoded.notes:
                self._found.append(self._source.problem(note, "save the file as UTF-8", number, "warning"))
            text = decoded.text.replace("\0", "\ufffd").replace("\r\n", "\n").replace("\r", "\n")
            self._rest.extend(part + "\n" for part in text.removesuffix("\n").split("\n"))
            return self._rest.popleft()
        raise StopIteration

    def problems(self) -> Iterator[Problem]:
        found, self._found = self._found, []
        yield from found


def _row(source: Source, names: list[str], row: list[str], line: int, encoding: str) -> Iterator[Found | Problem]:
    if len(row) > len(names):
        hint = "text with the separator in it needs quotes"
        yield source.problem(f"has {len(row)} columns where the first line names {len(names)}", hint, line, "warning")
    yield from document(source, dict(zip(names, row, strict=False)), line, encoding)


def parquet(source: Source) -> Iterator[Found | Problem]:
    """A Parquet table, a group of rows at a time. Needs pyarrow."""
    try:
        import pyarrow.parquet
    except ImportError:
        yield source.problem("is a Parquet file, for which a package is missing", 'pip install "dateline[parquet]"')
        return
    try:
        file = pyarrow.parquet.ParquetFile(source.stream)
        number = 0
        for batch in file.iter_batches(batch_size=256):
            for record in batch.to_pylist():
                number += 1
                yield from document(source, record, number, "utf-8")
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        yield source.problem(f"cannot be read as Parquet: {error}", "write the file again")


# Records --------------------------------------------------------------------------------------------------------------
def document(source: Source, record: Any, number: int, encoding: str) -> Iterator[Found | Problem]:
    """The document in one record, or what is wrong with it. `number` is its line, or its place in the file."""
    if not isinstance(record, dict):
        yield source.problem("is not a record with named fields", 'write {"text": "…", "url": "…"}', number)
        return
    by_name = plain(record)
    name = as_line(look_up(by_name, source.names["id"])) or f"{stem(source.name)}-{number}"
    fields = fields_of(by_name, source.names)
    text = _text(look_up(by_name, source.names["text"]))
    if not text.strip():
        html = _text(look_up(by_name, source.names["html"]))
        if html.strip():
            one = replace(source, origin=f"{source.origin}#{number}")
            yield from page(one, html.encode("utf-8", "replace"), name, dict(fields).get("url", ""), number)
        else:
            yield _no_text(source, [str(key) for key in record], number)
        return
    tidied = encodings.tidy(Decoded(text, encoding))
    for note in tidied.notes:
        yield source.problem(note, "check the record", number, "warning")
    if len(text) > source.max_bytes:
        yield _too_long(source, number)
        return
    own = "\0".join((tidied.text, *(part for pair in fields for part in pair)))
    yield Found(name, f"{source.origin}#{number}", tidied.text, digest(own.encode("utf-8")), encoding, "record", fields)


def _text(value: Any) -> str:
    """A text keeps its lines; a list of paragraphs becomes lines."""
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        value = "\n".join(value)
    return value if isinstance(value, str) else ""


def _has_text(names: list[str], source: Source) -> bool:
    known = set(map(plain_name, names))
    return any(name in known for name in (*source.names["text"], *source.names["html"]))


def _no_text(source: Source, names: list[str], line: int) -> Problem:
    there = ", ".join(names[:12]) or "none"
    hint = "say which field is the text, in dateline.yml:  field_names: {text: …}"
    return source.problem(f"has no text; its fields are: {there}", hint, line)
