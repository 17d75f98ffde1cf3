"""Paths that stay, order, neighbours, related articles."""

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


def test_linking_does_not_depend_on_the_order_of_reading():
    cards = [card(str(number), topic="t", date=f"20{10 + number % 7}") for number in range(90)]
    assert link.corpus(cards, {}) == link.corpus(cards[::-1], {})
