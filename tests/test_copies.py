"""Copies are found, whoever republished them; stories about the same thing are not copies."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.copies import SHINGLE, best_first, clusters, estimate, run_hashes, signature, similarity
from dateline.model import Card

SENTENCE = "sở giáo dục và đào tạo tỉnh họp bàn năm học mới thầy cô học sinh xã huyện lớp trường xây cầu đường núi"
SYLLABLES = SENTENCE.split()


def story(seed: int, words: int = 300) -> str:
    chosen = random.Random(seed)
    return " ".join(chosen.choice(SYLLABLES) for _ in range(words))


def edited(text: str, seed: int, share: float) -> str:
    """The text with so many of its words replaced, in one run of ten each."""
    chosen = random.Random(seed)
    words = text.split()
    for _ in range(round(len(words) * share / 10)):
        at = chosen.randrange(len(words) - 10)
        words[at : at + 10] = [f"khác{chosen.randrange(99)}"] * 10
    return " ".join(words)


def test_exact_and_near_copies_are_one_cluster_and_others_are_none() -> None:
    texts = {f"{n:03}": story(n) for n in range(60)}
    texts["copy"] = texts["007"].replace(" ", "\n").title()
    texts["near"] = edited(texts["007"], 1, 0.05)
    assert clusters(texts.items()) == (("007", "copy", "near"),)


def test_a_copy_that_shares_nine_runs_in_ten_is_always_found() -> None:
    for seed in range(60):
        one = story(seed)
        other = edited(one, seed, 0.03)
        if similarity(one, other) >= 0.9:
            assert clusters([("a", one), ("b", other)]) == (("a", "b"),), seed


def test_texts_that_share_half_are_no_copies() -> None:
    for seed in range(30):
        one = story(seed)
        assert clusters([("a", one), ("b", " ".join(one.split()[:150] + story(seed + 500).split()[:150]))]) == ()


def test_the_order_of_the_documents_does_not_count() -> None:
    texts = [(f"{n:03}", edited(story(n // 3), n, 0.04)) for n in range(90)]
    expected = clusters(texts)
    assert len(expected) >= 20
    for seed in range(5):
        random.Random(seed).shuffle(texts)
        assert clusters(texts) == expected


def test_short_texts_are_copies_only_word_for_word() -> None:
    one, other = "Lịch cắt điện ngày 5/9 tại Vinh", "Lịch cắt điện ngày 6/9 tại Vinh"
    assert clusters([("a", one), ("b", other), ("c", one.replace(" ", "  ").upper())]) == (("a", "c"),)


def test_a_thousand_copies_of_one_text_take_no_longer_than_a_thousand_texts() -> None:
    same = story(1)
    found = clusters((f"{n:04}", edited(same, n, 0.03)) for n in range(1000))
    assert len(found) == 1 and len(found[0]) >= 990


def test_the_estimate_is_near_the_truth() -> None:
    one = story(3)
    other = edited(one, 3, 0.04)
    assert abs(estimate(signature(one), signature(other)) - similarity(one, other)) < 0.12


WORD = st.text(st.sampled_from("aăâ5b-“"), min_size=1, max_size=4)


@settings(deadline=None)
@given(st.lists(WORD, min_size=4, max_size=60))
def test_a_run_of_words_has_one_number_wherever_it_stands_and_another_run_has_another(words: list[str]) -> None:
    runs = [" ".join(words[start : start + SHINGLE]) for start in range(len(words) - SHINGLE + 1)]
    numbers = [int(number) for number in run_hashes(" ".join(words).encode())]
    assert len(numbers) == len(runs)
    assert len(set(zip(runs, numbers, strict=True))) == len(set(runs)) == len(set(numbers))


def test_what_a_text_is_compared_by_is_the_same_in_a_text_of_any_length() -> None:
    short, long = story(1, 50), story(2, 30_000)
    assert set(run_hashes(short.encode())) <= set(run_hashes(f"{long} {short} {long}".encode()))


def test_case_and_blanks_do_not_count() -> None:
    text = story(5)
    for other in (text.upper(), text.replace(" ", "\n\n"), text.replace(" ", "\u00a0 \t"), f"\n{text} "):
        assert signature(other) == signature(text)


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.text(max_size=3), st.text(max_size=60), max_size=12))
def test_every_cluster_is_of_at_least_two_and_no_id_is_in_two(texts: dict[str, str]) -> None:
    found = clusters(texts.items())
    ids = [id for group in found for id in group]
    assert len(ids) == len(set(ids)) and all(len(group) > 1 for group in found) and set(ids) <= texts.keys()


def card(id: str, via: str | None, words: int, date: str | None) -> Card:
    return Card(
        id, f"{id}.html", "", "", "", "text", date, "vi", False, None, (), None, (), "nhandan.vn", via, None, (), (),
        (), (), "", words, 0, (), False, None,
    )  # fmt: skip


def test_the_best_copy_is_the_original_then_the_longest_then_the_oldest() -> None:
    cards = [
        card("e", "vietnam.vn", 900, "2023-01-01"),
        card("d", None, 500, None),
        card("c", None, 500, "2024-02-02"),
        card("b", None, 500, "2023-02-02"),
        card("a", None, 500, "2024-02-02"),
        card("z", None, 600, None),
    ]
    assert best_first(cards) == ("z", "b", "a", "c", "d", "e")
