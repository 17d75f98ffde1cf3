"""What the machine itself gives to a second process: work in two halves that share nothing, one after the other or at once.

    python -m benchmarks.crowd 1|2 [documents]

Processors of a rented machine may be two halves of one, or lent to others: then no program can halve its time with two.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Sequence
from multiprocessing import get_context

from benchmarks import corpus

DOCUMENTS = 4000


def half(start: int, documents: int) -> Counter[str]:
    """Make up documents and count their words."""
    found = Counter[str]()
    for number in range(start, start + documents):
        _, text = corpus.document(number)
        found.update(re.findall(r"\w+", text.lower()))
    return found


def main(given: Sequence[str]) -> None:
    documents = int(given[1]) if len(given) > 1 else DOCUMENTS
    halves = [(0, documents // 2), (documents // 2, documents - documents // 2)]
    if given[0] == "1":
        for one in halves:
            half(*one)
        return
    processes = [get_context("spawn").Process(target=half, args=one) for one in halves]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    if any(process.exitcode for process in processes):
        raise SystemExit("a half was not done")


if __name__ == "__main__":
    main(sys.argv[1:])
