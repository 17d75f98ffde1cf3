"""What a single line looks like: text in, yes or no (or a compared form) out. Nothing here knows about articles.

Line        one raw line, its edges stripped
split       raw text → the lines that show something, and those that only look blank
printed_form   the form in which lines are compared: no case, no decoration
is_name     "Mỹ Hà", "QUÁCH DU", "N.T": the shape of a Vietnamese person's name
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from dateline.text import fold

SHORT = 160
"""Only lines up to this length can be furniture: furniture is short, and so costly patterns never meet long lines."""

# Characters that print nothing: zero-width joiners, byte order mark, soft hyphen, direction marks, word joiner.
INVISIBLE = "\u200b\u200c\u200d\ufeff\u00ad\u200e\u200f\u2060"
_EDGES = (
    " \t\r\f\v\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u202f\u3000\x1c\x1d\x1e\x1f\x85"
    "\u2028\u2029\u205f\u1680"
    + INVISIBLE
)
_DECORATION = " \t\u00a0:|•·●▪■►▶»«›‹>-–—*#.…!~_=+"
_ENDS = frozenset(".!?…:;。！？។།၊။")
_QUOTES = "\"”’»"
_CLOSERS = "'\"”’»)]"
_INITIALS = re.compile(r"(?:[A-ZĐ]\.){1,3}[A-ZĐ]?\.?$")
_SHORTENED = re.compile(r"(?:[A-ZĐ][a-z]{0,2}\.){1,3}[^\W\d_]{2,7}$")  # N.Huyền, Tr.Thường, H.NAM
# A Vietnamese syllable without its marks. Flat alternations: nothing here can backtrack beyond a few characters.
_SYLLABLE = re.compile(r"(?:ngh?|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?[aeiouy]{1,3}(?:ch|ng|nh|[cmnpt])?$")


@dataclass(frozen=True, slots=True)
class Line:
    """One raw line: its 1-based number and what it shows, edges stripped."""

    number: int
    text: str

    @property
    def short(self) -> bool:
        return len(self.text) <= SHORT


def split(text: str) -> tuple[list[Line], list[Line]]:
    """The lines that show something, and those that hold only invisible characters (a lone no-break space).

    >>> split("Một\\n\\n\\u00a0\\n Hai ")
    ([Line(number=1, text='Một'), Line(number=4, text='Hai')], [Line(number=3, text='\\xa0')])
    """
    shown: list[Line] = []
    invisible: list[Line] = []
    for number, raw in enumerate(text.split("\n"), start=1):
        stripped = raw.strip(_EDGES)
        if stripped:
            shown.append(Line(number, stripped))
        elif raw.strip(" \t\r"):
            invisible.append(Line(number, raw.strip(" \t\r")))
    return shown, invisible


def stripped(raw: str) -> str:
    """A raw line without what shows nothing at its edges.

    >>> stripped("\\u00a0\\u200b Xem thêm \\ufeff")
    'Xem thêm'
    """
    return raw.strip(_EDGES)


@lru_cache(maxsize=4096)  # a line is compared with rules, outlets and what was learnt
def printed_form(text: str) -> str:
    """The form in which two lines count as the same: without case and decoration, but with the marks.

    "Đang tải" is a widget and "Đặng Tài" a reporter: marks are left out of the comparison only where
    they are not printed.

    >>> printed_form("  ►  ĐỌC  NHIỀU: "), printed_form("Comment (0)")
    ('đọc nhiều', 'comment (0)')
    """
    return " ".join(text.lower().strip(_DECORATION + _EDGES).split())


def ends_sentence(text: str) -> bool:
    """Whether the line ends as sentences do.

    >>> ends_sentence("Đại biểu dự hội nghị."), ends_sentence("Đại biểu dự hội nghị"), ends_sentence("“Tôi vui.”")
    (True, False, True)
    """
    last = text[-1:]
    if last in _CLOSERS and last:
        return last in _QUOTES or text[-8:].rstrip(_CLOSERS)[-1:] in _ENDS
    return last in _ENDS


def is_prose(line: Line) -> bool:
    """Whether the line is a paragraph of an article by its looks alone: long, or a sentence of some length."""
    return len(line.text) > SHORT or (len(line.text) >= 60 and ends_sentence(line.text))


def starts_lower(text: str) -> bool:
    return text[:1].islower()


def letters(text: str) -> int:
    return sum(1 for char in text if char.isalpha())


def is_headline(text: str) -> bool:
    """Whether a line could be a headline: some words, no full stop, not a list item.

    >>> is_headline("Many changes in education and training in Son La"), is_headline("Logo"), is_headline("It rained.")
    (True, False, False)
    """
    if not 12 <= len(text) <= 200 or text[-1] in ".,;:" or text[0] in "-–•*+([<|" or text.endswith(".”"):
        return False
    if text.endswith("...") or starts_lower(text):
        return False
    return text.count(" ") >= 2 or any(char >= "\u3040" for char in text)


@lru_cache(maxsize=16384)
def is_syllable(word: str) -> bool:
    """Whether a word could be Vietnamese, with or without its marks: "Nguyễn", "Ha", but not "Product"."""
    return len(word) <= 7 and _SYLLABLE.match(fold(word)) is not None


def is_name(text: str, surnames: frozenset[str], not_names: frozenset[str]) -> bool:
    """Whether a short text has the shape of one Vietnamese person's name.

    >>> known = frozenset({"nguyen"})
    >>> texts = ("Mỹ Hà", "QUÁCH DU", "N.T", "Son La", "Political System")
    >>> [is_name(text, known, frozenset({"son la"})) for text in texts]
    [True, True, True, False, False]
    """
    if len(text) > 40 or not text or not text[0].isupper():
        return False
    if _INITIALS.match(text):
        return 3 <= len(text) <= 8
    words = text.split()
    if len(words) == 1 and _SHORTENED.match(text):
        return is_syllable(text.rpartition(".")[2])
    if not 2 <= len(words) <= 5 or fold(text) in not_names:
        return False
    if not all(word[0].isupper() and (is_syllable(word) or _INITIALS.match(word)) for word in words):
        return False
    upper = [word.isupper() for word in words]
    if all(upper):
        return fold(words[0]) in surnames or len(words) <= 3
    return not any(len(word) > 1 and high for word, high in zip(words, upper, strict=True) if "." not in word)


_BETWEEN_NAMES = re.compile(r"\s?[-–/,&+]\s?|\s(?:và|and)\s")


def are_names(text: str, surnames: frozenset[str], not_names: frozenset[str]) -> bool:
    """Whether a short text is one name or several: "Nguyen Binh - Hai Thanh"."""
    if len(text) > 80 or not text[:1].isupper():
        return False
    return all(is_name(part, surnames, not_names) for part in _BETWEEN_NAMES.split(text))


def halves(text: str) -> str | None:
    """What a text says when it says it twice without a break: "Việt NamViệt Nam" → "Việt Nam".

    >>> halves("Báo Nhân dânBáo Nhân dân"), halves("Báo Nhân dân")
    ('Báo Nhân dân', None)
    """
    text = text.strip(_EDGES)
    middle, odd = divmod(len(text), 2)
    if middle >= 2 and not odd and text[:middle] == text[middle:]:
        return text[:middle].strip()
    if odd and text[middle] == " " and middle >= 2 and text[:middle] == text[middle + 1 :]:
        return text[:middle]
    return None


def joins(text: str) -> Iterator[int]:
    """Offsets at which two phrases were run together: "… Day 2026Equipping teachers …"."""
    for position in range(1, len(text) - 3):
        if (
            text[position].isupper()
            and (text[position - 1].islower() or text[position - 1] in '0123456789"”')
            and (text[position + 1 : position + 3].islower() or text[position : position + 2] in ("A ", "I "))
        ):
            yield position


def is_script_without_spaces(text: str) -> bool:
    """Whether the text is mostly Chinese, Japanese, Thai, Lao or Khmer, where words are not set apart."""
    wide = sum(1 for char in text[:200] if unicodedata.category(char) == "Lo")
    return wide * 2 > len(text[:200])
