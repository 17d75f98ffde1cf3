"""Furniture learnt from the corpus: a short line that many documents of one outlet share is not their news.

Pure and deterministic: texts in, lines out. Small corpora teach nothing: a line printed in three of four documents
proves little, so learning is off below `FEWEST` documents of an outlet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from dateline.lines import ends_sentence, printed_form, stripped

FEWEST = 20
"""Documents of an outlet below which nothing is learnt."""
SHARE = 0.05
LEAST = 5
"""A line is furniture when at least `LEAST` documents and `SHARE` of the outlet's documents print it."""
LONGEST = 120


def learn(texts_by_outlet: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    """The lines, in compared form, that each outlet prints again and again.

    Sentences are not learnt: a formula that the newsroom repeats in its stories is still its news.

    >>> learn({"a.vn": ["Đọc báo giấy\\nTin %d." % n for n in range(30)], "b.vn": ["Đọc báo giấy"]})
    {'a.vn': frozenset({'đọc báo giấy'})}
    """
    learnt = {
        outlet: furniture((candidates(text) for text in texts_by_outlet[outlet]), FEWEST) for outlet in sorted(texts_by_outlet)
    }
    return {outlet: lines for outlet, lines in learnt.items() if lines}


def furniture(documents: Iterable[Iterable[str]], fewest: int = FEWEST) -> frozenset[str]:
    """Of one outlet's documents, each as its `candidates`: the lines that repeat. Fewer than `fewest` teach nothing."""
    seen: Counter[str] = Counter()
    count = 0
    for lines in documents:
        count += 1
        seen.update(lines)
    if count < fewest:
        return frozenset()
    least = max(LEAST, SHARE * count)
    return frozenset(line for line, times in seen.items() if times >= least)


def candidates(text: str) -> set[str]:
    """The short lines of one document, each once, that could be furniture."""
    short = [line for line in map(stripped, text.split("\n")) if 0 < len(line) <= LONGEST]
    return {
        form for line in short if not (len(line) > 40 and ends_sentence(line)) and len(form := printed_form(line)) > 1
    }
