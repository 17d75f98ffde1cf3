"""What is kept of the search index from one build to the next: the files are those of a clean build, and little is made."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path

import pytest

from dateline import search, search_chunks, search_files, search_index, search_kept
from dateline.cache import Cache
from dateline.model import Output
from tests.search_site import RULES, document
from tests.test_workers import Remote

COMMON = [
    "giáo", "dục", "đào", "tạo", "học", "sinh", "trường", "lớp", "thầy", "cô", "Hà", "Nội", "Nghệ", "An", "Huế", "và", "của", "các",
    "school", "teachers", "university", "hanoi", "nghean",
]
RARE = [f"{first}{second}" for first in ("thu", "lan", "minh", "quang", "phuong") for second in ("hoa", "an", "vy", "long", "ex", "ing")]


@dataclass
class Site:
    """A site of nothing but search, and the cache beside it."""

    folder: Path
    roomy: int = 1
    executor: Executor | None = None
    files: dict[str, bytes] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)
    """Paths of the files that the last build made; the others stand."""
    read: int = 0
    """How many texts the last build asked for."""

    def build(self, documents: Sequence[search.SearchDocument]) -> dict[str, bytes]:
        ordered = sorted(documents, key=lambda one: search.order(one.date, one.id))
        stamps = [blake2b(repr(one).encode(), digest_size=16).hexdigest() for one in ordered]
        self.read = 0

        def bodies(numbers: Sequence[int]) -> Iterator[str]:
            for number in numbers:
                self.read += 1
                yield ordered[number].text

        with Cache(self.folder) as cache:
            standing = {path: Output(path, content).digest for path, content in self.files.items()}
            kept = search.Kept(cache, f"salt {self.roomy}", stamps, bodies, str, standing)
            bare = [replace(one, text="") for one in ordered]
            outputs = list(search.renewed(bare, {}, RULES, kept, small=5, roomy=self.roomy, executor=self.executor))
        self.made = {one.path for one in outputs if isinstance(one, Output)}
        assert len({one.path for one in outputs}) == len(outputs)
        self.files = {one.path: one.content if isinstance(one, Output) else self.files[one.path] for one in outputs}
        return self.files


def clean(documents: Sequence[search.SearchDocument], roomy: int = 1) -> dict[str, bytes]:
    ordered = sorted(documents, key=lambda one: search.order(one.date, one.id))
    return {one.path: one.content for one in search.outputs(ordered, {}, RULES, small=5, roomy=roomy)}


def sentence(chance: random.Random, size: int) -> str:
    return " ".join(chance.choices(COMMON, k=size) + chance.choices(RARE, k=size // 6))


def article(chance: random.Random, number: int) -> search.SearchDocument:
    date = f"20{chance.randrange(10, 14)}-{chance.randrange(1, 13):02d}-03"
    text = f"{sentence(chance, chance.randrange(150))} only{number}"
    return document(number, sentence(chance, 6), text, date=date, id=f"{chance.getrandbits(32):08x}", provinces34=(f"p{number % 3}",))


def edited(chance: random.Random, documents: list[search.SearchDocument]) -> list[search.SearchDocument]:
    """A few articles changed, added or removed."""
    found = list(documents)
    kind = chance.choice(["word", "word", "text", "add", "newest", "remove", "date", "last", "nothing", "title", "up"])
    at = chance.randrange(len(found))
    one, number = found[at], 1000 + chance.randrange(10**6)
    if kind == "word":
        words = one.text.split()
        words[chance.randrange(len(words))] = chance.choice([*COMMON, *RARE, f"new{number}"])
        found[at] = replace(one, text=" ".join(words))
    elif kind == "up":                                           # words of the text stand in the title now
        first, _, rest = one.text.partition(" ")
        found[at] = replace(one, title=f"{one.title} {first}", text=rest or "x")
    elif kind in ("text", "title"):
        found[at] = replace(one, **{kind: sentence(chance, 40)})
    elif kind in ("add", "newest"):
        new = article(chance, number)
        found.append(replace(new, date="2031-01-01") if kind == "newest" else new)
    elif kind == "date":
        found[at] = replace(one, date="2011-05")
    elif kind == "last":
        found.remove(max(found, key=lambda one: search.order(one.date, one.id)))
    elif kind == "remove":
        del found[at]
    return found


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of all kinds for a hundred articles: chunks, batches, common words, columns, shards."""
    monkeypatch.setattr(search_chunks, "EVERY", 16)
    monkeypatch.setattr(search_chunks, "MOST", 40)
    monkeypatch.setattr(search_index, "AT_ONCE", 1000)
    monkeypatch.setattr(search_files, "PER_COLUMN", 32)
    monkeypatch.setattr(search_files, "SHARD", 400)
    monkeypatch.setattr(search_files, "FEW", 4)
    monkeypatch.setattr(search_index, "FORMS", 10)
    monkeypatch.setattr("dateline.search_reading.MANY", 60)
    monkeypatch.setattr("dateline.search_shards.HEAVY", 30)


