"""From printed words to what search compares: forms and keys.

in:   text as printed, and the rules of data/search.yml
out:  forms ("hòa": lower case, one place for the tone mark) and keys ("hoa": what people type)

A key depends on the folded letters alone, so a word is found with all, half or none of its marks. The same table and
the same steps run in assets/search.js; tests/test_search_browser.py holds the two together.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from dateline import yamlfile
from dateline.errors import KnowledgeError

# Runs of letters and digits; the English possessive is cut off.
_TOKEN = re.compile(r"([^\W_]+)(?:['’][sS](?![^\W_]))?")
_MARKS = re.compile(r"[\u0300-\u036f]+")
_PLAIN = re.compile(r"[a-z]{4,}\Z")
MAX_TOKEN = 40
"""A longer run (a hash, a line of digits) is cut here: it is nobody's query."""


@dataclass(frozen=True)
class Rules:
    """data/search.yml, checked. `table` is the part that the browser gets, as JSON."""

    table: Mapping[str, Any]

    @property
    def json(self) -> str:
        return json.dumps(self.table, ensure_ascii=False, separators=(",", ":"), sort_keys=True)

    @cached_property
    def syllable(self) -> re.Pattern[str]:
        return re.compile(f"(?:{'|'.join(self.table['onsets'])})?(?:{'|'.join(self.table['rimes'])})\\Z")

    @cached_property
    def stop(self) -> frozenset[str]:
        return frozenset(self.form(word) for word in self.table["stop"])

    @cached_property
    def _final_y(self) -> re.Pattern[str]:
        return re.compile(f"(?:{'|'.join(self.table['y_is_i'])})y\\Z")

    @cached_property
    def _d(self) -> dict[int, str]:
        return {ord(letter): "đ" for letter in self.table["d_letters"]}

    def form(self, token: str) -> str:
        """One spelling of a printed word: lower case, composed, one place for the tone mark.

        >>> rules = load([Path("data")])
        >>> rules.form("HOÀ"), rules.form("Ðường")
        ('hòa', 'đường')
        """
        low = unicodedata.normalize("NFC", token[:MAX_TOKEN].lower().translate(self._d))
        ending: str | None = self.table["open_tones"].get(low[-2:])
        return low if ending is None or low[-3:-2] == "q" else low[:-2] + ending

    def key(self, form: str) -> str:
        """What people type: no marks, đ as d, y as i where they sound alike, English words without their endings.

        >>> load([Path("data")]).key("đắk"), load([Path("data")]).key("universities")
        ('dak', 'universiti')
        """
        folded = self.fold(form)
        if self._final_y.match(folded):
            return folded[:-1] + "i"
        if _PLAIN.match(folded) and not self.syllable.match(folded):
            return self._stem(folded)
        return folded

    def fold(self, form: str) -> str:
        if form.isascii():
            return form
        return _MARKS.sub("", unicodedata.normalize("NFD", form.replace("đ", "d")))

    def _stem(self, word: str) -> str:
        stem = self.table["stem"]
        for step in stem["steps"]:
            for suffix, ending, least in step:
                rest = word[: len(word) - len(suffix)]
                if word.endswith(suffix) and len(rest) >= least:
                    if ending == suffix or not any(letter in stem["vowels"] for letter in rest):
                        break
                    if not ending and suffix in ("ed", "ing") and rest[-1] == rest[-2] and rest[-1] in stem["double"]:
                        rest = rest[:-1]
                    word = rest + ending
                    break
        return word

    def splits(self, folded: str) -> tuple[str, ...]:
        """Two to four syllables written together: "hanoi" → ("ha noi",). Fewest syllables first, at most four ways."""
        if not (4 <= len(folded) <= 24 and _PLAIN.match(folded)) or self.syllable.match(folded):
            return ()
        for parts in (2, 3, 4):
            found = sorted(self._split(folded, parts), key=lambda way: min(map(len, way.split())), reverse=True)
            if found:
                return tuple(found[:4])
        return ()

    def _split(self, folded: str, parts: int) -> Iterator[str]:
        if parts == 1:
            if self.syllable.match(folded):
                yield folded
            return
        for cut in range(1, min(7, len(folded) - parts + 1) + 1):
            if self.syllable.match(folded[:cut]):
                for rest in self._split(folded[cut:], parts - 1):
                    yield f"{folded[:cut]} {rest}"


def tokens(text: str) -> list[str]:
    """The words of a text as printed, without the possessive.

    >>> tokens("Hanoi's 71-NQ/TW")
    ['Hanoi', '71', 'NQ', 'TW']
    """
    return _TOKEN.findall(text)


def load(folders: Sequence[Path]) -> Rules:
    """Read search.yml from the last folder that has one. Raises KnowledgeError naming file and line."""
    path = [folder / "search.yml" for folder in folders if (folder / "search.yml").exists()][-1]
    node = yamlfile.load(path, "data/search.yml")
    raw = node.plain()
    missing = [name for name in _NEEDED if not isinstance(raw, dict) or name not in raw]
    for name in missing:
        node.complain(f'"{name}" is missing', "copy it from the file that comes with dateline")
    if node.complaints.problems:
        raise KnowledgeError(node.complaints.problems)
    table = {name: raw[name] for name in _NEEDED}
    table["rimes"] = sorted((rime for line in raw["rimes"] for rime in line), key=lambda rime: (-len(rime), rime))
    table["onsets"] = sorted(raw["onsets"], key=lambda onset: (-len(onset), onset))
    table["stop"] = [word for line in raw["stop"] for word in line]
    return Rules(table)


_NEEDED = ("d_letters", "open_tones", "y_is_i", "onsets", "rimes", "stem", "stop", "telex")

