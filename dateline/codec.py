"""Values ↔ bytes, for the cache and for the way to a worker: MessagePack, never pickle.

in:   any value of a dataclass whose fields are typed: those of `dateline.model`, `prepare.Prepared`
out:  bytes that `decode` turns into an equal value; ValueError for bytes of another version, another type, or no bytes
      of ours at all

Which fields a class has, and of what type, and those of all classes in it, is hashed into the version: a changed model
makes what was stored before unreadable rather than wrong.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from functools import cache
from hashlib import blake2b
from typing import Any, TypeVar, get_args, get_origin, get_type_hints, overload

import msgspec

from dateline.model import Article

V = TypeVar("V")

_PACKED, _SPELT = b"m", b"j"
"""The first byte: MessagePack; JSON, for the few values that MessagePack refuses."""
_PACKER = msgspec.msgpack.Encoder()


def encode(value: Any) -> bytes:
    """Any value of a dataclass as bytes. Equal values give equal bytes.

    >>> from dateline.model import Block
    >>> decode(encode(Block("paragraph", "Chiều 4/3, tại Hà Nội", 7)), Block)
    Block(kind='paragraph', text='Chiều 4/3, tại Hà Nội', line=7, breaks=())
    """
    kind: Any = type(value)
    head = _head(kind)
    form, packed = _packed(value)
    return form + head + packed


def digest(*values: Any) -> str:
    """Stands for plain values and dataclasses, in this order: equal ones have equal digests, and a tuple that of an equal list.

    >>> digest("Sơn La", (1, None)) == digest("Sơn La", [1, None]) != digest("Sơn La", (None, 1))
    True
    """
    return blake2b(b"".join(_packed(values)), digest_size=16).hexdigest()


def _packed(value: Any) -> tuple[bytes, bytes]:
    """The form and the bytes."""
    try:
        return _PACKED, _PACKER.encode(value)
    except (UnicodeEncodeError, OverflowError):      # half a surrogate pair, a number of more than 64 bits: \u escapes have them
        return _SPELT, json.dumps(msgspec.to_builtins(value)).encode("ascii")


@overload
def decode(data: bytes) -> Article: ...
@overload
def decode(data: bytes, kind: type[V]) -> V: ...
def decode(data: bytes, kind: Any = Article) -> Any:
    """What `encode` made these bytes from: an Article unless told otherwise."""
    head = _head(kind)
    form, rest = data[:1], 1 + len(head)
    if data[1:rest] != head or form not in (_PACKED, _SPELT):
        raise ValueError(f"{data[:rest]!r} does not begin what is stored as {head!r}")
    try:
        if form == _PACKED:
            return _unpacker(kind).decode(memoryview(data)[rest:])
        return msgspec.convert(json.loads(data[rest:]), kind)
    except RecursionError as error:
        raise ValueError(f"not a stored {kind.__name__}: {error}") from error


@cache
def _unpacker(kind: Any) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(kind)


@cache
def _head(kind: Any) -> bytes:
    """What the bytes of such values begin with: the version and the name of the class."""
    name = kind.__name__
    if not is_dataclass(kind):
        raise TypeError(f"{name} is no dataclass")
    return f"{version(kind)} {name}\n".encode()


def version(kind: Any) -> str:
    """Stands for the fields of a class and of all that it is made of."""
    shapes: dict[Any, str] = {}
    _collect(kind, shapes)
    return blake2b("\n".join(shapes.values()).encode(), digest_size=6).hexdigest()


def _collect(hint: Any, shapes: dict[Any, str]) -> None:
    """The classes in a type hint, each with its fields."""
    kind = get_origin(hint) or hint
    if is_dataclass(kind) and kind not in shapes:
        shapes[kind] = " ".join([str(kind), *(f"{field.name}: {field.type}" for field in fields(kind))])
        for inner in get_type_hints(kind).values():
            _collect(inner, shapes)
    for argument in get_args(hint):
        _collect(argument, shapes)
