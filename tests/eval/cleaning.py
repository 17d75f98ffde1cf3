"""The cleaning benchmark: labelled pages in, line-level figures out.

python -m tests.eval.cleaning          print the figures of both halves and every line that is wrong
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dateline import outlets, rules
from dateline.clean import clean
from dateline.model import CleanText, RawDocument
from dateline.outlets import Outlets
from dateline.rules import Rules

HERE = Path(__file__).parent
DATA = HERE.parent.parent / "data"
HALVES = ("cleaning-a.txt", "cleaning-b.txt", "cleaning-c.txt", "cleaning-d.txt", "cleaning-e.txt")


@dataclass(frozen=True)
class Known:
    """What cleaning needs of `Knowledge`."""

    rules: Rules
    outlets: Outlets


@dataclass(frozen=True)
class Case:
    """One labelled page: its text and, by line number, what each line is."""

    name: str
    text: str
    labels: dict[int, str]


@dataclass(frozen=True)
class Wrong:
    case: str
    line: int
    text: str
    wanted: str
    got: str


@dataclass(frozen=True)
class Score:
    """Body against everything that is no part of the article (bylines and source lines count as removed)."""

    precision: float
    recall: float
    f1: float
    noise_f1: float
    exact: float
    """Share of lines that are exactly what a person called them, of title, body, caption, byline, source, noise."""
    lines: int
    wrong: tuple[Wrong, ...]


def known() -> Known:
    return Known(rules.load([DATA])[0], outlets.load([DATA])[0])


def cases(path: Path) -> Iterator[Case]:
    for part in path.read_text("utf-8").split("\n=== ")[1:]:
        header, _, page = part.partition("\n")
        texts: list[str] = []
        labels: dict[int, str] = {}
        for number, line in enumerate(page.rstrip("\n").split("\n"), start=1):
            label, bar, text = line.partition("|")
            texts.append(text if bar else "")
            if bar:
                labels[number] = label
        yield Case(header.split(" | ")[0], "\n".join(texts), labels)


def decided(text: CleanText) -> dict[int, str]:
    """What cleaning made of each line, in the labels' letters."""
    letters = {"title": "T", "caption": "C", "byline": "Y", "source": "S"}
    found = {removal.line: "N" for removal in text.removed if removal.whole}
    for block in text.blocks:
        for offset in range(len(block.breaks) + 1):
            letter = letters.get(block.kind, "B")
            if letter != "Y" or found.get(block.line + offset) in (None, "N"):
                found[block.line + offset] = letter
    return found


def score(path: Path, knowledge: Known) -> Score:
    counts: Counter[tuple[str, str]] = Counter()
    wrong: list[Wrong] = []
    for case in cases(path):
        got = decided(clean(RawDocument(case.name, case.text, "0", case.name), knowledge))
        lines = case.text.split("\n")
        for number, wanted in case.labels.items():
            counts[wanted, got.get(number, "-")] += 1
            if wanted != got.get(number, "-"):
                wrong.append(Wrong(case.name, number, lines[number - 1][:70], wanted, got.get(number, "-")))
    precision, recall, f1 = _f1(counts, "B")
    return Score(
        precision,
        recall,
        f1,
        _f1(counts, "NYS")[2],
        sum(n for (a, b), n in counts.items() if a == b) / sum(counts.values()),
        sum(counts.values()),
        tuple(wrong),
    )


def _f1(counts: Counter[tuple[str, str]], letters: str) -> tuple[float, float, float]:
    right = sum(n for (wanted, got), n in counts.items() if wanted in letters and got in letters)
    said = sum(n for (_, got), n in counts.items() if got in letters)
    there = sum(n for (wanted, _), n in counts.items() if wanted in letters)
    precision, recall = right / max(said, 1), right / max(there, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def main() -> None:
    for half in HALVES:
        if not (HERE / half).exists():
            continue
        found = score(HERE / half, known())
        print(
            f"{half}: {found.lines} lines, body P {found.precision:.4f} R {found.recall:.4f} F1 {found.f1:.4f}, "
            f"noise F1 {found.noise_f1:.4f}, exact {found.exact:.4f}"
        )
        for wrong in found.wrong:
            print(f"  {wrong.case}:{wrong.line} wanted {wrong.wanted} got {wrong.got}  {wrong.text}")


if __name__ == "__main__":
    main()
