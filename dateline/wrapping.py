"""Hard-wrapped text: lines broken at a column, put back together. Lines in, groups of lines that are one paragraph
out."""

from __future__ import annotations

from collections.abc import Sequence

from dateline.lines import Line, ends_sentence, starts_lower

WIDEST = 120
"""No hard wrap is wider than this."""


def join(lines: Sequence[Line]) -> tuple[str, tuple[int, ...]]:
    """The text of a paragraph from its raw lines, and the offsets at which the 2nd, 3rd … line begins.

    >>> join([Line(4, "Học sinh trở lại"), Line(5, "trường.")])
    ('Học sinh trở lại trường.', (17,))
    """
    if len(lines) == 1:
        return lines[0].text, ()
    breaks: list[int] = []
    length = len(lines[0].text)
    for line in lines[1:]:
        breaks.append(length + 1)
        length += 1 + len(line.text)
    return " ".join(line.text for line in lines), tuple(breaks)


def find_wraps(lines: Sequence[Line], body: Sequence[bool]) -> dict[int, int]:
    """Where paragraphs run over several lines: first index → index after the last. `body[i]`: line i may take part.

    A text counts as wrapped when again and again a line stops in mid-sentence and the next one, directly below, goes on
    in lower case. In such a text a line that stops in mid-sentence, or is nearly full, belongs with the next one.
    """
    pairs = [
        index
        for index in range(len(lines) - 1)
        if body[index]
        and body[index + 1]
        and lines[index + 1].number == lines[index].number + 1
        and len(lines[index].text) <= WIDEST
    ]
    going_on = [index for index in pairs if _goes_on(lines[index].text, lines[index + 1].text)]
    if len(going_on) < 2 or len(going_on) * 4 < len(pairs):
        return {}
    width = sorted(len(lines[index].text) for index in going_on)[len(going_on) * 3 // 4]
    wraps: dict[int, int] = {}
    start: int | None = None
    joined = {index for index in pairs if _belongs(lines[index].text, lines[index + 1].text, width)}
    for index in range(len(lines)):
        if index in joined:
            start = index if start is None else start
        elif start is not None:
            wraps[start] = index + 1
            start = None
    return wraps


def _goes_on(text: str, following: str) -> bool:
    return starts_lower(following) and not ends_sentence(text) and len(text) >= 15


def _belongs(text: str, following: str, width: int) -> bool:
    if following[:1] in "-–•*+":
        return False
    return _goes_on(text, following) or (
        len(text) >= width * 0.8 and (not ends_sentence(text) or len(text) >= width * 0.9)
    )
