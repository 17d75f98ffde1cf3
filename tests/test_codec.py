"""What is stored comes back as it was."""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass, make_dataclass, replace
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline import codec, model
from dateline.model import Article, Block, Card, Claim, CleanText, Evidence, Metadata, RawDocument, Removal, Report, Tag, Tags
from dateline.prepare import Prepared

# Vietnamese, markup, controls, astral and lone surrogates: everything a scraped page can hold.
MESSY = st.text(st.one_of(st.sampled_from("ắệỗđĐ\u0301 \n\"'<>\\\x00\u2028\ud800😀"), st.characters()), max_size=20)


def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """A strategy for a type hint of the model."""
    origin, arguments = get_origin(kind), get_args(kind)
    if is_dataclass(origin or kind):
        given_types = dict(zip(getattr(origin, "__parameters__", ()), arguments, strict=True))
        hints = {name: given_types.get(hint, hint) for name, hint in get_type_hints(origin or kind).items()}
        return st.builds(origin or kind, **{f.name: values_of(hints[f.name]) for f in fields(origin or kind)})
    if origin is tuple:
        if arguments[-1] is Ellipsis:
            return st.lists(values_of(arguments[0]), max_size=2).map(tuple)
        return st.tuples(*[values_of(argument) for argument in arguments])
    if origin in (Union, types.UnionType):
        return st.one_of(*[values_of(argument) for argument in arguments])
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is dict:
        return st.dictionaries(MESSY, st.one_of(MESSY, st.integers(), st.none(), st.lists(MESSY)), max_size=3)
    simple = {str: MESSY, int: st.integers(), bool: st.booleans(), type(None): st.none(), bytes: st.binary(max_size=9)}
    numbers = st.floats(allow_nan=False)
    return numbers if kind is float else simple[kind]


def article(paragraphs: int = 12, length: int = 380) -> Article:
    """About what a real article is made of."""
    words = "Sở Giáo dục và Đào tạo Hà Nội tổ chức hội nghị triển khai nhiệm vụ năm học mới. " * 10
    blocks = tuple(Block("paragraph", words[:length], 2 * n + 1) for n in range(paragraphs))
    evidence = (Evidence("Sở Giáo dục và Đào tạo Hà Nội", 3, "province.office"), Evidence("Hà Nội", 5, "province.name"))
    tags = tuple(Tag("province", Claim("ha-noi", 0.9, evidence), "primary", "63") for _ in range(8))
    claim = Claim("Hà Nội triển khai nhiệm vụ năm học mới", 0.9, evidence[:1])
    metadata = Metadata(claim, "text", claim, None, claim, None, None, (claim,), evidence)
    found = Tags(claim, (("vi", 1.0),), ("vi",) * paragraphs, False, Claim(False, 0.8), claim, tags)
    removed = tuple(Removal(n, "Cùng chuyên mục", "same-category") for n in range(10))
    raw = "\n\n".join(block.text for block in blocks)
    return Article("003_7d05", "003_7d05.txt", "ab" * 16, "utf-8", raw, blocks, removed, metadata, found)


@pytest.mark.parametrize("kind", [Article, RawDocument, CleanText, Metadata, Tags, Card, Prepared, Report, model.Links, model.Problem])
def test_any_value_comes_back_equal(kind: type) -> None:
    @settings(max_examples=40, deadline=None)
    @given(values_of(kind))
    def check(value: Any) -> None:
        again = codec.decode(codec.encode(value), kind)
        assert again == value and type(again) is kind
        assert codec.encode(again) == codec.encode(value)

    check()


@settings(max_examples=30, deadline=None)
@given(values_of(model.Page))
def test_a_page_comes_back_equal(page: model.Page) -> None:
    assert codec.decode(codec.encode(page), model.Page) == page


def test_tuples_inside_come_back_as_tuples() -> None:
    again = codec.decode(codec.encode(article()))
    assert again == article() and hash(again) == hash(article())


@pytest.mark.parametrize("text", ["Hà Nội", "Hà \ud800 Nội"])
def test_bytes_of_another_type_version_or_origin_are_refused(text: str) -> None:
    stored = codec.encode(replace(article(), raw=text))
    other_version = stored.replace(codec.version(Article).encode(), b"0" * 12)
    other_form = b"p" + stored[1:]
    for data in (b"", b"{}", b"[1]", b"\xff\xfe", b"null", b"m", stored[:-1], stored[:9], stored[1:], other_version, other_form):
        with pytest.raises(ValueError):
            codec.decode(data)
    with pytest.raises(ValueError, match="Card"):
        codec.decode(stored, Card)
    for part, other in ((b"removed", b"removal"), (b"province.name", b"province.nam\xff"), (b"primary", b"prima\xc1")):
        assert part in stored
        with pytest.raises(ValueError):
            codec.decode(stored.replace(part, other))


def test_what_does_not_fit_its_field_is_refused() -> None:
    stored = codec.encode(Block("paragraph", "Hà Nội", 7)).replace(b"paragraph", b"lined-out")
    with pytest.raises(ValueError, match="lined-out"):
        codec.decode(stored, Block)
    with pytest.raises(ValueError):
        codec.decode(codec.encode(Block("paragraph", "Hà \ud800", 7)).replace(b"7", b'"7"'), Block)


def test_a_field_more_anywhere_in_a_value_is_another_version() -> None:
    longer = make_dataclass("Tag", [(field.name, field.type) for field in fields(Tag)] + [("more", int)])
    longer.__module__, longer.__qualname__ = Tag.__module__, Tag.__qualname__
    holder = make_dataclass("Tags", [("tags", tuple[Tag, ...])])
    other = make_dataclass("Tags", [("tags", tuple[longer, ...])])
    assert codec.version(longer) != codec.version(Tag)
    assert codec.version(holder) != codec.version(other)


def test_what_is_no_dataclass_is_not_stored() -> None:
    with pytest.raises(TypeError, match="set"):
        codec.encode({1, 2})
