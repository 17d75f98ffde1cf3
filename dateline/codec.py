"""Values ↔ bytes, for the cache and for the way to a worker: compact JSON, never pickle.

in:   any value of `dateline.model`
out:  bytes that `decode` turns into an equal value; ValueError for bytes of another version, another type, or no bytes
      of ours at all

A dataclass becomes the list of its fields' values. Which fields there are, and of what type, is hashed into the
version: a changed model makes what was stored before unreadable rather than wrong.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from hashlib import blake2b
from operator import attrgetter
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints, overload

from dateline import model
from dateline.model import Article

V = TypeVar("V")

_TYPES: tuple[type, ...] = (
    model.Evidence, model.Claim, model.Problem, model.RawDocument, model.Block, model.Removal, model.CleanText,
    model.Metadata, model.Tag, model.Tags, model.Article, model.ProvinceRef, model.Card, model.Related, model.Links,
    model.Corpus, model.Page, model.Step, model.Report,
)  # fmt: skip
# One C call per value: the JSON encoder asks for a tuple of the fields whenever it meets a type it does not know.
_FIELDS: dict[type, Callable[[Any], tuple[Any, ...]]] = {
    kind: attrgetter(*(field.name for field in fields(kind))) for kind in _TYPES
}
_SHAPE = "\n".join(f"{kind.__name__}.{field.name}: {field.type}" for kind in _TYPES for field in fields(kind))
VERSION = blake2b(_SHAPE.encode(), digest_size=6).hexdigest()


def encode(value: Any) -> bytes:
    """Any value of the model as bytes. Equal values give equal bytes.

    >>> decode(encode(model.Block("paragraph", "Chiều 4/3, tại Hà Nội", 7)), model.Block)
    Block(kind='paragraph', text='Chiều 4/3, tại Hà Nội', line=7, breaks=())
    """
    text = _ENCODER.encode((VERSION, type(value).__name__, value))
    return text.encode("utf-8", "surrogatepass")


@overload
def decode(data: bytes) -> Article: ...
@overload
def decode(data: bytes, kind: type[V]) -> V: ...
def decode(data: bytes, kind: Any = Article) -> Any:
    """What `encode` made these bytes from: an Article unless told otherwise."""
    try:
        version, name, row = json.loads(data.decode("utf-8", "surrogatepass"))
        if version != VERSION or name != kind.__name__:
            raise ValueError(f"stored as {name} by version {version}, not as {kind.__name__} by {VERSION}")
        reader: Callable[[Any], Any] = _reader(kind)
        return reader(row)
    except (TypeError, KeyError, RecursionError) as error:
        raise ValueError(f"not a stored {kind.__name__}: {error}") from error


def _row(value: Any) -> tuple[Any, ...]:
    found = _FIELDS.get(type(value))
    if found is None:
        raise TypeError(f"{type(value).__name__} is not a value of the model")
    return found(value)


_ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"), default=_row)


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """A function from parsed JSON to a value of `kind`; `_as_is` where JSON's own value will do."""
    origin, arguments = get_origin(kind), get_args(kind)
    if is_dataclass(origin or kind):
        return _dataclass_reader(origin or kind)
    if origin is tuple:
        return _tuple_reader(arguments)
    if origin in (Union, types.UnionType):
        inner = [_reader(argument) for argument in arguments if argument is not type(None)]
        return inner[0] if inner[0] is _as_is else _optional(inner[0])
    if kind in (str, int, float, bool, Any) or origin in (Literal, dict) or isinstance(kind, TypeVar):
        return _as_is
    raise TypeError(f"no way to read {kind}")


def _as_is(value: Any) -> Any:
    return value


def _optional(inner: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else inner(value)


def _dataclass_reader(kind: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    readers = [_reader(hints[field.name]) for field in fields(kind)]
    changed = [(position, reader) for position, reader in enumerate(readers) if reader is not _as_is]

    def read(row: list[Any]) -> Any:
        for position, reader in changed:
            row[position] = reader(row[position])
        return kind(*row)

    return read if changed else lambda row: kind(*row)


def _tuple_reader(arguments: tuple[Any, ...]) -> Callable[[Any], Any]:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        inner = _reader(arguments[0])
        return tuple if inner is _as_is else lambda row: tuple([inner(value) for value in row])
    readers = [_reader(argument) for argument in arguments]
    if all(reader is _as_is for reader in readers):
        return tuple
    return lambda row: tuple([reader(value) for reader, value in zip(readers, row, strict=True)])
