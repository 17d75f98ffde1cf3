"""What is stored comes back as it was."""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline import codec, model
from dateline.model import Article, Block, Card, Claim, CleanText, Evidence, Metadata, RawDocument, Removal, Tag, Tags

# Vietnamese, markup, controls, astral and lone surrogates: everything a scraped page can hold.
MESSY = st.text(st.one_of(st.sampled_from("ắệỗđĐ\u0301 \n\"'<>\\\x00\u2028\ud800😀"), st.characters()), max_size=20)


def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """A strategy for a type hint of the model."""
    origin, arguments = get_origin(kind), get_args(kind)
    if is_dataclass(origin or kind):
        hints = get_type_hints(origin or kind)
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
    simple = {str: MESSY, int: st.integers(), bool: st.booleans(), type(None): st.none()}
    numbers = st.floats(allow_nan=False)
    return numbers if kind is float else MESSY if isinstance(kind, TypeVar) else simple[kind]


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


@pytest.mark.parametrize("kind", [Article, RawDocument, CleanText, Metadata, Tags, Card, model.Links, model.Problem])
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


def test_bytes_of_another_type_version_or_origin_are_refused() -> None:
    stored = codec.encode(article())
    other_version = stored.replace(codec.VERSION.encode(), b"0" * 12)
    for data in (b"", b"{}", b"[1]", b"\xff\xfe", b"null", stored[:-1], other_version):
        with pytest.raises(ValueError):
            codec.decode(data)
    with pytest.raises(ValueError, match="Article"):
        codec.decode(stored, Card)
    with pytest.raises(ValueError):
        codec.decode(stored.replace(b'"province.name"', b'"province.name",1'))


def test_what_is_not_of_the_model_is_not_stored() -> None:
    with pytest.raises(TypeError, match="set"):
        codec.encode({1, 2})
