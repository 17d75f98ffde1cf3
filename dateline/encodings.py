"""Bytes → text: which encoding, NFC, "\\n" newlines, nothing that no file can hold.

in:   the bytes of a document
out:  Decoded(text, encoding, notes): notes say, in a reader's words, what had to be guessed or replaced

UTF-8 wins whenever the bytes are UTF-8. Then UTF-16 and UTF-32, with a byte-order mark or known by their NULs. What is
left is an old single-byte file: Windows-1258, TCVN3 and VNI-Windows are tried, and the one in which most accented words
are Vietnamese syllables is taken; when none is, it is Windows-1252 and said to be a guess.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from dateline import yamlfile
from dateline.config import SHIPPED
from dateline.text import nfc

SAMPLE = 65_536
"""Bytes that are looked at to tell an encoding."""
ENOUGH_WORDS = 3
ENOUGH_SHARE = 0.7
"""That many accented words, and that share of them Vietnamese, make an old encoding believable."""


class Decoded(NamedTuple):
    """Text, and how it was come by."""

    text: str
    encoding: str
    """utf-8, utf-16-le …, windows-1258, tcvn3, vni-windows, windows-1252; "tcvn3 in utf-8": pasted from a font."""
    notes: tuple[str, ...] = ()


_BOMS = (                                        # UTF-32 LE begins with UTF-16 LE's mark
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_OLD_NEWLINE = "\r\x85\u2028\u2029"
_OLD_NEWLINES = re.compile("\r\n?|[\u2028\u2029\x85]")
_UNUSABLE = re.compile("[\ud800-\udfff\x00]")
_VIETNAMESE = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
_PASTED = re.compile("[\xa1-\xff]")
# The 5 bytes that Windows-1252 leaves undefined become U+FFFD.
_WINDOWS_1252 = {byte: bytes([byte]).decode("cp1252", "replace") for byte in range(256)}
_PUNCTUATION = "".join(chr(code) for code in range(128) if not chr(code).isalnum()) + "“”‘’–—…«»•\xa0"


def decode(data: bytes, like: str = "") -> Decoded:
    """The text of a document. `like` is the encoding of the file this is a line of, if it is known.

    >>> decode("Hà Nội".encode("utf-16"))
    Decoded(text='Hà Nội', encoding='utf-16-le', notes=())
    """
    encoding = marked(data)
    if encoding is None:
        try:
            return _pasted(tidy(Decoded(data.decode("utf-8"), "utf-8")))
        except UnicodeDecodeError:
            encoding = like if like not in ("", "utf-8") else guess(data)
    text, notes = _with(data, encoding)
    return tidy(Decoded(text, encoding, notes))


def marked(data: bytes) -> str | None:
    """The Unicode encoding that a byte-order mark, or a pattern of NULs, gives away."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    head = data[:SAMPLE]
    if b"\0" not in head or len(head) < 4:
        return None
    nuls = [head[start::4].count(0) * 4 / len(head) for start in range(4)]
    if min(nuls[0], nuls[1]) > 0.9 and nuls[3] < 0.1:
        return "utf-32-be"
    if min(nuls[2], nuls[3]) > 0.9 and nuls[0] < 0.1:
        return "utf-32-le"
    even, odd = (nuls[0] + nuls[2]) / 2, (nuls[1] + nuls[3]) / 2
    if even > 0.3 and odd < 0.05:
        return "utf-16-be"
    if odd > 0.3 and even < 0.05:
        return "utf-16-le"
    return None


def guess(data: bytes) -> str:
    """The encoding of bytes that are not wholly UTF-8."""
    head = data[:SAMPLE]
    high = sum(byte > 127 for byte in head)
    broken = head.decode("utf-8", "replace").count("\ufffd")
    if high and broken * 4 < high:               # three letters in four are sound UTF-8: a damaged file, not an old one
        return "utf-8"
    old = _old_encoding(head.translate(None).decode("latin-1").translate(_WINDOWS_1252), head)
    return old or "windows-1252"


def tidy(decoded: Decoded) -> Decoded:
    """NFC, one kind of newline, and U+FFFD for what is no character."""
    text, encoding, notes = decoded
    if text.startswith("\ufeff"):
        text = text[1:]
    if any(map(text.__contains__, _OLD_NEWLINE)):     # 3 µs where the expression takes 60
        text = _OLD_NEWLINES.sub("\n", text)
    text, unusable = (text, 0) if _is_usable(text) else _UNUSABLE.subn("\ufffd", text)
    if unusable:
        notes = (*notes, f"{unusable} characters that are none (NUL, half a surrogate pair) were replaced with �")
    return Decoded(nfc(text), encoding, notes)


