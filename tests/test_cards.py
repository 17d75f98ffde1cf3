"""Cards as bytes are the same cards, and pages planned from them are the same pages."""

from __future__ import annotations

from itertools import chain

import pytest

from dateline import cards, frame, lists, pages
from dateline.assets import Assets
from dateline.frame import Site
from dateline.press import Press
from dateline.workers import Packed
from tests.site_factory import plain_card, world

NUMBER = 150
"""More than stand on one page of a list."""
MANY = tuple(plain_card(number, date=f"{2015 + number % 8}-0{1 + number % 9}") for number in range(NUMBER))


@pytest.fixture(scope="module")
def site() -> Site:
    return world(MANY).site


def light(site: Site) -> Site:
    """The site as a worker has it."""
    travelled = Packed.of(site.light()).value()
    assert isinstance(travelled, Site)
    return travelled


def test_stored_cards_are_the_same_cards(site: Site) -> None:
    stored = Packed.of(cards.Stored.of(site.corpus.cards)).value()
    assert list(stored.values()) == list(site.corpus.cards)
    with pytest.raises(KeyError):
        stored["n99999"]


def test_a_card_is_decoded_again_when_too_many_were_looked_at(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cards, "OPEN", 3)
    stored = cards.Stored.of(site.corpus.cards)
    assert list(stored.values()) == list(site.corpus.cards) == list(stored.values())


def test_cards_are_found_by_id(site: Site) -> None:
    found = light(site).cards
    assert dict(found) == dict(site.cards) and "n99999" not in found
    assert list(found) == [card.id for card in site.corpus.cards]


def test_shelves_have_the_same_articles_in_the_same_order(site: Site) -> None:
    assert light(site).shelves == site.shelves


def test_lists_planned_by_a_worker_are_the_same(site: Site) -> None:
    asked = list(chain.from_iterable(lists.sheets(site, language) for language in site.config.interface))
    there = light(site)
    assert any(sheet.period is not None for sheet in asked)
    assert there.cuts.keys() == {shelf.path for row in site.shelves.by_facet.values() for shelf in row if shelf.path}
    assert [lists.sheet_page(there, sheet) for sheet in asked] == [lists.sheet_page(site, sheet) for sheet in asked]


def test_articles_planned_by_a_worker_are_the_same() -> None:
    made = world(MANY)
    there, links = light(made.site), dict(zip((card.id for card in made.corpus.cards), made.corpus.links, strict=True))
    for article in made.articles:
        planned = [pages.story_page(site, article, links[article.id]) for site in (there, made.site)]
        assert planned[0] == planned[1]


def test_what_travels_has_the_cards_once_and_as_bytes(site: Site) -> None:
    head, *buffers = Packed.of(Press(site, Assets((), {}, {}))).pieces
    assert len(buffers) == 1 and len(head) < sum(map(len, buffers))
    assert all(bytes(buffers[0]).count(card.id.encode()) >= 1 for card in site.corpus.cards)


def test_views_of_cards_are_not_held_for_ever(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "SEEN", 10)
    site.seen.clear()
    first = [frame.card_view(site, card.id, "en") for card in site.corpus.cards]
    assert len(site.seen) <= 10
    assert first == [frame.card_view(site, card.id, "en") for card in site.corpus.cards]
