"""Paths that stay, order, neighbours, related articles."""

from dataclasses import replace
from itertools import accumulate
from math import log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline import link
from tests.makes import card


def test_a_published_path_never_changes_when_title_and_date_improve():
    placed, kept = link.assign_paths([card("a", title="Tin cũ")], {}, {})
    later, still = link.assign_paths([card("a", title="Tên mới hơn", date="2024-01-02")], kept, {})
    assert later[0].path == placed[0].path and still == kept


def test_a_slug_that_a_person_chose_moves_the_page_and_leaves_a_redirect():
    _, kept = link.assign_paths([card("a", title="Tin")], {}, {})
    placed, moved = link.assign_paths([card("a", title="Tin")], kept, {"a": "Hội nghị"})
    assert placed[0].path.startswith("articles/undated/hoi-nghi-")
    corpus = link.corpus(placed, moved)
    assert corpus.aliases == ((kept["a"][0], placed[0].path),)


def test_two_articles_with_one_title_have_two_paths():
    placed, _ = link.assign_paths([card("a", title="Thông báo"), card("b", title="Thống bào")], {}, {})
    assert len({one.path for one in placed}) == 2


def test_the_folder_says_no_more_than_the_date_does():
    dates = ["2024-08-13", "2024-08", "2024", "2024-08-13/..", None]
    placed, _ = link.assign_paths([card(str(number), date=date) for number, date in enumerate(dates)], {}, {})
    folders = [one.path.split("/", 1)[1].rpartition("/")[0] for one in placed]
    assert folders == ["2024/08", "2024/08", "2024", "undated", "undated"]


def test_newest_first_and_undated_last():
    corpus = link.corpus([card("x"), card("old", date="2020"), card("new", date="2024-05-01")], {})
    assert [one.id for one in corpus.cards] == ["new", "old", "x"]


def test_previous_and_next_stay_in_todays_province():
    cards = [card("1", date="2023", province="hai-duong"), card("2", date="2024", province="hai-phong"),
             card("3", date="2024-02", province="son-la")]
    corpus = link.corpus(cards, {}, successor={"hai-duong": "hai-phong"})
    links = {one.id: links for one, links in zip(corpus.cards, corpus.links, strict=True)}
    assert (links["2"].previous, links["1"].next, links["3"].previous) == ("1", "2", None)


def test_a_shared_campaign_beats_a_shared_topic_and_says_so():
    campaign = "Trường giúp trường"
    cards = [card("a", topic="edu-teachers", campaigns=(campaign,)), card("b", topic="edu-teachers"), card("c", campaigns=(campaign,))]
    corpus = link.corpus(cards, {}, related=1)
    assert [(one.id, one.reason, one.detail) for one in corpus.links[0].related] == [("c", "same_campaign", campaign)]


def test_a_name_with_and_without_accents_is_one_person():
    corpus = link.corpus([card("a", people=("Trần Thế Cương",)), card("b", people=("Tran The Cuong",))], {})
    assert corpus.links[0].related[0].reason == "same_person"


def test_copies_are_not_offered_as_related():
    cards = [card("a", topic="t"), card("b", topic="t"), card("c", topic="t")]
    corpus = link.corpus(cards, {}, copies=[("a", "b")])
    assert [one.id for one in corpus.links[0].related] == ["c"] and corpus.links[0].copies == ("a", "b")


def shared_names(one, other):
    """What two cards have in common: the shelf, what it counts, the words a page puts it in."""
    for name in one.campaigns:
        yield ("campaign", name), 6, ("same_campaign", name), name in other.campaigns
    for name in one.people:
        yield ("person", name), 4, ("same_person", name), name in other.people
    both = (one.province, one.topic) == (other.province, other.topic)
    if one.province and one.topic:
        yield ("both", one.province, one.topic), 2.5, ("same_province_topic", ""), both
    if one.province:
        yield ("province", one.province), 1, ("same_province", ""), one.province == other.province
    if one.topic:
        yield ("topic", one.topic), 1, ("same_topic", ""), one.topic == other.topic


SOME = st.sets(st.sampled_from("abcde"), max_size=3).map(lambda names: tuple(sorted(names)))
CARDS = st.lists(st.tuples(SOME, SOME, st.sampled_from(["son-la", "ha-noi", None]), st.sampled_from(["t", "u", None])), max_size=14)


@settings(max_examples=60, deadline=None)
@given(CARDS, st.integers(0, 4), st.sets(st.integers(0, 13), max_size=3))
def test_those_that_share_most_are_related_for_the_weightiest_reason(drawn, limit, copies):
    cards = [card(f"{n:02}", campaigns=campaigns, people=people, province=province, topic=topic)
             for n, (campaigns, people, province, topic) in enumerate(drawn)]
    cluster = [f"{n:02}" for n in sorted(copies)]
    corpus = link.corpus(cards, {}, copies=[cluster], related=limit)
    for one, links in zip(corpus.cards, corpus.links, strict=True):
        scores = {}
        for other in cards:
            count = [weight / log(sum(name in [shelf for shelf, *_ in shared_names(each, each)] for each in cards) + 1.72)
                     for name, weight, _, yes in shared_names(one, other) if yes]
            if count and other.id != one.id and not (one.id in cluster and other.id in cluster):
                *_, scores[other.id] = accumulate(count)
        best = sorted(scores, key=lambda id: (-scores[id], id))[:limit]
        assert [each.id for each in links.related] == best
        for each in links.related:
            reasons = [(-weight, words) for _, weight, words, yes in shared_names(one, cards[int(each.id)]) if yes]
            assert (each.reason, each.detail) == min(reasons, key=lambda pair: pair[0])[1]


def test_linking_does_not_depend_on_the_order_of_reading():
    cards = [card(str(number), topic="t", date=f"20{10 + number % 7}") for number in range(90)]
    assert link.corpus(cards, {}) == link.corpus(cards[::-1], {})


@pytest.mark.parametrize("changes", [
    {"campaigns": ("x",)}, {"documents": ("x",)}, {"people": ("x",)}, {"organisations": ("x",)}, {"province": "son-la"}, {"topic": "t"},
    {"id": "c"},
])
def test_whatever_articles_are_related_by_is_in_the_key(changes):
    cards = [card("a"), card("b")]
    key = link.kin_key(cards, 3, {})
    assert link.kin_key([cards[0], replace(cards[1], **changes)], 3, {}) != key
    assert link.kin_key([cards[0], replace(cards[1], words=999, lead="khác", digest="d")], 3, {}) == key
    assert len({key, link.kin_key(cards, 2, {}), link.kin_key(cards[::-1], 3, {}), link.kin_key(cards, 3, {"a": ("a", "b")})}) == 4
