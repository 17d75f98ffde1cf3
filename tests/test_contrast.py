"""WCAG contrast of every pair of colours in use, computed from the tokens of the style sheets, in both themes.

axe-core cannot decide it where text scrolls or overlaps, and sees only the colours of the pages it is shown.
"""

from __future__ import annotations

import re

import pytest

from tests.site_factory import ROOT

STYLE = (ROOT / "assets/style.css").read_text("utf-8")
SEARCH = (ROOT / "assets/search.css").read_text("utf-8")
ALONE = (ROOT / "assets/404.css").read_text("utf-8")
THEMES = ("light", "dark")
TEXT, PART = 4.5, 3.0
"""Least contrast of text, and of a part of the interface that carries meaning (WCAG 1.4.3, 1.4.11)."""

ON = {
    "bg": ("fg", "muted", "accent", "link"), "panel": ("fg", "muted", "link"), "fg": ("bg",), "mark": ("fg", "link"),
    "mark2": ("fg",), "cut": ("fg", "muted", "accent"), "c1": ("fg",), "c2": ("fg",), "c3": ("fg",), "c4": ("on-seq",),
    "seq": ("on-seq",),
}
"""Background → texts that stand on it."""
PARTS = {
    "bg": ("muted", "fg", "accent", "link", "seq", "rule-strong"), "panel": ("seq", "muted", "link"), "mark": ("accent",),
    "mark2": ("link",),
}
"""Background → borders of inputs, focus rings, bars, underlines of evidence. `rule` only divides and carries no meaning."""

Colour = tuple[float, float, float]


def tokens(theme: str) -> dict[str, Colour]:
    """The colours of one theme, the steps of the map included."""
    found = {}
    for name, light, dark in re.findall(r"--([a-z0-9-]+):light-dark\((#[0-9a-f]+),(#[0-9a-f]+)\)", STYLE):
        found[name] = colour(light if theme == "light" else dark)
    for step, share in re.findall(r"\.(c\d)\{background:color-mix\(in oklab,var\(--seq\) (\d+)%,var\(--bg\)\)\}", STYLE):
        found[step] = mixed(found["seq"], found["bg"], int(share) / 100)
    return found


def colour(text: str) -> Colour:
    """Linear light, 0 to 1, of #rrggbb or #rgb.

    >>> colour("#fff"), colour("#000000")
    ((1.0, 1.0, 1.0), (0.0, 0.0, 0.0))
    """
    digits = text[1:] if len(text) == 7 else "".join(2 * digit for digit in text[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


_LMS = ((0.4122214708, 0.5363325363, 0.0514459929), (0.2119034982, 0.6806995451, 0.1073969566),
        (0.0883024619, 0.2817188376, 0.6299787005))
_LAB = ((0.2104542553, 0.7936177850, -0.0040720468), (1.9779984951, -2.4285922050, 0.4505937099),
        (0.0259040371, 0.7827717662, -0.8086757660))
_BACK = ((1.0, 0.3963377774, 0.2158037573), (1.0, -0.1055613458, -0.0638541728), (1.0, -0.0894841775, -1.2914855480))
_RGB = ((4.0767416621, -3.3077115913, 0.2309699292), (-1.2684380046, 2.6097574011, -0.3413193965),
        (-0.0041960863, -0.7034186147, 1.7076147010))


def _times(matrix: tuple[Colour, ...], vector: Colour) -> Colour:
    one, two, three = (sum(cell * part for cell, part in zip(row, vector, strict=True)) for row in matrix)
    return one, two, three


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """color-mix(in oklab, one share, other)."""
    labs = []
    for part in (one, other):
        long, medium, short = _times(_LMS, part)
        labs.append(_times(_LAB, (long ** (1 / 3), medium ** (1 / 3), short ** (1 / 3))))
    light, a, b = (share * first + (1 - share) * second for first, second in zip(*labs, strict=True))
    long, medium, short = _times(_BACK, (light, a, b))
    red, green, blue = _times(_RGB, (long**3, medium**3, short**3))
    return min(1.0, max(0.0, red)), min(1.0, max(0.0, green)), min(1.0, max(0.0, blue))


def contrast(one: Colour, other: Colour) -> float:
    """WCAG contrast, 1 to 21.

    >>> contrast(colour("#000"), colour("#fff"))
    21.0
    """
    lights = sorted(0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in (one, other))
    return round((lights[1] + 0.05) / (lights[0] + 0.05), 2)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("least", "pairs"), [(TEXT, ON), (PART, PARTS)], ids=["text", "parts"])
def test_every_pair_in_use_can_be_told_apart(least: float, pairs: dict[str, tuple[str, ...]], theme: str) -> None:
    known = tokens(theme)
    found = {(front, back): contrast(known[front], known[back]) for back, fronts in pairs.items() for front in fronts}
    assert {pair: value for pair, value in found.items() if value < least} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_the_steps_of_the_map_differ_and_darken(theme: str) -> None:
    known = tokens(theme)
    away = [contrast(known[step], known["bg"]) for step in ("c1", "c2", "c3", "c4", "seq")]
    assert away == sorted(away) and len(set(away)) == 5


def test_every_colour_of_text_and_ground_is_among_the_pairs() -> None:
    """A new use of a token fails here until it is listed above."""
    for style in (STYLE, SEARCH):
        grounds = set(re.findall(r"background(?:-color)?:var\(--([a-z0-9-]+)", style))
        texts = set(re.findall(r"(?<![a-z-])color:var\(--([a-z0-9-]+)", style))
        assert grounds <= ON.keys(), grounds - ON.keys()
        assert texts <= {one for fronts in ON.values() for one in fronts}, texts


def test_colours_are_tokens_and_tokens_are_for_both_themes() -> None:
    root = re.search(r":root\{(.*?)\n\}", STYLE, re.S)
    assert root
    assert re.findall(r"#[0-9a-f]{3,8}\b", STYLE.replace(root[0], "")) == []
    fallbacks = re.findall(r"var\(--([a-z-]+),(#[0-9a-f]+)\)", SEARCH)
    assert re.findall(r"#[0-9a-f]{3,8}\b", re.sub(r"var\(--[a-z-]+,#[0-9a-f]+\)", "", SEARCH)) == []
    light = tokens("light")
    assert [name for name, value in fallbacks if light[name] != colour(value)] == []


@pytest.mark.parametrize("theme", THEMES)
def test_the_page_that_stands_alone_has_contrast_too(theme: str) -> None:
    found = re.findall(r"(?<![a-z-])(background|color):light-dark\((#[0-9a-f]+),(#[0-9a-f]+)\)", ALONE)
    at = 1 if theme == "light" else 2
    ground = next(colour(row[at]) for row in found if row[0] == "background")
    texts = [row[at] for row in found if row[0] == "color"]
    assert len(texts) == 2 and all(contrast(colour(text), ground) >= TEXT for text in texts)
