"""Every encoding that Vietnamese news was ever saved in becomes the same text."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline import encodings
from dateline.encodings import decode

NEWS = """Ngành giáo dục Quảng Ninh họp bàn nhiệm vụ năm học mới
Sáng 12/9, tại thành phố Hạ Long, hơn hai trăm hiệu trưởng đã dự hội nghị. Ông Nguyễn Văn Mỹ nói: "Thầy cô cần được
nghỉ ngơi đủ, học trò phải được ăn trưa sạch sẽ; nước uống, quạt gió và nhà vệ sinh đều sửa xong trước kỳ khai giảng".
Kỹ sư Đỗ Thị Yến kể về những chuyến xuồng chở sách ra đảo, nơi lũ trẻ vẫn ê a tập đọc dưới ngọn đèn dầu."""
SENTENCES = NEWS.replace("\n", " ").split(". ")


def in_windows_1258(text: str) -> bytes:
    """Windows-1258 keeps hats on letters and writes tones apart."""
    out = []
    for letter in text:
        apart = unicodedata.normalize("NFD", letter)
        tone = "".join(mark for mark in apart if mark in "\u0300\u0301\u0303\u0309\u0323")
        out.append(unicodedata.normalize("NFC", "".join(mark for mark in apart if mark not in tone)) + tone)
    return "".join(out).encode("cp1258")


def in_tcvn3(text: str) -> bytes:
    letters = {v.string(): k for k, v in encodings._data().get("encodings").list()[0].get("letters").items()}
    return "".join(letters.get(letter, letter) for letter in text).encode("cp1252")


def in_vni(text: str) -> bytes:
    entry = encodings._data().get("encodings").list()[1]
    singles = {v.string(): k for k, v in entry.get("letters").items()}
    marks = {v.plain(): k for k, v in entry.get("marks").items()}
    out = []
    for letter in text:
        apart = unicodedata.normalize("NFD", letter)
        horn = "\u031b" in apart
        base = singles[unicodedata.normalize("NFC", apart[0] + "\u031b")] if horn else apart[0]
        added = apart[1:].replace("\u031b", "")
        hat_first = "".join(sorted(added, key=lambda mark: mark not in "\u0302\u0306"))
        if letter in singles:
            out.append(singles[letter])
        elif hat_first:
            mark = marks[hat_first]
            out.append(base + (mark.upper() if letter.isupper() else mark))
        else:
            out.append(letter)
    return "".join(out).encode("cp1252")


UNICODE = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be", "utf-32-le"]


@pytest.mark.parametrize("codec", UNICODE)
def test_unicode_files_with_and_without_a_mark(codec: str) -> None:
    assert decode(NEWS.encode(codec)).text == NEWS
    assert decode(NEWS.encode(codec)).notes == ()


def test_utf_16_big_endian_with_a_mark() -> None:
    assert decode(b"\xfe\xff" + NEWS.encode("utf-16-be"))[:2] == (NEWS, "utf-16-be")


@pytest.mark.parametrize(
    ("writer", "name"), [(in_windows_1258, "windows-1258"), (in_tcvn3, "tcvn3"), (in_vni, "vni-windows")]
)
def test_old_vietnamese_files(writer: Callable[[str], bytes], name: str) -> None:
    for text in (NEWS, *SENTENCES):
        got = decode(writer(text.lower()))
        assert (got.text, got.encoding) == (text.lower(), name)
        assert "guess" in got.notes[0]


def test_capitals_of_vni() -> None:
    assert decode(in_vni(NEWS.upper())).text == NEWS.upper()


def test_every_letter_of_the_alphabet_survives_the_tables() -> None:
    tones = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
    letters = [unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in tones] + ["đ"]
    old = encodings._old()
    for letter in letters:
        assert old["tcvn3"].read(in_tcvn3(letter).decode("cp1252")) == letter
        assert old["vni-windows"].read(in_vni(letter).decode("cp1252")) == letter
        assert old["vni-windows"].read(in_vni(letter.upper()).decode("cp1252")) == letter.upper()


def test_the_examples_in_the_data() -> None:
    for name, old in encodings._old().items():
        assert len(old.examples) >= 2, name
        for stored, text in old.examples:
            assert old.read(stored) == text
            assert decode(stored.encode("cp1252"))[:2] == (text, name)
            assert decode(stored.encode("utf-8"))[:2] == (text, f"{name} in utf-8")
    assert not encodings._data().complaints.problems


def test_french_is_not_taken_for_vietnamese() -> None:
    text = "Le président a été reçu à l’hôtel de ville, où les élèves préparaient la fête de l’été."
    got = decode(text.encode("cp1252"))
    assert (got.text, got.encoding) == (text, "windows-1252") and "guess" in got.notes[0]
    assert decode(text.encode())[:2] == (text, "utf-8")


def test_a_damaged_utf_8_file_keeps_its_sound_letters() -> None:
    data = NEWS.encode().replace("Hạ".encode(), b"H\xe1\xba")
    got = decode(data)
    assert got.encoding == "utf-8" and "H�" in got.text and "Quảng Ninh" in got.text
    assert got.notes == ("1 bytes that are not UTF-8 were replaced with �",)


def test_half_a_surrogate_pair_and_nul_are_replaced() -> None:
    assert encodings.tidy(encodings.Decoded("a\ud83db\0c", "utf-8")).text == "a�b�c"
    assert "\ud83d" not in decode("ảnh \ud83d".encode("utf-8", "surrogatepass") + NEWS.encode()).text
    assert decode(b"\xff\xfea\0\x00\xd8b\0").text == "a�b"


def test_newlines_and_composition() -> None:
    assert decode("một\r\nhai\rba\u2028bốn\u2029năm\x85sáu\n".encode()).text == "một\nhai\nba\nbốn\nnăm\nsáu\n"
    assert decode(unicodedata.normalize("NFD", NEWS).encode()).text == NEWS


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_break_it(data: bytes) -> None:
    text, encoding, notes = decode(data)
    assert text == unicodedata.normalize("NFC", text) and encoding and isinstance(notes, tuple)
    assert not set(text) & set("\r\u2028\u2029\x85\0")
    text.encode("utf-8")


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200), st.sampled_from(["utf-8", "utf-8-sig"]))
def test_utf_8_never_loses_a_letter(text: str, codec: str) -> None:
    got = decode(text.encode(codec))
    if got.encoding == "utf-8" and "\0" not in text:
        assert got.text == encodings.tidy(encodings.Decoded(text, "utf-8")).text
