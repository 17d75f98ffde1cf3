"""data/provinces.yml: 63 units until 30 June 2025, 34 since, and every name by which newsrooms call them."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from dateline import gazetteer
from dateline.gazetteer import Gazetteer
from dateline.text import nfc

DATA = Path(__file__).parent.parent / "data"
KNOWN, PROBLEMS = gazetteer.load((DATA,))


def test_the_shipped_files_have_no_faults() -> None:
    assert PROBLEMS == []


def test_there_are_34_units_made_of_63() -> None:
    assert (len(KNOWN.units_34), len(KNOWN.units_63)) == (34, 63)
    assert sorted(slug for unit in KNOWN.units_34 for slug in unit.predecessors) == sorted(unit.slug for unit in KNOWN.units_63)


def test_eleven_units_came_through_the_merger_alone() -> None:
    alone = {unit.slug for unit in KNOWN.units_34 if len(unit.predecessors) == 1}
    assert alone == {"ha-noi", "cao-bang", "dien-bien", "lai-chau", "son-la", "lang-son", "quang-ninh", "thanh-hoa", "nghe-an",
                     "ha-tinh", "hue"}


@pytest.mark.parametrize(("old", "new"), [
    ("hai-duong", "hai-phong"), ("ha-giang", "tuyen-quang"), ("yen-bai", "lao-cai"), ("bac-kan", "thai-nguyen"),
    ("hoa-binh", "phu-tho"), ("vinh-phuc", "phu-tho"), ("bac-giang", "bac-ninh"), ("thai-binh", "hung-yen"),
    ("ha-nam", "ninh-binh"), ("nam-dinh", "ninh-binh"), ("quang-binh", "quang-tri"), ("quang-nam", "da-nang"),
    ("kon-tum", "quang-ngai"), ("binh-dinh", "gia-lai"), ("phu-yen", "dak-lak"), ("ninh-thuan", "khanh-hoa"),
    ("dak-nong", "lam-dong"), ("binh-thuan", "lam-dong"), ("binh-phuoc", "dong-nai"), ("binh-duong", "ho-chi-minh"),
    ("ba-ria-vung-tau", "ho-chi-minh"), ("long-an", "tay-ninh"), ("tien-giang", "dong-thap"), ("ben-tre", "vinh-long"),
    ("tra-vinh", "vinh-long"), ("kien-giang", "an-giang"), ("hau-giang", "can-tho"), ("soc-trang", "can-tho"),
    ("bac-lieu", "ca-mau"), ("thua-thien-hue", "hue"), ("ha-noi", "ha-noi"), ("son-la", "son-la"),
])
def test_the_merger_went_where_the_resolution_says(old: str, new: str) -> None:
    assert KNOWN.successor(old) == new
    assert old in KNOWN.predecessors(new)


def test_units_are_listed_in_vietnamese_order() -> None:
    names = [unit.name for unit in KNOWN.units_34]
    assert names[:3] == ["An Giang", "Bắc Ninh", "Cà Mau"]
    assert names.index("Cần Thơ") < names.index("Đà Nẵng") < names.index("Gia Lai")


def test_every_unit_has_a_tile_of_its_own_and_a_known_region() -> None:
    for units in (KNOWN.units_34, KNOWN.units_63):
        assert len({unit.tile for unit in units}) == len(units)
        assert all(KNOWN.region(unit.region) for unit in units)
        assert all(row > 0 and column > 0 for row, column in (unit.tile for unit in units))


def test_the_islands_are_shown_beside_the_land() -> None:
    assert [(island.slug, island.province) for island in KNOWN.islands] == [("hoang-sa", "da-nang"), ("truong-sa", "khanh-hoa")]
    assert not {island.tile_34 for island in KNOWN.islands} & {unit.tile for unit in KNOWN.units_34}
    assert not {island.tile_63 for island in KNOWN.islands} & {unit.tile for unit in KNOWN.units_63}


@pytest.mark.parametrize(("slug", "era", "day", "kind"), [
    ("thua-thien-hue", "63", "2024-12-31", "province"), ("thua-thien-hue", "63", "2025-01-01", "municipality"),
    ("hue", "34", "2025-07-01", "municipality"),
    ("dong-nai", "34", "2026-04-29", "province"), ("dong-nai", "34", "2026-04-30", "municipality"),
    ("ha-noi", "63", "1999", "municipality"), ("son-la", "34", "2026-01-01", "province"),
])
def test_a_units_type_depends_on_the_day(slug: str, era: gazetteer.Era, day: str, kind: str) -> None:
    unit = KNOWN.unit(slug, era)
    assert unit is not None and unit.type_on(day) == kind


def test_a_slug_alone_means_todays_unit_where_there_is_one() -> None:
    new, old = KNOWN.province("hai-phong"), KNOWN.province("hai-duong")
    assert new is not None and new.era == "34"
    assert old is not None and old.era == "63"
    assert KNOWN.province("atlantis") is None
    assert KNOWN.successor("atlantis") is None
    assert KNOWN.predecessors("atlantis") == ()


def test_the_gazetteer_can_be_sent_to_a_worker() -> None:
    copy: Gazetteer = pickle.loads(pickle.dumps(KNOWN))
    assert copy.units_63 == KNOWN.units_63
    assert copy.successor("hai-duong") == "hai-phong"


def test_names_are_composed() -> None:
    assert all(place.name == nfc(place.name) for place in KNOWN.places)


def test_a_sites_own_file_replaces_one_unit(tmp_path: Path) -> None:
    (tmp_path / "provinces.yml").write_text(
        "units_34:\n  - {slug: hue, name: Thành phố Huế, name_en: Hue City, type: municipality, region: north-central,\n"
        "     seat: Thuận Hóa, tile: [7, 6], predecessors: [thua-thien-hue]}\n", "utf-8")
    own, problems = gazetteer.load((DATA, tmp_path))
    assert problems == []
    changed = own.unit("hue", "34")
    assert changed is not None and changed.name == "Thành phố Huế"
    assert len(own.units_34) == 34


def test_all_faults_of_a_file_are_told_in_one_run(tmp_path: Path) -> None:
    (tmp_path / "provinces.yml").write_text(
        "units_34:\n  - {slug: x, name: X, name_en: X, type: kingdom, region: r, seat: S, tile: [1],"
        " predecessors: [nowhere], colour: red}\n",
        "utf-8")
    _, problems = gazetteer.load((tmp_path,))
    said = " ".join(str(problem) for problem in problems)
    assert all(word in said for word in ('"kingdom"', "row and a column", '"nowhere"', 'unknown key "colour"'))
    assert all(problem.line == 2 for problem in problems)
