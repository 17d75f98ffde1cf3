"""Vietnamese and English text: strings in, strings out.

    nfc      one Unicode form, once, at the door
    fold     case and diacritics gone: "Nghệ An" → "nghe an" (compare, never display)
    key      case and tone *placement* gone, everything else kept: "Hoà Bình" and "Hòa Bình" are equal, "Hoa Binh" is not
    slug     for URLs: "Đắk Lắk" → "dak-lak"
    collate  Vietnamese dictionary order as a sort key
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import filterfalse

# NFD does not take đ apart, and scrapes write it with look-alikes (Ð U+00D0, Ɖ U+0189).
_D = {"đ": "d", "Đ": "D", "Ð": "D", "ð": "d", "Ɖ": "D", "ɖ": "d"}
_VIETNAMESE_MARKS = "\u0300\u0301\u0309\u0303\u0323\u0302\u0306\u031b"
_WORD_LENGTH = 12
"""Texts up to this length are mostly words, of which there are few."""
_TONES = {"\u0300": "2", "\u0301": "1", "\u0309": "3", "\u0303": "4", "\u0323": "5"}   # huyền sắc hỏi ngã nặng
_MARK = re.compile(r"[\u0300-\u036f]")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_LOWER = "a-zàáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
_SENTENCE_END = re.compile(rf"(?<=[.!?…])[\"”’')\]]*\s+(?=[\"“‘'(\[]*[^\W\d_{_LOWER}])")


def nfc(text: str) -> str:
    """Compose: a scraped "ê + dot below" becomes the one letter every font has."""
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Take case and diacritics away; the length may change.

    >>> fold("Đắk Lắk, NGHỆ AN")
    'dak lak, nghe an'
    """
    if text.isascii():
        return text.lower()
    return _folded_word(text) if len(text) <= _WORD_LENGTH else _folded(text)


def _folded(text: str) -> str:
    for letter, plain in _D.items():
        if letter in text:
            text = text.replace(letter, plain)
    plain = unicodedata.normalize("NFD", text)
    for mark in _VIETNAMESE_MARKS:
        plain = plain.replace(mark, "")
    return plain.lower() if plain.isascii() else _MARK.sub("", plain).lower()


@lru_cache(maxsize=32768)
def _folded_word(text: str) -> str:
    return _folded(text)


@lru_cache(maxsize=65536)
def _word_key(word: str) -> str:
    marks = unicodedata.normalize("NFD", word.lower())
    tone = "".join(_TONES[mark] for mark in marks if mark in _TONES)
    return unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES)) + tone


def key(text: str) -> str:
    """Make spellings equal that differ only in case or in where the tone mark stands.

    >>> key("Hoà Bình") == key("HÒA BÌNH"), key("hoa") == key("hoà")
    (True, False)
    """
    if text.isascii():
        return text.lower()
    return _WORD.sub(lambda match: _word_key(match[0]), text)


# Tone marks that stand on either vowel of an open syllable: "hoà" and "hòa" are one word. We keep the first vowel's.
_OPEN_TONE = re.compile(r"o[àáảãạèéẻẽẹ]\b|u[ỳýỷỹỵ]\b")
_OPEN_CANON = {
    first + second: one + plain
    for first, plain, seconds, ones in (("o", "a", "àáảãạ", "òóỏõọ"), ("o", "e", "èéẻẽẹ", "òóỏõọ"), ("u", "y", "ỳýỷỹỵ", "ùúủũụ"))
    for second, one in zip(seconds, ones, strict=True)
}
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


@lru_cache(maxsize=4096)
def _flat_letter(letter: str) -> str:
    plain = fold(letter)
    return plain if len(plain) == 1 else letter


@lru_cache(maxsize=64)          # every tagger reads the same blocks
def accented_form(text: str) -> str:
    """What accented text is matched on: lower case, one tone placement, *the same length* as `text` (NFC).

    >>> accented_form("Trường THPT Hoà Bình")
    'trường thpt hòa bình'
    """
    low = text.lower()
    if len(low) != len(text):                  # "İ" grows when lowered
        low = "".join(letter if len(letter.lower()) != 1 else letter.lower() for letter in text)
    return _OPEN_TONE.sub(lambda match: _OPEN_CANON[match[0]], low)


