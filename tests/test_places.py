"""Which province a story is about."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from dateline import gazetteer, language, places
from dateline.gazetteer import Gazetteer
from dateline.model import Block, Claim, CleanText, Metadata, RawDocument
from dateline.text import nfc

ROOT = Path(__file__).parent.parent
KNOWN, _ = gazetteer.load((ROOT / "data",))
WORDS, _ = language.load((ROOT / "data",))


@dataclass(frozen=True)
class Outlet:
    province: str | None


@dataclass(frozen=True)
class Outlets:
    homes: tuple[tuple[str, str], ...] = ()

    def by_host(self, host: str) -> Outlet | None:
        return next((Outlet(home) for name, home in self.homes if name == host), None)


@dataclass(frozen=True)
class Knowledge:
    gazetteer: Gazetteer = KNOWN
    outlets: Outlets = Outlets()


def _metadata(date: str | None = None, publisher: str | None = None) -> Metadata:
    return Metadata(None, "none", Claim(date, 1.0) if date else None, None, Claim(publisher, 1.0) if publisher else None, None, None)


def _place(text: str, date: str | None = None, publisher: str | None = None) -> places.PlaceResult:
    text = nfc(text)
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    titled = len(lines) > 1 and len(lines[0][1]) < 90 and lines[0][1][-1] not in ".:"
    blocks = tuple(Block("title" if titled and number == lines[0][0] else "paragraph", line, number) for number, line in lines)
    tongue = language.detect([block.text for block in blocks], WORDS)
    return places.place(RawDocument("x", text, "", "x.txt"), CleanText(blocks, ()), _metadata(date, publisher), tongue, Knowledge())


def _value(result: places.PlaceResult) -> str | None:
    return result.primary.value if result.primary else None


@pytest.mark.parametrize(("sentence", "slug"), KNOWN.examples, ids=[slug for _, slug in KNOWN.examples])
def test_every_units_example_is_found(sentence: str, slug: str) -> None:
    assert _value(_place(sentence)) == slug


@pytest.mark.parametrize("trap", KNOWN.traps, ids=lambda trap: trap.id)
def test_no_place_is_seen_in_a_trap(trap: gazetteer.Trap) -> None:
    assert _value(_place(trap.example)) in (None, "national")


@pytest.mark.parametrize(("name", "slug"), [
    ("000_7c1d33b26a34ba24", "ha-noi"), ("001_e62e380041c9c505", "hai-phong"), ("002_ccd91bb8fd08ac0e", "son-la"),
    ("003_7d0563742930568a", "ha-noi"), ("004_faeadee21973bc80", "nghe-an"),
])
def test_the_seeds(name: str, slug: str) -> None:
    assert _value(_place((ROOT / "seeds" / f"{name}.txt").read_text("utf-8"))) == slug


def test_after_the_merger_a_story_carries_the_new_name_and_the_area_its_former_one() -> None:
    result = _place("Trường ở phường Chí Linh, Hải Dương cũ được sửa.\nSở Giáo dục và Đào tạo Hải Phòng kiểm tra.", "2025-09-18")
    assert [(tag.value, tag.role, tag.era) for tag in result.tags] == [("hai-phong", "primary", "34"), ("hai-duong", "former", "63")]


@pytest.mark.parametrize(("date", "slug"), [("2025-06-30", "hai-duong"), ("2025-07-01", "hai-phong"), (None, "hai-duong")])
def test_the_merger_day_decides_the_name(date: str | None, slug: str) -> None:
    assert _value(_place("UBND tỉnh Hải Dương khen thưởng học sinh giỏi.", date)) == slug


# -- sentences that mislead a counter of names ----------------------------------------------------------------------

TRAPS = yaml.safe_load((ROOT / "tests" / "cases" / "places" / "traps.yml").read_text("utf-8"))


def test_there_are_many_traps() -> None:
    assert len(TRAPS) >= 150


@pytest.mark.parametrize("trap", TRAPS, ids=[f"{trap['place']}-{trap['why'].replace(' ', '-')}"[:60] for trap in TRAPS])
def test_a_trap(trap: dict[str, str]) -> None:
    found = _value(_place(trap["text"]))
    if trap["place"] == "none":
        assert found in (None, "national")
    else:
        assert found == trap["place"]
