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
    def syllables(self) -> frozenset[str]:
        """Every folded token that is one onset and one rime, or a rime alone."""
        return frozenset(onset + rime for onset in ("", *self.table["onsets"]) for rime in self.table["rimes"])

    @cached_property
    def stop(self) -> frozenset[str]:
        return frozenset(self.form(word) for word in self.table["stop"])

    @cached_property
    def _final_y(self) -> dict[str, str]:
        return {f"{onset}y": f"{onset}i" for onset in self.table["y_is_i"]}

    @cached_property
    def _look_alikes(self) -> tuple[str, ...]:
        """Letters that are đ once they are in lower case."""
        return tuple(sorted({letter.lower() for letter in self.table["d_letters"]} - {"đ"}))

    def form(self, token: str) -> str:
        """One spelling of a printed word: lower case, composed, one place for the tone mark.

        >>> rules = load([Path("data")])
        >>> rules.form("HOÀ"), rules.form("Ðường")
        ('hòa', 'đường')
        """
        low = token[:MAX_TOKEN].lower()
        if low.isascii():
            return low
        for letter in self._look_alikes:
            low = low.replace(letter, "đ")
        low = unicodedata.normalize("NFC", low)
        ending: str | None = self.table["open_tones"].get(low[-2:])
        return low if ending is None or low[-3:-2] == "q" else low[:-2] + ending

    def key(self, form: str) -> str:
        """What people type: no marks, đ as d, y as i where they sound alike, English words without their endings.

        >>> load([Path("data")]).key("đắk"), load([Path("data")]).key("universities")
        ('dak', 'universiti')
        """
        return self.key_of(self.fold(form))

    def key_of(self, folded: str) -> str:
        """The key of a form whose marks are off already."""
        if folded in self.syllables or not _PLAIN.match(folded):
            return self._final_y.get(folded, folded)
        return self._stem(folded)

    def fold(self, form: str) -> str:
        if form.isascii():
            return form
        return _MARKS.sub("", unicodedata.normalize("NFD", form.replace("đ", "d")))

    @cached_property
    def _last_letters(self) -> frozenset[str]:
        """With which a suffix ends."""
        return frozenset(suffix[-1] for step in self.table["stem"]["steps"] for suffix, _, _ in step)

    def _stem(self, word: str) -> str:
        stem = self.table["stem"]
        word = stem["irregular"].get(word, word)
        if word[-1] not in self._last_letters:
            return word
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
        if folded in self.syllables or len(folded) > 24 or not _PLAIN.match(folded):
            return ()
        for parts in (2, 3, 4):
            found = sorted(self._split(folded, parts), key=lambda way: min(map(len, way.split())), reverse=True)
            if found:
                return tuple(found[:4])
        return ()

    def pairs(self, folded: str) -> list[tuple[str, str]]:
        """Those of `splits` that are two syllables, which is what an index files."""
        syllables = self.syllables
        if folded in syllables or len(folded) > 24 or not _PLAIN.match(folded):
            return []
        cuts = range(1, min(7, len(folded) - 1) + 1)
        found = [(folded[:cut], folded[cut:]) for cut in cuts if folded[:cut] in syllables and folded[cut:] in syllables]
        return sorted(found, key=lambda way: min(map(len, way)), reverse=True)[:4]

    def _split(self, folded: str, parts: int) -> Iterator[str]:
        if parts == 1:
            if folded in self.syllables:
                yield folded
            return
        for cut in range(1, min(7, len(folded) - parts + 1) + 1):
            if folded[:cut] in self.syllables:
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

