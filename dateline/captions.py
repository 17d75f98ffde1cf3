"""Captions without a credit: a short line among paragraphs that says who is seen where, and tells nothing.

A line of text, the article's headline and the paragraph below in; the evidence that it stands under a picture out.
The cues are in data/cleaning.yml under `captions`, each with its points. One alone proves nothing: a subheading may
name people, a short paragraph a place. Words that tell what happened speak against it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from dateline.matcher import Matcher
from dateline.text import fold, words
from dateline.yamlfile import Node

ENOUGH = 3
"""Points at which a line is taken for a caption."""
LONGEST = 140
LONG_SENTENCE = 90
"""A sentence longer than this, full stop and all, is more often a short paragraph."""
_FEWEST_WORDS = 3
_ONE_SENTENCE = re.compile(r"[^.!?…:;“”\"]{8,140}[.]?")
_TITLES = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|PGS|TS|ThS|TP|St)\.\s?(?=[^\W\d_])|(?<=\b[A-ZĐ])\.(?=\s?[A-ZĐ])")
_STEM = 5


@dataclass(frozen=True, slots=True, eq=False)
class Cue:
    """Something a caption says, or never says. Its phrases are compared whole-word and without case, marks kept."""

    id: str
    points: int
    begins: tuple[str, ...]
    """Phrases that count at the beginning of a line."""
    has: tuple[str, ...]
    """Phrases that count anywhere."""
    pattern: str
    no_headline: bool
    """A headline never says it either."""
    shows: tuple[str, ...]
    keeps: tuple[str, ...]


def could_be(text: str) -> bool:
    """Whether a line has a caption's form: one sentence or less, no speech, no colon, more than a word or two.

    >>> could_be("Children in the nursery of a garment factory"), could_be("“We are glad.”"), could_be("Contact:")
    (True, False, False)
    """
    return (
        len(text) <= LONGEST
        and text[:1].isupper()
        and text.count(" ") + 1 >= _FEWEST_WORDS
        and _ONE_SENTENCE.fullmatch(_TITLES.sub("", text)) is not None
    )


def points(text: str, cues: Sequence[Cue], near: str, below: str) -> int:
    """How strongly a line looks like a caption. `near` is the headline and lead, `below` the paragraph that follows.

    A subheading announces the paragraph below it; a caption takes up the words of the headline.
    """
    found = sum(cue.points for cue in _shown(text, tuple(cues)))
    found -= len(text) > LONG_SENTENCE and text[-1] == "."
    if not 0 < found < ENOUGH + 2 or found + 1 < ENOUGH:
        return found
    own = content_words(text)
    return found + bool(own & content_words(near)) - 2 * (len(own & content_words(below[:160])) >= 2 and text[-1] != ".")


def no_headline(text: str, cues: Sequence[Cue]) -> bool:
    """Whether a line says what a headline never says: who stands on the left, or a word that goes on from before."""
    return any(cue.no_headline for cue in _shown(text, tuple(cues)))


def content_words(text: str) -> frozenset[str]:
    """What a text is about: the longer words of a text by their beginnings; of Vietnamese, whose words are short, pairs of syllables."""
    plain = words(fold(text))
    long = {word[:_STEM] for word in plain if len(word) > _STEM}
    if text.isascii():
        return frozenset(long)
    return frozenset(long | {f"{one} {two}" for one, two in pairwise(plain)})


@dataclass(frozen=True, slots=True)
class _Compiled:
    """All phrases in one pass, and the patterns one by one.

    A phrase's value is its cue's place, and whether it counts only at the beginning of the line.
    """

    phrases: Matcher[tuple[int, bool]]
    patterns: tuple[tuple[int, re.Pattern[str]], ...]


@lru_cache(maxsize=8)
def _compiled(cues: tuple[Cue, ...]) -> _Compiled:
    phrases = [
        (phrase, (place, begins))
        for place, cue in enumerate(cues)
        for begins, words in ((True, cue.begins), (False, cue.has))
        for phrase in words
    ]
    patterns = tuple((i, re.compile(cue.pattern, re.IGNORECASE)) for i, cue in enumerate(cues) if cue.pattern)
    return _Compiled(Matcher(phrases, form=str.lower), patterns)


@lru_cache(maxsize=1024)  # the headline's line is asked about first, and then as a caption
def _shown(text: str, cues: tuple[Cue, ...]) -> tuple[Cue, ...]:
    """The cues that a line shows, each once."""
    compiled = _compiled(cues)
    places = {
        place
        for start, _, values in compiled.phrases.spans(text)
        for place, begins in values
        if start == 0 or not begins
    }
    places.update(place for place, pattern in compiled.patterns if place not in places and pattern.search(text))
    return tuple(cues[place] for place in sorted(places))


def cue(entry: Node) -> Cue:
    """One entry of `captions` in data/cleaning.yml."""
    entry.only("id", "why", "points", "begins", "has", "pattern", "no_headline", "shows", "keeps")
    entry.need("why").string()
    pattern = entry.get("pattern").string()
    try:
        re.compile(pattern)
    except re.error as error:
        entry.get("pattern").complain(f"is not a regular expression: {error}", "test it with the examples of the cue")
        pattern = ""
    return Cue(
        id=entry.need("id").string(),
        points=entry.need("points").integer(),
        begins=entry.get("begins").strings(),
        has=entry.get("has").strings(),
        pattern=pattern,
        no_headline=entry.get("no_headline").present and entry.get("no_headline").boolean(),
        shows=entry.need("shows").strings(),
        keeps=entry.need("keeps").strings(),
    )
