"""Which lists there are, and what stands on them."""

from __future__ import annotations

from dataclasses import replace

from dateline import lists, shelves
from dateline.labels import of as labels_of
from dateline.model import Card, ProvinceRef
from dateline.shelves import Shelf
from tests.site_factory import KNOWLEDGE, article_en, article_vi, card_of, corpus_of, plain_card, shipped_strings, world

LABELS = labels_of(KNOWLEDGE, shipped_strings(), ())


def shelve(*cards: Card) -> shelves.Shelves:
    return shelves.shelve(corpus_of(list(cards)), LABELS)


def shelf(found: shelves.Shelves, facet: str, shelf_id: str) -> Shelf:
    return next(shelf for shelf in found.of(facet) if shelf.id == shelf_id)


def placed(number: int, slug: str, era: str, role: str = "primary", **changes: object) -> Card:
    ref = ProvinceRef(slug, era, role)  # type: ignore[arg-type]
    return plain_card(number, province=slug if role == "primary" else "ha-noi", provinces=(ref,), **changes)


def test_an_article_about_a_former_province_counts_for_todays() -> None:
    found = shelve(placed(1, "hai-duong", "63"), placed(2, "hai-phong", "34"))
    assert [one.id for one in shelf(found, "province", "hai-phong").articles] == ["n00001", "n00002"]
    assert [one.id for one in shelf(found, "former", "hai-duong").articles] == ["n00001"]


def test_a_merged_provinces_later_articles_say_nothing_about_the_former_ones() -> None:
    found = shelve(placed(1, "hai-phong", "34"))
    assert found.of("former") == ()


def test_a_province_that_was_only_renamed_goes_on() -> None:
    found = shelve(placed(1, "hue", "34"))
    assert [shelf.id for shelf in found.of("former")] == ["thua-thien-hue"]


def test_concerned_provinces_are_listed_and_not_called_primary() -> None:
    found = shelf(shelve(placed(1, "son-la", "63", "concerned"), placed(2, "son-la", "63")), "province", "son-la")
    assert (len(found), found.primary, found.articles[1].unit) == (2, 1, "son-la")


def test_articles_about_no_place_stand_apart() -> None:
    found = shelve(plain_card(1, province=None, provinces=()), plain_card(2, province="national", provinces=()))
    assert {shelf.id: len(shelf) for shelf in found.of("province")} == {"national": 1, "none": 1}


def test_withheld_articles_stand_on_no_shelf() -> None:
    found = shelve(plain_card(1, withheld="asked by the family"))
    assert all(row == () for row in found.by_facet.values())


def test_a_name_needs_two_articles_and_its_spellings_stand_together() -> None:
    first, second = card_of(article_vi(), "a.html"), card_of(article_en(), "b.html")
    found = shelve(first, second)
    assert [shelf.names for shelf in found.of("person")] == [("Trần Thế Cương", "Tran The Cuong")]
    assert shelve(first).of("person") == ()
    assert found.named("person", "TRẦN THẾ CƯƠNG") == "people/tran-the-cuong.html"


def test_long_names_that_begin_alike_do_not_share_a_page() -> None:
    start = "Phòng Giáo dục và Đào tạo " * 4
    places = ("Hà Đông", "Hà Đông", "Ba Vì", "Ba Vì")
    cards = [plain_card(n, organisations=(f"{start}{place}",)) for n, place in enumerate(places)]
    paths = [shelf.path for shelf in shelve(*cards).of("organisation")]
    assert len(set(paths)) == 2


def test_a_source_lists_what_it_republished() -> None:
    found = shelve(plain_card(1, publisher="nhandan.vn", via="vietnam.vn"), plain_card(2, publisher=None, via=None))
    assert {shelf.id: (len(shelf), shelf.primary) for shelf in found.of("source")} == {
        "nhandan.vn": (1, 1), "vietnam.vn": (1, 0), "none": (1, 0)}
    assert shelf(found, "source", "nhandan.vn").path == "sources/nhandan-vn.html"


def test_domains_that_look_alike_do_not_share_a_page() -> None:
    found = shelve(plain_card(1, publisher="a-b.vn"), plain_card(2, publisher="a.b.vn"))
    assert len({shelf.path for shelf in found.of("source")}) == 2


def test_a_province_and_a_topic_get_a_page_from_three_articles_on() -> None:
    assert shelve(*(plain_card(n) for n in range(2))).of("pair") == ()
    pair = shelve(*(plain_card(n) for n in range(3))).of("pair")[0]
    assert (pair.path, pair.within, len(pair)) == ("provinces/ha-noi/edu-cooperation.html", "ha-noi", 3)


def test_an_open_date_gives_no_year() -> None:
    found = shelve(plain_card(1, date="2025-08-22/.."), plain_card(2, date="2024"), plain_card(3, date=None))
    assert {shelf.id: len(shelf) for shelf in found.of("year")} == {"2024": 1, "none": 2}
    assert found.of("month") == ()


def many(count: int, **changes: object) -> list[Card]:
    return [plain_card(n, **changes) for n in range(count)]


def test_a_short_shelf_is_one_page_and_a_long_one_is_cut_by_year() -> None:
    assert shelves.periods(shelf(shelve(*many(100)), "province", "ha-noi")) == ()
    cards = many(60) + [replace(card, id=f"x{card.id}", date="2021") for card in many(50)]
    cut = shelves.periods(shelf(shelve(*cards), "province", "ha-noi"))
    assert [(period.path, len(period.articles)) for period in cut] == [
        ("provinces/ha-noi/2023.html", 60), ("provinces/ha-noi/2021.html", 50)]


def test_a_crowded_year_is_cut_by_month() -> None:
    cards = many(400, date="2023-03-04") + [replace(card, id=f"x{card.id}", date="2023-02") for card in many(200)]
    cut = shelves.periods(shelf(shelve(*cards), "topic", "edu-cooperation"))
    assert [(period.id, len(period.articles)) for period in cut] == [("2023-03", 400), ("2023-02", 200)]


def test_a_new_article_changes_no_other_period() -> None:
    cards = many(60) + [replace(card, id=f"x{card.id}", date="2021") for card in many(50)]
    before = shelves.periods(shelf(shelve(*cards), "province", "ha-noi"))
    after = shelves.periods(shelf(shelve(*cards, plain_card(999, date="2023-12-31")), "province", "ha-noi"))
    assert before[1] == after[1] and before[0] != after[0]


def test_a_period_of_a_source_counts_what_was_republished_in_it() -> None:
    """It subtracted what the source published in all years."""
    own = [plain_card(n, date="2021", publisher="vietnam.vn", via="vietnam.vn") for n in range(90)]
    others = [plain_card(100 + n, date="2022", publisher="nhandan.vn", via="vietnam.vn") for n in range(60)]
    site = world((*own, *others)).site
    said = {page.path: page.view["figures"] for page in lists.shelf_pages(site, "en") if page.path.startswith("sources/vietnam-vn")}
    assert "60 republished from others" in said["sources/vietnam-vn/2022.html"]
    assert "republished" not in " ".join(said["sources/vietnam-vn/2021.html"])
