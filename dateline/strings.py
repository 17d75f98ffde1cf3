"""data/strings/*.yml → Strings: every visible word, in each language of the interface.

in:   folders whose strings/<language>.yml hold  key: text  or  key: {one: …, other: …}
out:  Strings, and every complaint about the files: keys or {fields} that one language has and another lacks

A text's fields are filled by name: "{n} articles". `n` chooses the plural form; numbers are written the language's way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from string import Formatter

from dateline import edtf, yamlfile
from dateline.model import Problem

LANGUAGES = ("en", "vi")
_SEPARATOR = {"en": ",", "vi": "."}
_POINT = {"en": ".", "vi": ","}


@dataclass(frozen=True, slots=True)
class Text:
    """One visible text: `one` is for a count of exactly 1 and is empty where the language does not inflect."""

    other: str
    one: str = ""


@dataclass(frozen=True, slots=True)
class Strings:
    """All visible words. Plain data, so that a worker can have a copy."""

    texts: Mapping[str, Mapping[str, Text]]
    """Language → key → text."""
    _counted: dict[tuple[str, str, int], str] = field(default_factory=dict, compare=False, repr=False)
    """Texts with a count in them, and dates, that were asked for before: the same few stand on every list."""
    _dated: dict[tuple[str, str], str] = field(default_factory=dict, compare=False, repr=False)

    def __reduce__(self) -> tuple[type[Strings], tuple[Mapping[str, Mapping[str, Text]]]]:
        return Strings, (self.texts,)

    def t(self, language: str, key: str, **values: str | int) -> str:
        """The text under `key`. A missing key is a programming error: KeyError.

        >>> Strings({"en": {"articles": Text("{n} articles", "{n} article")}}).t("en", "articles", n=1284)
        '1,284 articles'
        """
        text = self.texts[language][key]
        if not values:
            return text.other
        chosen = text.one if text.one and values.get("n") == 1 else text.other
        shown = {name: number(language, value) if isinstance(value, int) else value for name, value in values.items()}
        return chosen.format_map(shown)

    def counted(self, language: str, key: str, n: int) -> str:
        """The text under `key`, which has one field, {n}."""
        known = self._counted.get((language, key, n))
        if known is None:
            known = self._counted[language, key, n] = self.t(language, key, n=n)
        return known

    def has(self, language: str, key: str) -> bool:
        return key in self.texts[language]

    def date(self, language: str, value: str | None) -> str:
        """An EDTF date in words, no more precise than it is; "" for None."""
        if not value:
            return ""
        known = self._dated.get((language, value))
        if known is None:
            known = self._dated[language, value] = self._date(language, value)
        return known

    def _date(self, language: str, value: str) -> str:
        parsed = edtf.parse(value)
        if parsed is None:
            return value
        if parsed.single and parsed.start:
            return self._point(language, parsed.start)
        start = self._point(language, parsed.start) if parsed.start else ""
        end = self._point(language, parsed.end) if parsed.end else ""
        key = "date.between" if start and end else "date.after" if start else "date.before"
        return self.t(language, key, start=start, end=end)

    def _point(self, language: str, point: edtf.Point) -> str:
        year, month, day = f"{point.year:04}", point.month, point.day
        if month is None:
            text = year
        elif day is None:
            text = self.t(language, "date.month_year", month=self.month(language, month), year=year)
        else:
            text = self.t(language, "date.day", day=str(day), month=self.month(language, month), year=year)
        clock = point.text.partition("T")[2][:5]
        if clock:
            text = self.t(language, "date.time", date=text, time=clock)
        return self.t(language, "date.about", date=text) if point.approximate else text

    def month(self, language: str, month: int) -> str:
        """ "March" in English, "3" in Vietnamese, where months have numbers for names."""
        return self.t(language, f"month.{month}")


@lru_cache(maxsize=8192)
def number(language: str, value: int) -> str:
    """A count in the language's way of grouping.

    >>> number("en", 1284), number("vi", 1284)
    ('1,284', '1.284')
    """
    return f"{value:,}".replace(",", _SEPARATOR[language])


def decimal(language: str, value: float, digits: int = 1) -> str:
    """A fraction in the language's way.

    >>> decimal("vi", 12.34)
    '12,3'
    """
    whole, _, rest = f"{value:.{digits}f}".partition(".")
    return number(language, int(whole)) + (_POINT[language] + rest if rest else "")


# -- loading ------------------------------------------------------------------------------------------------------------
def load(folders: Sequence[Path]) -> tuple[Strings, list[Problem]]:
    """Read strings/en.yml and strings/vi.yml of every folder; a later folder's text replaces an earlier one."""
    texts: dict[str, dict[str, Text]] = {}
    problems: list[Problem] = []
    for language in LANGUAGES:
        texts[language] = {}
        for folder in folders:
            path = folder / "strings" / f"{language}.yml"
            if path.exists():
                node = yamlfile.load(path, f"{folder.name}/strings/{language}.yml")
                texts[language].update(_texts(node))
                problems.extend(node.complaints.problems)
    problems.extend(_differences(texts))
    return Strings(texts), problems


def _texts(node: yamlfile.Node) -> dict[str, Text]:
    found: dict[str, Text] = {}
    for key, value in node.items():
        if isinstance(value.value, dict):
            value.only("one", "other")
            text = Text(value.need("other").string(), value.get("one").string())
        else:
            text = Text(value.string())
        try:
            fields(text)
            found[key] = text
        except ValueError as error:
            value.complain(f'"{key}" cannot be filled in: {error}', "write fields as {name}; a brace itself as {{ or }}")
    return found


def fields(text: Text) -> frozenset[str]:
    """The names a text wants filled in."""
    return frozenset(
        name for form in (text.other, text.one) for _, name, _, _ in Formatter().parse(form) if name is not None
    )


def _differences(texts: Mapping[str, Mapping[str, Text]]) -> list[Problem]:
    first, *others = LANGUAGES
    problems = []
    for language in others:
        for missing, there, file in (
            (sorted(texts[first].keys() - texts[language].keys()), first, language),
            (sorted(texts[language].keys() - texts[first].keys()), language, first),
        ):
            for key in missing:
                problems.append(Problem(f"data/strings/{file}.yml", None, f'has no text for "{key}"',
                                        f"translate it from data/strings/{there}.yml"))
        for key in sorted(texts[first].keys() & texts[language].keys()):
            wanted, given = fields(texts[first][key]), fields(texts[language][key])
            if wanted != given:
                problems.append(Problem(
                    f"data/strings/{language}.yml", None,
                    f'"{key}" fills in {_listed(given)}, {first}.yml fills in {_listed(wanted)}', "use the same fields"))
    return problems


def _listed(names: frozenset[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names)) or "nothing"
