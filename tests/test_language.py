"""Which language a text is in, and whether a machine wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dateline import language
from dateline.model import Block, CleanText, Metadata, RawDocument

ROOT = Path(__file__).parent.parent
WORDS, PROBLEMS = language.load((ROOT / "data",))
NOTHING = Metadata(None, "none", None, None, None, None, None)


def _document(text: str) -> tuple[RawDocument, CleanText]:
    blocks = tuple(Block("paragraph", line, number) for number, line in enumerate(text.split("\n"), 1) if line.strip())
    return RawDocument("x", text, "", "x.txt"), CleanText(blocks, ())


def test_the_shipped_file_has_no_faults() -> None:
    assert PROBLEMS == []


@pytest.mark.parametrize(("expected", "text"), WORDS.examples, ids=[name for name, _ in WORDS.examples])
def test_every_example_is_named(expected: str, text: str) -> None:
    assert language.detect([text], WORDS).language.value == expected


@pytest.mark.parametrize("telltale", WORDS.telltales, ids=lambda telltale: telltale.id)
def test_every_telltale_finds_its_example_and_keeps_the_other(telltale: language.Telltale) -> None:
    def rules(text: str) -> set[str]:
        found = language.identify(*_document(text), NOTHING, WORDS).machine_translated
        return {evidence.rule for evidence in found.evidence}

    filler = "\nThe pupils of this school will be there when it opens for the new year with all of their teachers."
    assert f"translated.{telltale.id}" in rules(telltale.finds + filler)
    assert f"translated.{telltale.id}" not in rules(telltale.keeps + filler)


@pytest.mark.parametrize(("name", "tongue", "translated"), [
    ("000_7c1d33b26a34ba24", "en", True), ("001_e62e380041c9c505", "en", True), ("002_ccd91bb8fd08ac0e", "en", True),
    ("003_7d0563742930568a", "vi", False), ("004_faeadee21973bc80", "en", True),
])
def test_the_seeds(name: str, tongue: str, translated: bool) -> None:
    found = language.identify(*_document((ROOT / "seeds" / f"{name}.txt").read_text("utf-8")), NOTHING, WORDS)
    assert found.language.value == tongue
    assert found.machine_translated.value is translated
