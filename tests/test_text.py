"""Vietnamese text: folding, keys, slugs, order."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from dateline import text


def test_both_tone_placements_are_one_spelling_and_no_accent_is_another():
    assert text.key("Hoà Bình") == text.key("Hòa Bình") == text.key("HOÀ BÌNH")
    assert text.key("Hoa Binh") != text.key("Hòa Bình")


def test_d_with_stroke_folds_whatever_letter_the_scrape_used():
    assert {text.fold(name) for name in ("Đà Nẵng", "Ðà Nẵng", "Ɖà Nẵng", "da nang")} == {"da nang"}


def test_decomposed_text_folds_like_composed_text():
    assert text.fold(unicodedata.normalize("NFD", "Nghệ An – Thừa Thiên Huế")) == "nghe an – thua thien hue"


def test_a_slug_is_cut_at_a_word():
    assert text.slug("Đẩy mạnh phong trào khuyến học ở vùng cao", 20) == "day-manh-phong-trao"
    assert text.slug("!!!") == ""


def test_vietnamese_order_puts_d_with_stroke_after_d_and_ties_by_tone():
    assert sorted(["Đồng Nai", "Dương", "Đà Nẵng", "Cần Thơ", "Cà Mau"], key=text.collate) == [
        "Cà Mau", "Cần Thơ", "Dương", "Đà Nẵng", "Đồng Nai"]
    assert sorted(["má", "mạ", "ma", "mả", "mã", "mà"], key=text.collate) == ["ma", "mà", "mả", "mã", "má", "mạ"]


def test_sentences_end_at_a_full_stop_before_a_capital_only():
    found = text.sentences("Chiều 4/3, TP. Hà Nội họp. Ông Trần Thế Cương phát biểu… “Tốt!” Hết.")
    assert found[-1] == "Hết." and len(found) >= 3


@given(st.text())
def test_matching_forms_keep_every_offset(sample):
    composed = text.nfc(sample)
    assert len(text.accented_form(composed)) == len(composed)
    assert len(text.flat_form(composed)) == len(composed)


@given(st.text(), st.integers(min_value=5, max_value=60))
def test_a_slug_is_ascii_and_short(sample, limit):
    made = text.slug(sample, limit)
    assert made.isascii() and len(made) <= limit and not made.startswith("-") and not made.endswith("-")


SCRAPED = st.text(st.one_of(st.sampled_from("ếđĐ5_'’-/ \n\t\u00a0\u200b\u2028\x00\ud800"), st.characters()))


@given(SCRAPED)
def test_words_are_counted_as_they_are_found(sample):
    assert text.count_words(sample) == len(text.words(sample))


@given(SCRAPED)
def test_a_text_is_spaced_like_its_words_joined(sample):
    assert text.spaced(sample) == " ".join(sample.split())
    assert text.spaced(f" {sample}") == " ".join(sample.split())


def test_what_is_cut_short_always_says_something():
    """A web address that was evidence stood there as “…”: it has no space to cut at."""
    address = "https://haiphong.edu.vn/tin-tuc-su-kien/" + "hoi-nghi-" * 20
    assert text.shorten(address, 120) == address[:119] + "…"
    assert text.shorten(f"Nguồn: {address}", 120).startswith("Nguồn: https://haiphong.edu.vn/")
    assert text.shorten("Hội nghị điển hình tiên tiến", 20) == "Hội nghị điển hình…"
