"""Which province a story is about."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline import gazetteer, language, mentions, places
from dateline.gazetteer import Gazetteer, Unit
from dateline.model import Block, Claim, CleanText, Metadata, RawDocument, Removal, TitleSource
from dateline.text import nfc
from tests.growth import assert_linear

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
    written, by = Claim(date, 1.0) if date else None, Claim(publisher, 1.0) if publisher else None
    return Metadata(None, "none", written, None, by, None, None)


def _place(text: str, date: str | None = None, publisher: str | None = None) -> places.PlaceResult:
    text = nfc(text)
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    titled = len(lines) > 1 and len(lines[0][1]) < 90 and lines[0][1][-1] not in ".:"
    blocks = tuple(Block("title" if titled and number == lines[0][0] else "paragraph", line, number) for number, line in lines)
    tongue = language.detect([block.text for block in blocks], WORDS)
    raw = RawDocument("x", text, "", "x.txt")
    return places.place(raw, CleanText(blocks, ()), _metadata(date, publisher), tongue, Knowledge())


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
    assert [(tag.value, tag.role, tag.era) for tag in result.tags] == [
        ("hai-phong", "primary", "34"), ("hai-duong", "former", "63")]


@pytest.mark.parametrize(("date", "slug"), [("2025-06-30", "hai-duong"), ("2025-07-01", "hai-phong"), (None, "hai-duong")])
def test_the_merger_day_decides_the_name(date: str | None, slug: str) -> None:
    assert _value(_place("UBND tỉnh Hải Dương khen thưởng học sinh giỏi.", date)) == slug


# -- every name of the 63 -------------------------------------------------------------------------------------------

UNITS = [pytest.param(unit, id=unit.slug) for unit in KNOWN.units_63]
SAID = {"ho-chi-minh": "Ho Chi Minh City", "thua-thien-hue": "Thua Thien Hue"}


@pytest.mark.parametrize("unit", UNITS)
def test_its_name_is_found_in_vietnamese(unit: Unit) -> None:
    assert _value(_place(f"Trường tiểu học mới khánh thành tại {unit.name} sáng nay.")) == unit.slug


@pytest.mark.parametrize("unit", UNITS)
def test_its_name_is_found_in_capitals(unit: Unit) -> None:
    assert _value(_place(f"HỌC SINH {unit.name.upper()} ĐI HỌC TRỞ LẠI")) == unit.slug


@pytest.mark.parametrize("unit", UNITS)
def test_its_name_is_found_when_letters_and_marks_came_apart(unit: Unit) -> None:
    assert _value(_place(unicodedata.normalize("NFD", f"UBND tỉnh {unit.name} họp sáng nay."))) == unit.slug


@pytest.mark.parametrize("unit", UNITS)
def test_its_name_is_found_in_english(unit: Unit) -> None:
    assert _value(_place(f"A new school was opened in {unit.name_en} on Monday for the children of the town.")) == unit.slug


@pytest.mark.parametrize("unit", UNITS)
def test_its_name_is_found_in_unaccented_vietnamese(unit: Unit) -> None:
    name = SAID.get(unit.slug, unit.name_en)
    assert _value(_place(f"Truong tieu hoc moi khanh thanh tai {name} sang nay cho hoc sinh cac xa.")) == unit.slug


@pytest.mark.parametrize(("alias", "slug"), [
    (alias, unit.slug) for unit in KNOWN.units_63 for alias in unit.aliases], ids=str)
def test_other_spellings_are_found(alias: str, slug: str) -> None:
    assert _value(_place(f"Trường tiểu học mới khánh thành tại {alias} sáng nay.")) == slug


@pytest.mark.parametrize(("name", "slug"), KNOWN.translations[:126], ids=str)
def test_names_in_other_scripts_are_found(name: str, slug: str) -> None:
    sentence = f"오늘 {name}에서 학교가 문을 열었다" if "가" <= name[0] <= "힣" else f"今日{name}で学校が開校しました"
    assert _value(_place(sentence)) == slug


# -- what the neighbouring words say --------------------------------------------------------------------------------


@pytest.mark.parametrize("context", KNOWN.contexts, ids=lambda context: context.id)
def test_a_context_is_read_as_it_says(context: gazetteer.Context) -> None:
    block = Block("paragraph", context.example, 1)
    found = [mention for mention in mentions.read((block,), ("vi",), KNOWN).mentions if mention.province == context.province]
    assert [mention.weight for mention in found] == [pytest.approx(context.factor * mentions.WORTH[found[0].grade])]


@pytest.mark.parametrize("cues", KNOWN.cues, ids=lambda cues: cues.id)
def test_a_cue_is_heard_in_its_example(cues: gazetteer.Cues) -> None:
    found = mentions.read((Block("paragraph", cues.example, 1),), ("vi",), KNOWN)
    assert cues.id in {cue.id for cue in found.cues}


# -- publishers -----------------------------------------------------------------------------------------------------


def test_a_text_that_says_the_province_is_its_publishers() -> None:
    assert _value(_place("Toàn tỉnh có hơn bốn trăm trường đạt chuẩn.", publisher="baonghean.vn")) == "nghe-an"


def test_a_publisher_decides_nothing_when_the_text_speaks_of_no_locality() -> None:
    assert _value(_place("Uống đủ nước giúp cơ thể khỏe mạnh.", publisher="baonghean.vn")) is None


def test_a_newspapers_home_does_not_beat_the_place_that_is_named() -> None:
    assert _value(_place("UBND tỉnh Phú Thọ khen thưởng học sinh.", publisher="baohoabinh.com.vn")) == "phu-tho"


def test_a_host_speaks_for_the_province_in_its_name() -> None:
    assert _value(_place("Toàn tỉnh chuẩn bị khai giảng.", publisher="thptthuyson.haiphong.edu.vn")) == "hai-phong"


def test_the_place_that_cleaning_cut_off_still_counts() -> None:
    text = CleanText((Block("paragraph", "Sở GD&ĐT vừa có văn bản gửi các trường.", 2),),
                     (Removal(2, "Kiên Giang - ", "dateline.place", whole=False),))
    spoken = language.detect([text.blocks[0].text], WORDS)
    raw = RawDocument("x", "Tiêu đề\nKiên Giang - Sở GD&ĐT vừa có văn bản gửi các trường.", "", "x.txt")
    assert _value(places.place(raw, text, _metadata(), spoken, Knowledge())) == "kien-giang"


@pytest.mark.parametrize(("source", "counts"), [("slug", True), ("record", True), ("person", True), ("lead", False)])
def test_a_headline_beside_the_text_counts_unless_it_was_made_of_the_lead(source: TitleSource, counts: bool) -> None:
    text = "Học sinh đi học trở lại sau lũ."
    metadata = Metadata(Claim("Trường học Lạng Sơn mở cửa lại", 0.9), source, None, None, None, None, None)
    raw = RawDocument("x", text, "", "x.txt")
    spoken = language.detect([text], WORDS)
    result = places.place(raw, CleanText((Block("paragraph", text, 1),), ()), metadata, spoken, Knowledge())
    assert _value(result) == ("lang-son" if counts else None)


# -- the merger -----------------------------------------------------------------------------------------------------


def test_the_parts_of_a_merged_unit_count_together() -> None:
    result = _place("Trường ở Kiên Giang cũ và ở huyện Thoại Sơn được sửa.\nHọc sinh Cà Mau, học sinh Cà Mau cũng đến.",
                    "2025-10-01")
    assert _value(result) == "an-giang"


def test_a_district_school_of_a_merged_area_keeps_its_old_province() -> None:
    result = _place((ROOT / "seeds" / "001_e62e380041c9c505.txt").read_text("utf-8"), "2025-08-22/..")
    assert [(tag.value, tag.role, tag.era) for tag in result.tags] == [("hai-phong", "primary", "34"),
                                                                       ("hai-duong", "former", "63")]


@pytest.mark.parametrize(("date", "slug"), [("2025-03-01", None), ("2025-09-05", "nghe-an")])
def test_a_ward_with_a_districts_name_is_that_place_only_after_districts_ended(date: str, slug: str | None) -> None:
    assert _value(_place("Trường học ở xã Diễn Châu đón học sinh trở lại sau kỳ nghỉ hè.", date)) == slug


@pytest.mark.parametrize("mark", ["'", "’"])
def test_a_name_is_found_with_either_apostrophe(mark: str) -> None:
    assert _value(_place(f"Học sinh huyện Ea H{mark}leo đi học trở lại.")) == "dak-lak"


def test_an_address_places_a_story_that_names_nothing_else_and_is_not_sure_of_it() -> None:
    result = _place("Ao cá của ông Sáu (ngụ ấp Bốn, xã Thạnh Đông, huyện Giồng Riềng) bị đổ thuốc trừ sâu trong đêm.")
    assert result.primary is not None
    assert (result.primary.value, result.primary.confidence) == ("kien-giang", 0.5)


def test_addresses_in_two_provinces_place_nothing() -> None:
    assert _value(_place(
        "Hai tài xế (ngụ xã Thạnh Đông, huyện Giồng Riềng và ngụ xã Phú Hội, huyện Nhơn Trạch) được cảm ơn.")) is None


def test_an_undated_story_of_the_two_tier_government_is_from_after_the_merger() -> None:
    assert _value(_place("Sau sáp nhập, các trường ở Hải Dương cũ có tên mới.")) == "hai-phong"


# -- evidence -------------------------------------------------------------------------------------------------------

_NAMES = sorted({place.name for place in KNOWN.places})
_PIECES = st.one_of(st.sampled_from(_NAMES), st.sampled_from([
    "tỉnh", "huyện", "tại", "quê", "cao tốc", "Bộ GD&ĐT", "Thủ tướng", "học sinh", "in", "province", "(", ")", ":", "-", ", ",
    "\n", "\n\n", "“", "Nguyễn", "Báo", "các xã", "Mỹ", "İstanbul", "ﬁ", "\u0301", "🙂"]), st.text(max_size=6))


@settings(max_examples=150, deadline=None)
@given(st.lists(_PIECES, max_size=40).map(" ".join), st.sampled_from([None, "2024-01-01", "2025-08-22/.."]))
def test_every_quote_stands_on_its_line(text: str, date: str | None) -> None:
    result = _place(text, date)
    lines = nfc(text).split("\n")
    claims = [tag.claim for tag in result.tags] + ([result.primary] if result.primary else [])
    for claim in claims:
        assert 0 <= claim.confidence <= 1
        for evidence in claim.evidence:
            assert evidence.quote in lines[evidence.line - 1]
            assert evidence.rule.startswith("province.")


def test_a_place_across_a_wrapped_line_is_quoted_from_one_line() -> None:
    text = "Trường tiểu học ở tỉnh Quảng Trị mở cửa lại sau lũ."
    cut = text.index("Trị")
    raw = RawDocument("x", text[:cut - 1] + "\n" + text[cut:], "", "x.txt")
    blocks = CleanText((Block("paragraph", text, 1, breaks=(cut,)),), ())
    result = places.place(raw, blocks, _metadata(), language.detect([text], WORDS), Knowledge())
    assert result.primary is not None and result.primary.value == "quang-tri"
    assert [(evidence.quote, evidence.line) for evidence in result.primary.evidence] == [("Quảng", 1)]


@pytest.mark.slow
def test_a_hostile_line_is_read_in_linear_time() -> None:
    assert_linear(lambda size: _place("Nguyễn Hà Nội - " * size + "(" * (3 * size) + "quê " * (3 * size)), 4_000)


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
