"""Which characters a regular expression's match can begin with, so that most patterns need not be tried on a line.

Only what is plain to see is read off; in doubt the answer is None, "anything", and the pattern is tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterator


def first_letters(pattern: str) -> frozenset[str] | None:
    """The characters, in lower case, that a match of the pattern can begin with; None when that is not plain to see.

    >>> sorted(first_letters("(?:Tags?|Từ khóa)\\\\s?:")), sorted(first_letters("\\\\*? ?Mời")), first_letters("[^A]x")
    (['t'], [' ', '*', 'm'], None)
    """
    found: set[str] = set()
    for branch in _branches(pattern):
        letters = _first_of(branch)
        if letters is None:
            return None
        found |= letters
    return frozenset(found)


_OPTIONAL = re.compile(r"[?*]|\{0,\d*\}|\{0\}")
_QUANTIFIER = re.compile(r"(?:[?*+]|\{\d*,?\d*\})?[?+]?")
_OPENS = re.compile(r"\((?:\?(?:-i)?:)")


def _first_of(branch: str) -> set[str] | None:
    """The same for a pattern without alternatives at its top."""
    letters: set[str] = set()
    while branch:
        atom, own = _atom(branch)
        if own is None:
            return None
        letters |= own
        rest = branch[len(atom) :]
        if not _OPTIONAL.match(rest):
            return letters
        branch = _QUANTIFIER.sub("", rest, count=1)
    return None


def _atom(branch: str) -> tuple[str, set[str] | None]:
    """The first atom of a pattern and the characters that it can begin with."""
    if _OPENS.match(branch):
        end = _closing(branch)
        inside = first_letters(_OPENS.sub("", branch[:end], count=1))
        return branch[: end + 1], set(inside) if inside is not None else None
    if branch[0] == "[":
        end = branch.index("]", 2)
        return branch[: end + 1], _class(branch[1:end])
    if branch[:2] == "\\s":
        return branch[:2], set()  # lines are stripped
    if branch[0] == "\\":
        plain = not branch[1].isalnum()
        return branch[:2], {branch[1]} if plain else set("0123456789") if branch[1] == "d" else None
    if branch[0] in "[(^$.":
        return branch[0], None
    return branch[0], {branch[0].lower()}


_RANGE = re.compile(r"([a-zA-Z0-9])-([a-zA-Z0-9])")


def _class(inside: str) -> set[str] | None:
    """The characters of a class that is plain: letters, marks, short ranges, digits."""
    if inside[0] == "^" or re.search(r"\\[^d\W]|[^\x00-\x7f]-", inside):
        return None
    letters = set("0123456789") if "\\d" in inside else set()
    for match in _RANGE.finditer(inside):
        letters |= {chr(code).lower() for code in range(ord(match[1]), ord(match[2]) + 1)}
    return letters | set(_RANGE.sub("", inside.replace("\\d", "")).replace("\\", "").lower())


def _closing(pattern: str) -> int:
    """Where the bracket that opens the pattern is closed."""
    depth = 0
    for position, char in _outside_classes(pattern):
        depth += (char == "(") - (char == ")")
        if char == ")" and not depth:
            return position
    return len(pattern) - 1


def _branches(pattern: str) -> list[str]:
    """The alternatives at the top of a pattern."""
    cuts, depth = [-1], 0
    for position, char in _outside_classes(pattern):
        depth += (char == "(") - (char == ")")
        if char == "|" and not depth:
            cuts.append(position)
    return [pattern[start + 1 : end] for start, end in zip(cuts, [*cuts[1:], len(pattern)], strict=True)]


def _outside_classes(pattern: str) -> Iterator[tuple[int, str]]:
    """The characters that mean something: not escaped, not in a class."""
    position, inside = 0, False
    while position < len(pattern):
        char = pattern[position]
        if char == "\\":
            position += 2
            continue
        if inside:
            inside = char != "]"
        elif char == "[":
            inside = True
        else:
            yield position, char
        position += 1