@pytest.mark.parametrize(("at_once", "piece"), [(1, 100), (30, 1 << 20), (1 << 20, 7)])
def test_how_much_is_looked_at_together_changes_no_file(
    tmp_path: Path, at_once: int, piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = [document(number, "lớp", f"học before{number} stays{number}", id=f"{number:08x}") for number in range(600)]
    changed = [replace(one, text=one.text.replace("before", "after")) for one in documents[:300]] + documents[300:]
    monkeypatch.setattr(search_files, "SHARD", 30)
    expected = clean(changed)
    monkeypatch.setattr(search_index, "AT_ONCE", at_once)        # 1: more batches than a byte can count
    monkeypatch.setattr(search_index, "_PIECE", piece)
    site = Site(tmp_path)
    site.build(documents)
    assert site.build(changed) == clean(changed) == expected


@pytest.mark.parametrize("number", range(6))
def test_after_any_edits_the_files_are_those_of_a_clean_build(tmp_path: Path, number: int) -> None:
    chance = random.Random(number)
    documents = [article(chance, one) for one in range(90)]
    site = Site(tmp_path, 1 + number % 2, Remote() if number % 3 else None)
    for _ in range(12):
        assert site.build(documents) == clean(documents, site.roomy)
        for _ in range(chance.choice([1, 1, 1, 3])):
            documents = edited(chance, documents)


def test_files_that_somebody_changed_or_removed_are_made_again(tmp_path: Path) -> None:
    chance = random.Random(1)
    documents = [article(chance, one) for one in range(90)]
    site = Site(tmp_path)
    whole = dict(site.build(documents))
    for path in chance.sample(sorted(whole), 40):
        site.files[path] = b"somebody's"
    for path in chance.sample(sorted(site.files), 10):
        del site.files[path]
    assert site.build(documents) == whole


def large(number: int = 600) -> list[search.SearchDocument]:
    chance = random.Random(7)
    return [article(chance, one) for one in range(number)]


def test_when_nothing_changed_no_shard_is_made_and_no_article_opened(tmp_path: Path) -> None:
    documents, site = large(), Site(tmp_path)
    site.build(documents)
    assert site.build(documents) == clean(documents)
    assert not [path for path in site.made if path.split("/")[1] in "uvhd"]
    assert site.read == 0


@pytest.mark.parametrize("make", [Remote, lambda: ProcessPoolExecutor(2), lambda: ThreadPoolExecutor(3)])
def test_workers_make_the_same_files_and_leave_the_same_behind(tmp_path: Path, make: Callable[[], Executor]) -> None:
    documents = large(200)
    with make() as executor:
        site = Site(tmp_path, executor=executor)
        assert site.build(documents) == clean(documents)
        documents[30:60] = [replace(one, text=f"{one.text} qwertz") for one in documents[30:60]]
        assert site.build(documents) == clean(documents)
    site.executor = None
    assert site.build(documents) == clean(documents)
    assert site.read == 0 and not [path for path in site.made if path.split("/")[1] in "uvhd"]


def test_what_is_little_is_not_sent_to_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_files, "FEW", 32)
    documents, remote = large(), Remote()
    site = Site(tmp_path, executor=remote)
    site.build(documents)
    assert remote.sent
    remote.sent.clear()
    documents[300] = replace(documents[300], text=documents[300].text.replace("only300", "renamed300"))
    assert site.build(documents) == clean(documents)
    assert remote.sent == []


