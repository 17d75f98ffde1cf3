"""assets/search*.js as they are published: the rules written in, comments and blanks out, local names short.

Readable scripts are what we write and what is tested; readers download about half of it. Only what is safe without
understanding the program is done: a name that the file declares itself, and that it never uses as a property, gets one
short name throughout the file, one to one, so that scopes cannot matter; and functions that are values become arrows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import count, product

from dateline.search_terms import Rules

_TOKEN = re.compile(
    r"""(?P<blank>\s+|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)
      | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      | (?P<name>[A-Za-z_$][\w$]*)
      | (?P<number>\d[\w.]*)
      | (?P<regex>/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*)
      | (?P<other>\+\+|--|=>|[^\s\w])""",
    re.VERBOSE,
)
_BEFORE_REGEX = frozenset("(,=:[!&|?{};+-*%<>~^")
_DECLARED = re.compile(r"\b(?:var|let|const|function)\s+([A-Za-z_$][\w$]*)")
_PARAMETERS = re.compile(r"\bfunction\s*[\w$]*\s*\(([^()]*)\)|\bcatch\s*\(([^()]*)\)|(?<![\w$.])\(([\w$\s,]*)\)\s*=>")
_KEPT_APART = re.compile(r"[\w$]")
_TEXT = ("string", "regex", "number")


def publish(source: str, rules: Rules) -> str:
    """One script, ready for assets/.

    >>> from pathlib import Path; from dateline.search_terms import load
    >>> publish("var word = 1; // one\\nshow(word + x.word2);", load([Path("data")]))
    'var a=1;show(a+x.word2);'
    """
    return shorten(with_rules(source, rules))


def with_rules(source: str, rules: Rules) -> str:
    """Write data/search.yml in where the script says so."""
    table = rules.json.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return source.replace("var RULES = {};", f"var RULES = {table};", 1)


def shorten(source: str) -> str:
    tokens = _tokens(source)
    renamed = _renamed(source, tokens)
    tokens = _without_last_semicolons(_with_arrows(tokens))
    out: list[str] = []
    last = ""
    for position, (kind, text) in enumerate(tokens):
        if kind == "name" and not _property(tokens, position):
            text = renamed.get(text, text)
        words = last and _KEPT_APART.match(last) and _KEPT_APART.match(text[0])
        clash = words or (last and last in "+-" and text[0] == last)
        out.append(f" {text}" if clash else text)
        last = text[-1]
    return "".join(out)


def _tokens(source: str) -> list[tuple[str, str]]:
    """What the script is made of, without blanks and comments. A slash where a value may begin opens an expression."""
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(source):
        match = _TOKEN.match(source, at)
        assert match is not None, source[at : at + 40]
        kind, text = str(match.lastgroup), match[0]
        if kind == "regex" and found and not (found[-1][1] == "return" or found[-1][1][-1] in _BEFORE_REGEX):
            kind, text = "other", "/"
        if kind == "other" and text == "`":
            raise ValueError("template literals are not understood; join strings with +")
        at += len(text)
        if kind != "blank":
            found.append((kind, text))
    return found


def _with_arrows(tokens: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """`function (a) { return b; }` as `a=>b`, where it is a value and asks neither for `this` nor for `arguments`."""
    found = list(tokens)
    for start in range(len(tokens) - 2, 0, -1):           # inner ones first
        if found[start][1] != "function" or found[start + 1][1] != "(" or found[start - 1][1] not in _BEFORE_VALUE:
            continue
        body = _closing(found, start + 1) + 1
        end = _closing(found, body)
        if found[end + 1][1] in _AFTER_VALUE and _own_names(found[body:end]).isdisjoint(("this", "arguments")):
            parameters = found[start + 1 : body]
            short = parameters[1:2] if len(parameters) == 3 else parameters
            found[start : end + 1] = [*short, ("other", "=>"), *_returned(found[body : end + 1])]
    return found


def _without_last_semicolons(tokens: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """No semicolon before a closing brace, unless it may be the whole body of a loop."""
    found, opened, after_loop = [], [0], False
    for place, (kind, text) in enumerate(tokens):
        if kind == "other" and text == "(":
            opened.append(place)
        loop = after_loop
        after_loop = kind == "other" and text == ")" and tokens[opened.pop() - 1][1] in ("for", "while", "if")
        last = kind == "other" and text == ";" and place + 1 < len(tokens) and tokens[place + 1][1] == "}"
        if not last or loop:
            found.append((kind, text))
    return found


_BEFORE_VALUE = frozenset(("(", ",", "=", ":", "return"))
_AFTER_VALUE = frozenset((")", ",", ";", "}", "]"))
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")


def _closing(tokens: list[tuple[str, str]], start: int) -> int:
    """Where what opens at `start` closes."""
    depth = 0
    for place in range(start, len(tokens)):
        kind, text = tokens[place]
        if kind == "other":
            depth += (text in _OPENING) - (text in _CLOSING)
        if not depth:
            return place
    raise ValueError("a bracket is not closed")


def _own_names(body: list[tuple[str, str]]) -> set[str]:
    """The names in a function's body, without those in functions inside it."""
    names, place = set(), 0
    while place < len(body):
        kind, text = body[place]
        if text == "function":
            while body[place][1] != "(":
                place += 1
            place = _closing(body, _closing(body, place) + 1)
        elif kind == "name":
            names.add(text)
        place += 1
    return names


def _returned(body: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """`{ return x; }` as `x`; another body as it is."""
    inner = body[1:-1]
    if inner and inner[-1][1] == ";":
        inner = inner[:-1]
    depth, plain = 0, len(inner) > 1 and inner[0][1] == "return" and inner[1][1] != "{"
    for kind, text in inner:
        if kind == "other":
            depth += (text in _OPENING) - (text in _CLOSING)
            plain = plain and (depth > 0 or text not in (",", ";"))
    return inner[1:] if plain else body


def _property(tokens: list[tuple[str, str]], position: int) -> bool:
    """Is the name after a dot, or the key of an object?"""
    before = tokens[position - 1][1] if position else ""
    after = tokens[position + 1][1] if position + 1 < len(tokens) else ""
    return before == "." or (after == ":" and before in ("{", ","))


def _renamed(source: str, tokens: list[tuple[str, str]]) -> dict[str, str]:
    code = " ".join(text if kind not in _TEXT else "0" for kind, text in tokens)
    declared = set(_DECLARED.findall(code))
    for groups in _PARAMETERS.findall(code):
        declared.update(name.strip() for names in groups for name in names.split(",") if name.strip())
    declared |= set(re.findall(r"(?:(?<=var )|(?<=, ))([A-Za-z_$][\w$]*) =(?!=)", code))
    places = (place for place, (kind, _) in enumerate(tokens) if kind == "name" and not _property(tokens, place))
    uses = Counter(tokens[place][1] for place in places)
    taken = {text for kind, text in tokens if kind == "name"} - declared | _RESERVED
    short = (name for name in _short_names() if name not in taken)
    ordered = sorted((name for name in declared if uses[name]), key=lambda name: (-uses[name], name))
    return dict(zip(ordered, short, strict=False))


_RESERVED = {"do", "if", "in", "of", "as", "is", "for", "new", "var", "let", "try", "get", "set"}


def _short_names() -> Iterator[str]:
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    for size in count(1):
        for parts in product(letters, repeat=size):
            yield "".join(parts)