@lru_cache(maxsize=64)
def flat_form(text: str) -> str:
    """What unaccented and foreign text is matched on: lower case, no diacritics, *the same length* as `text` (NFC).

    >>> flat_form("Đắk Lắk – Nghệ An")
    'dak lak – nghe an'
    """
    low = text.lower()
    if len(low) != len(text):
        low = "".join(letter if len(letter.lower()) != 1 else letter.lower() for letter in text)
    return low if low.isascii() else _NOT_ASCII.sub(lambda match: _flat_letter(match[0]), low)


def slug(text: str, limit: int = 60) -> str:
    """Lower-case ASCII words joined by hyphens, cut at a word.

    >>> slug("Quận Hoàn Kiếm và huyện Quốc Oai phối hợp", 24)
    'quan-hoan-kiem-va-huyen'
    """
    plain = _NOT_SLUG.sub("-", fold(text)).strip("-")
    if len(plain) <= limit:
        return plain
    return (plain[:limit] if plain[limit] == "-" else plain[:limit].rpartition("-")[0] or plain[:limit]).strip("-")


def words(text: str) -> list[str]:
    """The words (Vietnamese: syllables) of a text, as printed."""
    return _WORD.findall(text)


def count_words(text: str) -> int:
    """How many words there are: what `words` finds, in half its time.

    >>> count_words("Quyết định 1373/QĐ-TTg: it’s “done”"), len(words("Quyết định 1373/QĐ-TTg: it’s “done”"))
    (7, 7)
    """
    parts = text.split()
    joined = list(filterfalse(str.isalnum, parts))
    return len(parts) - len(joined) + len(_WORD.findall(" ".join(joined)))


def spaced(text: str) -> str:
    """The text on one line: a single blank between words, none at the edges.

    >>> spaced("  Sở Giáo\\tdục \\n Hà\\u00a0Nội ")
    'Sở Giáo dục Hà Nội'
    """
    if text.isprintable() and "  " not in text:      # of all that is white, only the blank is called printable
        return text.strip(" ")
    return " ".join(text.split())


def sentences(text: str) -> list[str]:
    """Split where a full stop is followed by something that can begin a sentence."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part.strip()]


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut at a word, with "…" when something is missing.

    A word that is half of what may be shown, such as a web address, is cut itself: else little or nothing would be left.

    >>> shorten("Chiều 4/3, tại Hà Nội", 14), shorten("https://baonghean.vn/khuyen-hoc", 21)
    ('Chiều 4/3…', 'https://baonghean.vn…')
    """
    text = spaced(text)
    if len(text) <= limit:
        return text
    words, _, word = text[: limit - 1].rpartition(" ")
    return (words if len(word) < limit / 2 else text[: limit - 1]).rstrip(" ,;:–-(“\"") + "…"


_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_ORDER = {letter: chr(0x100 + 2 * position) for position, letter in enumerate(_ALPHABET)}
_TONE_ORDER = {"": "0", "2": "1", "3": "2", "4": "3", "1": "4", "5": "5"}    # ngang huyền hỏi ngã sắc nặng


@lru_cache(maxsize=8192)
def collate(text: str) -> tuple[str, str]:
    """Sort key in Vietnamese dictionary order: đ after d, ă after a; tones break ties (a à ả ã á ạ).

    >>> sorted(["Đà Nẵng", "Điện Biên", "Cà Mau", "Cao Bằng", "Đắk Lắk", "Cần Thơ"], key=collate)
    ['Cà Mau', 'Cao Bằng', 'Cần Thơ', 'Đà Nẵng', 'Đắk Lắk', 'Điện Biên']
    """
    letters: list[str] = []
    tones: list[str] = []
    for word in text.lower().split():
        marks = unicodedata.normalize("NFD", word)
        plain = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES))
        letters.append("".join(_ORDER.get(letter, letter) for letter in plain))
        tones.append(_TONE_ORDER["".join(_TONES[mark] for mark in marks if mark in _TONES)[:1]])
    return " ".join(letters), "".join(tones)