def test_one_changed_word_makes_few_files_and_opens_few_articles(tmp_path: Path) -> None:
    documents, site = large(), Site(tmp_path)
    site.build(documents)
    assert site.read == 600
    documents[300] = replace(documents[300], text=documents[300].text.replace("only300", "renamed300"))
    assert site.build(documents) == clean(documents)
    tables = {path for path in site.files if path.split("/")[1] in "uvhd"}
    assert len(tables & site.made) < 0.1 * len(tables)
    assert site.read <= search_files.PER_RECORD


def test_a_later_article_opens_no_earlier_ones_but_those_beside_it(tmp_path: Path) -> None:
    documents, site = large(), Site(tmp_path)
    site.build(documents)
    documents.append(document(9999, "Zylinder", "qwertz giáo dục", date="2031-01"))
    assert site.build(documents) == clean(documents)
    tables = {path for path in site.files if path.split("/")[1] in "uvhd"}
    assert len(tables & site.made) < 0.1 * len(tables)
    assert site.read <= search_files.PER_RECORD


def test_an_older_article_opens_only_those_whose_records_it_moves(tmp_path: Path) -> None:
    documents, site = large(), Site(tmp_path)
    site.build(documents)
    ordered = sorted(documents, key=lambda one: search.order(one.date, one.id))
    documents.append(document(9999, "Zylinder", "qwertz", date=ordered[-40].date))
    assert site.build(documents) == clean(documents)
    assert site.read <= 40 + 2 * search_files.PER_RECORD + 20          # all of that day


DAMAGES = {
    "another version": lambda value: value.replace(b"dateline words 1", b"dateline words 0"),
    "cut": lambda value: value[: len(value) // 2],
    "empty": lambda value: b"",
    "longer": lambda value: value + b"\0\0",
    "of other documents": lambda value: value[:17] + bytes([value[17] ^ 1]) + value[18:],
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_chunk_is_made_again(tmp_path: Path, damage: str) -> None:
    documents, site = large(120), Site(tmp_path)
    site.build(documents)
    with Cache(tmp_path) as cache:
        keys = [key for key, value in _rows(tmp_path) if value.startswith(b"dateline words")]
        cache.put(search_kept.SPACE, [(key, DAMAGES[damage](cache.get(search_kept.SPACE, key) or b"")) for key in keys[::2]])
    documents[30] = replace(documents[30], text="qwertz")
    assert site.build(documents) == clean(documents)
    assert 4 < site.read < 120
    documents[60] = replace(documents[60], text="zylinder")
    assert site.build(documents) == clean(documents)
    assert site.read <= search_files.PER_RECORD


@pytest.mark.parametrize("damage", ["cut", "empty", "longer"])
def test_without_its_state_the_index_is_made_anew_from_what_is_kept_of_the_texts(tmp_path: Path, damage: str) -> None:
    documents, site = large(120), Site(tmp_path)
    site.build(documents)
    with Cache(tmp_path) as cache:
        cache.put(search_kept.SPACE, [("salt 1", DAMAGES[damage](cache.get(search_kept.SPACE, "salt 1") or b""))])
    documents[30] = replace(documents[30], text="qwertz")
    assert site.build(documents) == clean(documents)


def test_a_cache_that_lost_half_its_rows_costs_time_only(tmp_path: Path) -> None:
    documents, site = large(120), Site(tmp_path)
    site.build(documents)
    database = sqlite3.connect(tmp_path / "cache.sqlite")
    database.execute("DELETE FROM entries WHERE rowid % 2 AND key != 'salt 1'")
    database.commit()
    database.close()
    documents[30] = replace(documents[30], text="qwertz")
    assert site.build(documents) == clean(documents)


def _rows(folder: Path) -> list[tuple[str, bytes]]:
    database = sqlite3.connect(folder / "cache.sqlite")
    found = [(key, value[4:]) for key, value in database.execute("SELECT key, value FROM entries ORDER BY key")]
    database.close()
    return found
