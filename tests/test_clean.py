"""Cleaning keeps the article and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from dateline import outlets, rules
from dateline.clean import clean
from dateline.model import BODY_KINDS, CleanText, RawDocument
from dateline.outlets import Outlets
from dateline.rules import Rules

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Known:
    """What cleaning needs of `Knowledge`."""

    rules: Rules
    outlets: Outlets


KNOWN = Known(rules.load([ROOT / "data"])[0], outlets.load([ROOT / "data"])[0])


def document(text: str, **fields: str) -> RawDocument:
    return RawDocument("x", text, "0", "x.txt", fields=tuple(fields.items()))


def lines_of(text: CleanText, *kinds: str) -> list[int]:
    return [block.line for block in text.blocks if block.kind in kinds]


# Labelled by hand, line by line: title, body, captions, noise.
SEEDS = {
    "000_7c1d33b26a34ba24.txt": ([], [1, 3, 5, 9, 11, 13, 15], [7], [17, 19]),
    "001_e62e380041c9c505.txt": ([], list(range(1, 11)), [], [11, 12]),
    "002_ccd91bb8fd08ac0e.txt": (
        [5], [10, 12, 14, 16, 18, *range(24, 43, 2)], [20, 22],
        [1, 3, 7, 44, 47, 49, 50, 52, 54, 55, 56, 57, 59, 61, 63, 65, 67, 69, 71, 73, 75],
    ),
    "003_7d0563742930568a.txt": (
        [5], [7, *range(11, 26, 2)], [],
        [1, 2, 3, 9, 27, 29, 31, 32, 34, 36, 37, 38, 39, 41, 43, 44, 46, 48, 50, 52, 54, 56, 58, 60, 61, 62],
    ),
    "004_faeadee21973bc80.txt": ([1], [5, 7, 11, 13, 15, 19, 21, 23, 25, 27, 31], [9, 17, 29], [3, 33]),
}


@pytest.mark.parametrize("name", SEEDS)
def test_every_line_of_the_five_seeds_is_what_a_person_said_it_is(name: str) -> None:
    title, body, captions, noise = SEEDS[name]
    text = clean(document((ROOT / "seeds" / name).read_text("utf-8")), KNOWN)
    assert lines_of(text, "title") == title
    assert lines_of(text, *BODY_KINDS) == body
    assert lines_of(text, "caption") == captions
    assert sorted(removal.line for removal in text.removed if removal.whole) == noise


def test_the_outlets_signature_is_cut_from_the_first_paragraph_and_can_be_seen() -> None:
    text = clean(document((ROOT / "seeds" / "004_faeadee21973bc80.txt").read_text("utf-8")), KNOWN)
    assert text.body[0].text.startswith("On the morning of February 24, the Provincial Association")
    assert [(part.line, part.text, part.rule) for part in text.removed if not part.whole] == [
        (5, "(Baonghean.vn) -", "dateline.outlet")
    ]
