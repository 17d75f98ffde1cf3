"""The subjects articles are filed under: data/topics.yml as typed values.

in:   folders that may hold a topics.yml (the shipped one first, then the site's own)
out:  Taxonomy   topics in the file's order, two levels, labels in two languages, the words that speak for each

A taxonomy is plain frozen data; the automaton that finds its words is `subjects`' affair.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from dateline import learnt, yamlfile
from dateline.errors import did_you_mean
from dateline.model import Problem
from dateline.yamlfile import Node

FILE = "topics.yml"
LANGUAGES = ("vi", "en", "fr", "es", "ko", "lo", "km", "ja", "zh", "th", "ru")
KINDS = ("strong", "weak", "avoid", "against")


@dataclass(frozen=True, slots=True)
class Terms:
    """What speaks for a topic in one language."""

    language: str
    strong: tuple[str, ...] = ()
    """One of them tells what a story is about: "tuyển sinh"."""
    weak: tuple[str, ...] = ()
    """They support and never suffice: "quota"."""
    avoid: tuple[str, ...] = ()
    """Longer phrases in which a term means something else: "thị trường" is no "trường". They only hide it."""
    against: tuple[str, ...] = ()
    """Words that say the story is about something else; they take weight away."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text of our own that must be filed under the topic."""

    language: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Topic:
    id: str
    parent: str | None
    label_en: str
    label_vi: str
    iptc: tuple[str, ...] = ()
    """IPTC Media Topics: "medtop:20000413"."""
    terms: tuple[Terms, ...] = ()
    examples: tuple[Example, ...] = ()
    over: tuple[str, ...] = ()
    """Topics this one goes before when a story speaks of it and nothing speaks against it."""
    note: str = ""


@dataclass(frozen=True, eq=False)
class Taxonomy:
    """All topics. Compared by identity, so that compiled matchers can be remembered per taxonomy."""

    topics: tuple[Topic, ...]
    spellings: tuple[tuple[str, str, str], ...] = ()
    """Language, one spelling, the other: ("en", "programme", "program"). Terms are written with the first."""
    nothing: tuple[str, ...] = ()
    """Words of a short text that is about nothing, whatever else it says: betting shops stuff pages with school words.
    "#" stands for a number."""
    learnt: learnt.Learnt = learnt.NOTHING
    """What the site's own corrections taught (`dateline train`); empty for most sites."""

    @cached_property
    def _by_id(self) -> dict[str, Topic]:
        return {topic.id: topic for topic in self.topics}

    def __getstate__(self) -> dict[str, object]:
        return {"topics": self.topics, "spellings": self.spellings, "nothing": self.nothing, "learnt": self.learnt}

    def topic(self, topic_id: str) -> Topic | None:
        return self._by_id.get(topic_id)

    def children(self, topic_id: str | None) -> tuple[Topic, ...]:
        """The topics below one, or level one for None, in the file's order."""
        return tuple(topic for topic in self.topics if topic.parent == topic_id)

    def label(self, topic_id: str, language: str) -> str:
        """The topic's name for readers; its id when we do not have the topic (a corpus may be older than its data)."""
        topic = self.topic(topic_id)
        if topic is None:
            return topic_id
        return topic.label_vi if language == "vi" else topic.label_en


def load(folders: Sequence[Path]) -> tuple[Taxonomy, list[Problem]]:
    """Read topics.yml from every folder; a later folder's topic replaces an earlier one of the same id."""
    files = yamlfile.layers(folders, FILE)
    entries, problems = yamlfile.entries_of(files, "topics")
    topics = tuple(_topic(entry, entries) for entry in entries.values())
    spellings, nothing = _spellings(files), _nothing(files)
    model, worse = learnt.load(folders, entries)
    return Taxonomy(topics, spellings, nothing, model), [*problems, *_complaints((*files, *entries.values())), *worse]


def _topic(entry: Node, known: dict[str, Node]) -> Topic:
    entry.only("id", "parent", "label", "iptc", "note", "over", "examples", *LANGUAGES)
    parent = entry.get("parent").string() or None
    if parent and parent not in known:
        entry.get("parent").complain(f'there is no topic "{parent}"', did_you_mean(parent, known))
        parent = None
    elif parent and known[parent].get("parent").present:
        entry.get("parent").complain(f'"{parent}" is itself a sub-topic', "topics have two levels; name a level-one topic")
        parent = None
    label = entry.need("label")
    label.only("en", "vi")
    return Topic(
        id=entry.get("id").string(),
        parent=parent,
        label_en=label.need("en").string(),
        label_vi=label.need("vi").string(),
        iptc=entry.get("iptc").strings(),
        terms=tuple(_terms(language, entry.get(language)) for language in LANGUAGES if entry.get(language).present),
        examples=tuple(_example(node) for node in entry.get("examples").list()),
        over=tuple(_known(node, known) for node in entry.get("over").list()),
        note=entry.get("note").string(),
    )


def _known(node: Node, known: dict[str, Node]) -> str:
    topic = node.string()
    if topic not in known:
        node.complain(f'there is no topic "{topic}"', did_you_mean(topic, known))
    return topic


def _terms(language: str, node: Node) -> Terms:
    node.only(*KINDS)
    found: dict[str, str] = {}
    for kind in KINDS:
        for term in node.get(kind).list():
            text = term.string()
            if text in found:
                term.complain(f'"{text}" is there twice ({found[text]} and {kind})', "keep one of them")
            found[text] = kind
    strong, weak, avoid, against = (tuple(text for text, of in found.items() if of == kind) for kind in KINDS)
    return Terms(language, strong, weak, avoid, against)


def _example(node: Node) -> Example:
    node.only("lang", "text")
    return Example(node.need("lang").choice(LANGUAGES, "en"), node.need("text").string(), node.line)


def _spellings(files: Iterable[Node]) -> tuple[tuple[str, str, str], ...]:
    """The optional `spellings` of the last file that has some."""
    found: tuple[tuple[str, str, str], ...] = ()
    for node in files:
        node.only("topics", "spellings", "nothing")
        rows = tuple(
            (language, one, other.string()) for language, pairs in node.get("spellings").items() for one, other in pairs.items()
        )
        found = rows or found
    return found


def _nothing(files: Iterable[Node]) -> tuple[str, ...]:
    """The optional `nothing` of the last file that has some."""
    found: tuple[str, ...] = ()
    for node in files:
        found = node.get("nothing").strings() or found
    return found


def _complaints(nodes: Iterable[Node]) -> list[Problem]:
    """What was found while reading files and entries: each file's complaints once."""
    problems: list[Problem] = []
    for node in nodes:
        problems.extend(node.complaints.problems)
        node.complaints.problems.clear()
    return problems