def _is_usable(text: str) -> bool:
    """No NUL and no half of a surrogate pair."""
    if "\0" in text:
        return False
    try:
        text.encode("utf-8")                     # 5 µs where a search takes 20
    except UnicodeEncodeError:
        return False
    return True


def _with(data: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    """Decode, come what may."""
    old = _old().get(encoding)
    if old is None and encoding not in ("windows-1252", "windows-1258"):
        text = data.decode(encoding, "replace")
        lost = text.count("\ufffd") - (data.count(b"\xef\xbf\xbd") if encoding == "utf-8" else 0)
        return text, (f"{lost} bytes that are not {encoding.upper()} were replaced with �",) if lost > 0 else ()
    if encoding == "windows-1258":
        return data.decode("cp1258", "replace"), (_guessed(encoding),)
    text = data.decode("latin-1").translate(_WINDOWS_1252)
    return (old.read(text) if old else text), (_guessed(encoding),)


def _guessed(encoding: str) -> str:
    return f"is not UTF-8; read as {encoding}, which is a guess"


def _pasted(decoded: Decoded) -> Decoded:
    """Undo text that was pasted out of a TCVN3 or VNI font and saved as UTF-8: "Hµ Néi", "Haø Noäi"."""
    text = decoded.text
    if text.isascii() or _VIETNAMESE.search(text) or not _PASTED.search(text):
        return decoded
    encoding = _old_encoding(text[:SAMPLE], None)
    if encoding is None:
        return decoded
    note = f"holds the characters of a {encoding} font; they were turned into Vietnamese letters"
    return tidy(Decoded(_old()[encoding].read(text), f"{encoding} in utf-8", (*decoded.notes, note)))


def _old_encoding(text: str, data: bytes | None) -> str | None:
    """Which old encoding makes `text` (read as Windows-1252) Vietnamese, if any."""
    readings = {name: old.read(text) for name, old in _old().items()}
    if data is not None:
        readings["windows-1258"] = data.decode("cp1258", "replace")
    plain = syllable_share(text)[1]
    best, words, share = None, 0, max(plain, ENOUGH_SHARE)
    for name, reading in sorted(readings.items()):
        found, good = syllable_share(nfc(reading))
        if found >= ENOUGH_WORDS and good > share:
            best, words, share = name, found, good
    return best if words else None


def syllable_share(text: str) -> tuple[int, float]:
    """How many words are not ASCII, and which share of those are Vietnamese syllables.

    >>> syllable_share("Hội nghị ở Nghệ An"), syllable_share("un café à Montréal")
    ((4, 1.0), (3, 0.3333333333333333))
    """
    words = [word for word in (part.strip(_PUNCTUATION) for part in text.split()) if not word.isascii()]
    return len(words), sum(map(_is_syllable, words)) / len(words) if words else 0.0


_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")


def _is_syllable(word: str) -> bool:
    apart = unicodedata.normalize("NFD", word.lower())
    tones = _TONES.findall(apart)
    match = _syllable().fullmatch(unicodedata.normalize("NFC", _TONES.sub("", apart)))
    if match is None or len(tones) > 1:
        return False
    return match[1] not in ("c", "ch", "p", "t") or tones in (["\u0301"], ["\u0323"])


@dataclass(frozen=True, slots=True)
class _Old:
    """An encoding of data/encodings.yml; reads text that was decoded as Windows-1252."""

    read: Callable[[str], str]
    examples: tuple[tuple[str, str], ...]


@cache
def _old() -> dict[str, _Old]:
    return {entry.get("id").string(): _old_from(entry) for entry in _data().get("encodings").list()}


def _old_from(entry: yamlfile.Node) -> _Old:
    letters = {ord(key): value.string() for key, value in entry.get("letters").items()}
    marks = {key: value.plain() for key, value in entry.get("marks").items()}
    examples = tuple((one.get("stored").string(), one.get("text").string()) for one in entry.get("examples").list())
    if not marks:
        return _Old(lambda text: text.translate(letters), examples)
    marks |= {key.upper(): value for key, value in marks.items()}
    carried = re.compile(f"([{entry.get('carriers').string()}])([{''.join(marks)}])|[{''.join(map(chr, letters))}]")

    def letter(match: re.Match[str]) -> str:
        if match[1] is None:
            return letters[ord(match[0])]
        return unicodedata.normalize("NFC", match[1].translate(letters) + marks[match[2]])

    return _Old(lambda text: carried.sub(letter, text), examples)


@cache
def _syllable() -> re.Pattern[str]:
    parts = _data().get("syllable")
    onsets, vowels, codas = ("|".join(parts.get(name).strings()) for name in ("onsets", "vowels", "codas"))
    return re.compile(f"(?:{onsets})?(?:{vowels})({codas})?")


@cache
def _data() -> yamlfile.Node:
    return yamlfile.load(SHIPPED / "data" / "encodings.yml", "data/encodings.yml")
