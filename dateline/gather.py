"""seeds/ and articles/ → the finished articles, each kept on disk under its id; in memory only what linking needs.

What was prepared before, and depends on nothing that has changed, is taken from the cache. Lines that repeat over many
documents of one outlet are learnt, and the documents that have them are cleaned again. People's edits are laid over, and
articles/*.md is brought up to date.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any

from dateline import articles, codec, disk, formats, lasting, prepare, read, repetition, workers
from dateline.cache import Cache, Unreliable
from dateline.config import Config
from dateline.formats import Held
from dateline.knowledge import Knowledge
from dateline.model import CARD, Article, Card, Problem, RawDocument, card_values
from dateline.prepare import Prepared
from dateline.seen import Seen
from dateline.stopwatch import OFF, Stopwatch

FACTS, BODY = "facts ", "body "
"""Prefixes of an article's two rows in the cache."""
AGAIN, REDONE = "again ", "redone "
"""The same of one cleaned again with learnt lines; its facts are empty when that changed nothing."""
FRESH = 500
"""So many documents are held in case they are to be cleaned again; when there are more, they are read again."""
_COMMON = tuple(map(CARD.index, (
    "title_source", "language", "province", "provinces", "topic", "topics", "publisher", "via", "author", "confidence")))
"""Places of the fields of a card whose values many have."""
_NAMES = tuple(map(CARD.index, ("people", "organisations", "documents", "campaigns")))
"""Of those that have several such values."""


@dataclass(slots=True)
class Gathered:
    """All articles of the site: facts in memory, bodies streamed by `encoded`."""

    cache: Cache
    cards: dict[str, Card] = field(default_factory=dict)
    signatures: dict[str, bytes] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    """Id → what its article was made from: equal keys mean equal articles."""
    slugs: dict[str, str] = field(default_factory=dict)
    """Id → the address a person wants for it."""
    own: dict[str, bytes] = field(default_factory=dict)
    """Articles that are not the machine's answer in the cache: edited, or written by hand."""
    redone: set[str] = field(default_factory=set)
    """Ids of those that learnt lines have changed."""
    problems: list[Problem] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    wrote: list[tuple[str, tuple[int, int, int]]] = field(default_factory=list)
    """Files in articles/ that this build wrote: name; size, time and inode as they were left."""
    held: dict[str, str] = field(default_factory=dict)
    """File of seeds/ → what it holds, see `formats.described`."""
    seals: dict[str, str] = field(default_factory=dict)
    """Name of a file in articles/ that is as the tool wrote it → its seal."""
    documents: int = 0

    def encoded(self, ids: Iterable[str]) -> Iterator[bytes]:
        """The articles' bytes, in the order of `ids`. Raises cache.Unreliable when one was lost on the way."""
        wanted = list(ids)
        stored = self.cache.take((self.row(one), self.keys[one]) for one in wanted if one not in self.own)
        for article_id in wanted:
            yield self.own.get(article_id) or next(stored)

    def linked(self) -> None:
        """Let go of what only linking needs: a kilobyte an article."""
        self.cards.clear()
        self.signatures.clear()

    def row(self, article_id: str) -> str:
        """Where the cache has the machine's article."""
        return (REDONE if article_id in self.redone else BODY) + article_id


def gather(config: Config, known: Knowledge, cache: Cache, executor: Executor | None, salt: str, before: Seen, prune: bool,
           count: Callable[[int], None], watch: Stopwatch = OFF) -> Gathered:
    """Read, prepare and settle every document. `salt` stands for code, knowledge and settings in the cache's keys; `before`
    is what the last build saw."""
    work = _Gathering(config, known, cache, executor, salt, before, count, watch, Gathered(cache))
    with lasting.values():
        work.found.problems += work.open_records()
    watch.lap("open articles")
    work.prepare_changed()
    work.settle_rest()
    work.settle_unseeded(prune)
    disk.sync_all(config.articles_dir)
    watch.lap("write articles")
    cache.keep_only(kind + article_id for article_id in work.found.cards for kind in (FACTS, BODY, AGAIN, REDONE))
    watch.lap("cache")
    return work.found


