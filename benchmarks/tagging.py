"""What the per-document stages cost, in milliseconds of CPU per 5 KB of text and beside a plain operation on the same texts.

    python -m benchmarks.tagging            300 documents of benchmarks.corpus, five rounds
    python -m benchmarks.tagging 1000 9     so many documents, so many rounds

The plain operation ("folding and tokenising": `str.translate` to letters without marks, then `re.findall(r"\\w+")`) is run
between the stages in every round. Milliseconds move with the machine and with who else is on it; the ratio hardly does.
Each figure is the median of the rounds, after one round that fills the caches; an empty loop over the documents is taken off.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import process_time

from benchmarks import corpus
from dateline import clean, config, extract, knowledge, language, names, places, read, subjects, tag
from dateline.knowledge import Knowledge
from dateline.model import CleanText, Metadata, RawDocument
from dateline.text import accented_form, flat_form

ROOT = Path(__file__).parents[1]
UNIT = 5 * 1024
FOLDED = {
    ord(letter): unicodedata.normalize("NFD", letter)[0]
    for letter in map(chr, range(0xC0, 0x1EFA)) if letter.isalpha()
} | {ord("đ"): "d", ord("Đ"): "D"}
WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Case:
    """A document and what each stage is given of it."""

    raw: RawDocument
    text: CleanText
    metadata: Metadata
    spoken: language.LanguageResult


def case(raw: RawDocument, known: Knowledge) -> Case:
    text = clean.clean(raw, known)
    metadata = extract.extract(raw, text, known)
    return Case(raw, text, metadata, language.identify(raw, text, metadata, known.words))


def stages(known: Knowledge) -> dict[str, Callable[[Case], object]]:
    """Every stage as a function of a case; "all tagging" is the four taggers as `tag` calls them."""
    return {
        "clean": lambda one: clean.clean(one.raw, known),
        "extract": lambda one: extract.extract(one.raw, one.text, known),
        "language": lambda one: language.identify(one.raw, one.text, one.metadata, known.words),
        "places": lambda one: places.place(one.raw, one.text, one.metadata, one.spoken, known),
        "subjects": lambda one: subjects.classify(one.text.blocks, None, one.spoken.block_languages, known.taxonomy),
        "names": lambda one: names.find(one.text.blocks, known.names),
        "all tagging": lambda one: tag.tag(one.raw, one.text, one.metadata, known),
    }


def peer(one: Case) -> object:
    return WORDS.findall(one.raw.text.translate(FOLDED))


def seconds(work: Callable[[Case], object], cases: Iterable[Case]) -> float:
    """CPU seconds of the work on all cases. Forms of a text that a stage before left behind are not there to be used."""
    accented_form.cache_clear()
    flat_form.cache_clear()
    start = process_time()
    for one in cases:
        work(one)
    return process_time() - start


def measure(cases: list[Case], known: Knowledge, rounds: int) -> list[tuple[str, float, float]]:
    """Per stage: milliseconds per 5 KB, and the ratio to the plain operation next to it, medians of the rounds."""
    units = sum(len(one.raw.text.encode()) for one in cases) / UNIT
    rows = []
    for name, work in stages(known).items():
        seconds(work, cases)
        pairs = []
        for _ in range(rounds):
            idle = seconds(lambda one: None, cases)
            pairs.append((seconds(work, cases) - idle, seconds(peer, cases) - idle))
        rows.append((name, median(own for own, _ in pairs) / units * 1000, median(own / plain for own, plain in pairs)))
    plain = median(seconds(peer, cases) for _ in range(rounds))
    return [*rows, ("folding and tokenising", plain / units * 1000, 1.0)]


def main(count: int = 300, rounds: int = 5) -> None:
    start = process_time()
    known = knowledge.load(config.load(ROOT))
    loaded = process_time() - start
    cases = [case(read.read_text(text, name), known) for name, text in corpus.documents(count)]
    print(f"{count} documents, {rounds} rounds; data/ was read in {loaded * 1000:.0f} ms of CPU")
    print(f"{'':24}{'ms per 5 KB':>12}{'ratio':>8}")
    for name, figure, ratio in measure(cases, known, rounds):
        print(f"{name:24}{figure:12.3f}{ratio:8.2f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
