"""The rows of data/articles.jsonl: one line of JSON each, however the text is made."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from dateline import records
from dateline.gazetteer import Gazetteer
from dateline.model import Block, Claim, Evidence, Removal, Tag
from tests import makes

AWKWARD = st.text(st.one_of(st.sampled_from("ắđ\"\\/</>\x00\x1f\x7f\n\t\r\u2028\ufeff\ud800😀"), st.characters()), max_size=12)


@given(AWKWARD, AWKWARD, st.floats(0, 1))
def test_what_is_published_is_the_line_in_utf_8(text: str, quote: str, sure: float) -> None:
    tag = Tag("topic", Claim("edu", sure, (Evidence(quote, 3, "topic.word"),)), "primary")
    made = makes.article()
    article = replace(made, blocks=(Block("paragraph", text, 1),), removed=(Removal(2, quote, "ad"),), tags=replace(made.tags, tags=(tag,)))
    line = records.line(article, Gazetteer())
    assert json.loads(line)["text"] == text and "\n" not in line
    assert records.published(article, Gazetteer()) == f"{line}\n".encode("utf-8", "replace")