@dataclass(slots=True)
class _Gathering:
    config: Config
    known: Knowledge
    cache: Cache
    executor: Executor | None
    salt: str
    before: Seen
    count: Callable[[int], None]
    watch: Stopwatch
    found: Gathered
    records: dict[str, articles.Record] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    """Ids whose file on disk could not be read, and is therefore left alone."""
    order: list[str] = field(default_factory=list)
    facts: dict[str, Prepared] = field(default_factory=dict)
    stored: dict[str, str] = field(default_factory=dict)
    """Row of the cache → the key it was made under."""
    fresh: dict[str, RawDocument] = field(default_factory=dict)
    """The first documents that this build has prepared: after a small change, all of them."""
    same: dict[object, Any] = field(default_factory=dict)
    """Values that many cards have, each once."""

    def open_records(self) -> list[Problem]:
        self.records, complaints = articles.read_all(self.config.articles_dir, self.before.seals)
        for record in self.records.values():
            if record.sealed and not record.edited:
                self.found.seals[Path(record.where).name] = record.seal
        self.config.articles_dir.mkdir(parents=True, exist_ok=True)
        self.unreadable = {Path(problem.where).stem for problem in complaints if problem.severity == "error"}
        return complaints

    # -- the machine's answer -----------------------------------------------------------------------------------------
    def prepare_changed(self) -> None:
        """Read all seeds, prepare those that the cache does not have, and store them."""
        waiting: list[tuple[str, str, bytes]] = []
        for made in workers.each(prepare.prepared, self._changed(), self.executor, shared=self.known, watch=self.watch):
            if made is None:
                continue
            key = self.found.keys[made.card.id]
            waiting += [(FACTS + made.card.id, key, made.facts), (BODY + made.card.id, key, made.article)]
            if len(waiting) > 200:
                self.cache.save(waiting)
                waiting.clear()
            self.watch.lap("cache")
            if made.card.words and not self._by_person(made.card.id):
                self._settle(made)
            card = self.found.cards.get(made.card.id, made.card)         # one card of it is enough
            self.facts[card.id] = replace(made, card=card, article=b"", written="")
            self.watch.lap("write articles")
        self.cache.save(waiting)

    def _changed(self) -> Iterator[prepare.Item]:
        stored = self.stored = self.cache.keys()
        reading = read.Reading(self.config, partial(_held, self.before.seeds), self._hold)
        for raw in reading:
            if isinstance(raw, Problem):
                self.found.problems.append(raw)
                continue
            self.found.documents += 1
            self.count(self.found.documents)
            self.order.append(raw.id)
            restore = self._restore(raw.id)
            key = self.found.keys[raw.id] = self._key(raw, restore)
            self.watch.lap("read")
            if stored.get(FACTS + raw.id) != key or stored.get(BODY + raw.id) != key:
                whole = _whole(reading, raw)
                if len(self.fresh) < FRESH:
                    self.fresh[raw.id] = whole
                yield whole, restore, frozenset(), ""

    def _hold(self, path: str, held: Held) -> None:
        self.found.held[path] = self.before.seeds.get(path) or formats.described(held)

    def _restore(self, article_id: str) -> frozenset[int]:
        record = self.records.get(article_id)
        return record.restore if record else frozenset()

    def _key(self, raw: RawDocument, restore: frozenset[int]) -> str:
        parts = (self.salt, raw.id, raw.origin, raw.encoding, raw.format, raw.digest, repr(raw.fields), repr(sorted(restore)))
        return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    # -- what becomes of it ---------------------------------------------------------------------------------------------
    def settle_rest(self) -> None:
        """Settle what came from the cache, what repetition cleans again, and what people edited."""
        with lasting.values():
            self._read_facts()
        self.watch.lap("cache")
        taught = self._taught()
        self.watch.lap("find repetition")
        self._clean_again(taught)
        self.watch.lap("cache")
        fresh = self.found.cards.keys() - self.found.redone
        for article_id in self.order:
            if article_id not in fresh and not self._by_person(article_id):
                self._settle(self.facts[article_id])
        for article_id in self.order:
            if self._by_person(article_id):
                self._settle_edited(self._machine(self.facts[article_id]), self.records[article_id])

    def _read_facts(self) -> None:
        old = [article_id for article_id in self.order if article_id not in self.facts]
        stored = self.cache.take((FACTS + one, self.found.keys[one]) for one in old)
        self.facts |= {article_id: _facts(article_id, facts) for article_id, facts in zip(old, stored, strict=True)}

    def _taught(self) -> dict[str, frozenset[str]]:
        """Id → the lines in it that repetition has shown to be its outlet's furniture; of those only that have one which
        no rule has cut already."""
        fewest = self.config.learn_repetition
        by_outlet: defaultdict[str, list[Prepared]] = defaultdict(list)
        for one in self.facts.values():
            by_outlet[one.card.via or one.card.publisher or ""].append(one)
        taught: dict[str, frozenset[str]] = {}
        for outlet in sorted(by_outlet) if fewest else ():
            lines = repetition.furniture((one.short_lines for one in by_outlet[outlet]), fewest) if outlet else frozenset()
            for one in by_outlet[outlet] if lines else ():
                if not lines.isdisjoint(one.short_lines[: one.asked]):
                    taught[one.card.id] = lines.intersection(one.short_lines)
        return taught

    def _clean_again(self, taught: dict[str, frozenset[str]]) -> None:
        """Clean documents again with the lines that they were taught."""
        keys = {article_id: self._again_key(article_id, lines) for article_id, lines in taught.items()}
        known = [one for one, key in keys.items() if self.stored.get(AGAIN + one) == self.stored.get(REDONE + one) == key]
        facts = zip(known, self.cache.stream(AGAIN + one for one in known), strict=True)
        before = {article_id: found for article_id, (_, found) in facts if found is not None}
        for article_id, found in before.items():
            self._redo(article_id, keys[article_id], _facts(article_id, found) if found else None)
        missing = {article_id: lines for article_id, lines in taught.items() if article_id not in before}
        asked: list[str] = []                    # a seed that is gone or another by now stays as it was cleaned before
        again = workers.each(prepare.prepared, self._again(missing, asked), self.executor, shared=self.known, watch=self.watch)
        waiting: list[tuple[str, str, bytes]] = []
        for position, made in enumerate(again):
            article_id = asked[position]
            key = keys[article_id]
            waiting += [(AGAIN + article_id, key, made.facts if made else b""),
                        (REDONE + article_id, key, made.article if made else b"")]
            if len(waiting) > 200:
                self.cache.save(waiting)
                waiting.clear()
            self._redo(article_id, key, made)
        self.cache.save(waiting)

    def _again_key(self, article_id: str, lines: frozenset[str]) -> str:
        text = "\0".join((self.found.keys[article_id], *sorted(lines)))
        return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    def _redo(self, article_id: str, key: str, made: Prepared | None) -> None:
        if made is not None:
            self.found.redone.add(article_id)
            self.found.keys[article_id] = key
            self.facts[article_id] = replace(made, article=b"", written="")

    def _again(self, taught: dict[str, frozenset[str]], asked: list[str]) -> Iterator[prepare.Item]:
        """The documents to clean again; their ids go into `asked`."""
        for raw in self._whole_again(taught.keys()):
            asked.append(raw.id)
            self.watch.lap("read")
            yield raw, self._restore(raw.id), taught[raw.id], self.facts[raw.id].cut

    def _whole_again(self, ids: Collection[str]) -> Iterator[RawDocument]:
        """Documents with their texts, read once more from seeds/ unless all of them are still at hand."""
        if all(one in self.fresh for one in ids):
            yield from (self.fresh[one] for one in ids)
            return
        reading = read.Reading(self.config, partial(_held, self.found.held))
        for raw in reading:
            if isinstance(raw, RawDocument) and raw.id in ids:
                whole = reading.whole(raw)
                if whole is not None:
                    yield whole
                elif self.before.seeds:          # what an earlier build knew of files may be wrong, too
                    raise Unreliable(raw.id)

    def _by_person(self, article_id: str) -> bool:
        record = self.records.get(article_id)
        return record is not None and record.edited

    def _settle(self, made: Prepared) -> None:
        """File the machine's article, and write its file unless it is there already."""
        article_id = made.card.id
        if not made.card.words:
            self._keep_aside(made)
            return
        record = self.records.get(article_id)
        if article_id not in self.unreadable and (record is None or record.seal != made.seal):
            text = made.written or articles.write(self._machine(made))
            name = f"{article_id}.md"
            state = disk.write_atomic(self.config.articles_dir / name, text.encode("utf-8", "replace"), sync=False)
            self.found.wrote.append((name, (state.st_size, state.st_mtime_ns, state.st_ino)))
            self.found.seals[name] = made.seal
        self.found.cards[article_id] = self._sharing(made.card)
        self.found.signatures[article_id] = made.signature

    def _sharing(self, card: Card) -> Card:
        """The same card; what others have, too, is in memory once: half of what 100,000 cards would take."""
        same, values = self.same, list(card_values(card))
        for place in _COMMON:
            if values[place]:
                values[place] = same.setdefault(values[place], values[place])
        for place in _NAMES:
            if values[place]:
                values[place] = tuple([same.setdefault(one, one) for one in values[place]])
        return Card(*values)

    def _machine(self, made: Prepared) -> Article:
        article_id = made.card.id
        return codec.decode(made.article or next(self.cache.take([(self.found.row(article_id), self.found.keys[article_id])])))

    def _keep_aside(self, made: Prepared) -> None:
        """A document of nothing but boilerplate is told, and not published."""
        removed = self._machine(made).removed
        rules = ", ".join(sorted({removal.rule for removal in removed})[:3])
        self.found.problems.append(Problem(
            f"{self.config.seeds}/{made.card.origin}", removed[0].line if removed else None,
            f"has no article in it: all its {len(removed)} lines are boilerplate ({rules})",
            "remove the file, or write the article by hand under articles/",
        ))

    def _settle_edited(self, machine: Article, record: articles.Record) -> None:
        """File the article as a person wants it; their file is not touched."""
        merged, notes = articles.merge(machine, record, self.known)
        made = Prepared.of(merged, mask=self.known.personal)
        self.found.problems += notes
        self.found.kept.append(record.where)
        self.found.own[merged.id] = made.article
        self.found.keys[merged.id] = blake2b(made.article, digest_size=16).hexdigest()
        self.found.cards[merged.id] = self._sharing(made.card)
        self.found.signatures[merged.id] = made.signature
        if slug := record.fields.get("slug").string():
            self.found.slugs[merged.id] = slug

    # -- articles without a seed --------------------------------------------------------------------------------------
    def settle_unseeded(self, prune: bool) -> None:
        """What a person wrote is an article; what the tool wrote from a seed that is gone is one until it is pruned."""
        seeded = set(self.order)
        for record in self.records.values():
            if record.id in seeded:
                continue
            if record.sealed and not record.edited:
                if prune:
                    (self.config.articles_dir / Path(record.where).name).unlink()
                    continue
                hint = "put the seed back, or build with --prune to drop the article"
                self.found.problems.append(Problem(record.where, None, "its seed is gone; the article is kept", hint, "warning"))
                record = articles.reread(record, self.config.articles_dir)
            self._settle_edited(prepare.from_record(record, self.known), replace(record, edited_fields=True))


def _held(described: Mapping[str, str], path: str) -> Held | None:
    """What is known of a file's documents."""
    known = described.get(path)
    return None if known is None else formats.listed(known)


def _whole(reading: read.Reading, raw: RawDocument) -> RawDocument:
    """The document with its text, also where its file was known and not opened."""
    whole = reading.whole(raw)
    if whole is None:
        raise Unreliable(raw.id)
    return whole


def _facts(article_id: str, stored: bytes) -> Prepared:
    try:
        return Prepared.from_facts(stored)
    except ValueError as error:
        raise Unreliable(article_id) from error
