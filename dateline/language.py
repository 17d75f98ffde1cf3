"""Name the language of a text, paragraph by paragraph, and tell when it came out of a translating machine.

in:   the texts of a document's blocks, in order
out:  LanguageResult

The order of evidence: scripts (Lao, Khmer, Thai, Korean …), letters only Vietnamese has, English function words,
folded Vietnamese syllables, and only then langdetect. Nothing else imports langdetect: it has no Lao and no
Khmer, raises on text without letters, calls Vietnamese without accents anything, and answers by chance unless it is seeded.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from dateline import yamlfile
from dateline.config import SHIPPED
from dateline.matcher import Matcher
from dateline.model import Block, Claim, CleanText, Evidence, Metadata, Problem, RawDocument
from dateline.text import flat_form, fold

UNDECIDED = "und"


@dataclass(frozen=True, slots=True)
class LanguageResult:
    language: Claim[str]
    """ISO 639-1 of most of the body, "und" when nothing decides."""
    languages: tuple[tuple[str, float], ...]
    """Share of letters per language, largest first."""
    block_languages: tuple[str, ...]
    """One per block."""
    unaccented: bool
    """Vietnamese written without diacritics."""
    machine_translated: Claim[bool]


@dataclass(frozen=True, slots=True)
class Telltale:
    """A kind of wording that translating machines leave and people do not write."""

    id: str
    why: str
    weight: float
    words: tuple[str, ...]
    """Phrases, whatever their case."""
    confirm: str
    """A regular expression that must hold within 30 characters of the phrase, or ""."""
    finds: str
    """A sentence that shows it."""
    keeps: str
    """A sentence that must not be taken for it."""


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """data/language.yml and data/vi_syllables.txt, ready to look up. Compared by identity."""

    english: frozenset[str] = frozenset()
    vietnamese: frozenset[str] = frozenset()
    """Function words without diacritics."""
    syllables: frozenset[str] = frozenset()
    telltales: tuple[Telltale, ...] = ()
    examples: tuple[tuple[str, str], ...] = ()
    """Language and a sentence in it, for the tests."""


def load(folders: Sequence[Path]) -> tuple[Words, list[Problem]]:
    """Read language.yml and vi_syllables.txt; a later folder's file adds to the earlier one's."""
    files = [yamlfile.load(folder / "language.yml", "data/language.yml") for folder in folders
             if (folder / "language.yml").exists()]
    for node in files:
        node.only("english", "vietnamese", "telltales", "examples")
    telltales = {entry.need("id").string(): _telltale(entry) for node in files for entry in node.get("telltales").list()}
    syllables = [(folder / "vi_syllables.txt").read_text("utf-8").split()
                 for folder in folders if (folder / "vi_syllables.txt").exists()]
    words = Words(
        english=frozenset(word for node in files for word in node.get("english").strings()),
        vietnamese=frozenset(fold(word) for node in files for word in node.get("vietnamese").strings()),
        syllables=frozenset(syllable for listed in syllables for syllable in listed),
        telltales=tuple(telltales.values()),
        examples=tuple((entry.need("language").string(), entry.need("text").string())
                       for node in files for entry in node.get("examples").list()),
    )
    return words, [problem for node in files for problem in node.complaints.problems]


def _telltale(node: yamlfile.Node) -> Telltale:
    node.only("id", "why", "weight", "words", "confirm", "finds", "keeps")
    confirm = node.get("confirm")
    try:
        re.compile(confirm.string())
    except re.error as error:
        confirm.complain(f"{confirm.string()} is not a regular expression: {error}", "correct it or leave it out")
        return Telltale(node.need("id").string(), "", 0.0, (), "", "", "")
    return Telltale(node.need("id").string(), node.need("why").string(), node.need("weight").number(),
                    node.need("words").strings(), confirm.string(), node.need("finds").string(), node.need("keeps").string())


@lru_cache(maxsize=1)
def shipped_words() -> Words:
    """The word lists that come with dateline."""
    return load((SHIPPED / "data",))[0]


# -- detecting ------------------------------------------------------------------------------------------------------


def detect(blocks_text: Sequence[str], words: Words | None = None) -> LanguageResult:
    """The language of each block, and of all of them by vote.

    >>> detect(["Sáng nay, học sinh cả nước khai giảng năm học mới."]).language.value
    'vi'
    >>> detect(["Sang nay, hoc sinh ca nuoc khai giang nam hoc moi va nhan sach."]).unaccented
    True
    >>> detect(["12/3"]).language.value
    'und'
    """
    known = words or shipped_words()
    found = _detect(blocks_text, known)
    pieces = [(text, 0, None) for text in blocks_text]
    return replace(found, machine_translated=_translated(pieces, found.language.value, (), known))


GUESSED = 0.3
"""What langdetect's vote counts beside one that letters or function words decided: line-ups of names mislead it."""
_UNASKED = Claim(False, 0.0)


def _detect(blocks_text: Sequence[str], known: Words) -> LanguageResult:
    samples = [_sample(text) for text in blocks_text]
    verdicts = [_language(sample, known) for sample in samples]
    letters: dict[str, int] = {}
    votes: dict[str, float] = {}
    for verdict, text in zip(verdicts, blocks_text, strict=True):
        if verdict.language != UNDECIDED:
            letters[verdict.language] = letters.get(verdict.language, 0) + len(text)
            weight = GUESSED if verdict.rule == "langdetect" else 1.0
            votes[verdict.language] = votes.get(verdict.language, 0.0) + weight * len(text)
    total = sum(letters.values())
    shares: tuple[tuple[str, float], ...]
    if votes:
        main = min(votes, key=lambda language: (-votes[language], language))
        order = sorted(letters.items(), key=lambda pair: (-pair[1], pair[0]))
        shares = tuple((language, round(count / total, 3)) for language, count in order)
    else:
        main = _fallback(" ".join(samples)[:600])
        shares = ((main, 1.0),) if main != UNDECIDED else ()
    plain = sum(len(text) for verdict, text in zip(verdicts, blocks_text, strict=True) if verdict.unaccented)
    best = max((verdict.confidence for verdict in verdicts if verdict.language == main), default=0.5)
    confidence = 0.0 if main == UNDECIDED else min(0.99, best * (0.6 + 0.4 * dict(shares).get(main, 0.0)))
    return LanguageResult(
        language=Claim(main, round(confidence, 3)),
        languages=shares,
        block_languages=tuple(main if verdict.language == UNDECIDED else verdict.language for verdict in verdicts),
        unaccented=main == "vi" and plain * 2 > letters.get("vi", 0),
        machine_translated=_UNASKED,
    )


@dataclass(frozen=True, slots=True)
class _Verdict:
    language: str
    confidence: float
    rule: str
    unaccented: bool = False


_ADDRESS_PARTS = ("http", "www.", "@", ".vn", ".com", ".org", ".net")
_HOST = re.compile(r"\.(?:vn|com|org|net)\b")
SAMPLE = 300


def _sample(text: str) -> str:
    """The first words, without URLs and e-mail addresses: their slugs are another language's words."""
    head = text[:SAMPLE]
    if "@" not in head and "http" not in head and "www." not in head and _HOST.search(head) is None:
        return head
    return " ".join(word for word in head.split() if not any(part in word for part in _ADDRESS_PARTS))


_SCRIPTS = (
    ("ko", "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"), ("ja", "\u3040-\u30ff"), ("zh", "\u3400-\u4dbf\u4e00-\u9fff"),
    ("th", "\u0e00-\u0e7f"), ("lo", "\u0e80-\u0eff"), ("km", "\u1780-\u17ff"), ("my", "\u1000-\u109f"),
    ("ru", "\u0400-\u04ff"), ("ar", "\u0600-\u06ff"), ("he", "\u0590-\u05ff"), ("hi", "\u0900-\u097f"), ("el", "\u0370-\u03ff"),
    ("ta", "\u0b80-\u0bff"), ("ka", "\u10a0-\u10ff"), ("hy", "\u0530-\u058f"),
)
_OTHER_SCRIPT = re.compile("[" + "".join(ranges for _, ranges in _SCRIPTS) + "]")
_SCRIPT_LETTERS = tuple((language, re.compile(f"[{ranges}]")) for language, ranges in _SCRIPTS)
_VIETNAMESE = re.compile("[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹĂĐƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ]")
_WORD = re.compile(r"[^\W\d_]+")


def _language(sample: str, known: Words) -> _Verdict:
    """The verdict on one block; undecided when it is too short to tell."""
    if not sample.isascii():
        script = _by_script(sample)
        if script:
            return _Verdict(script, 0.99, "script")
    tokens = sample.lower().split()
    if len(tokens) < 2:
        return _Verdict(UNDECIDED, 0.0, "short")
    marked = 0.0 if sample.isascii() else len(_VIETNAMESE.findall(sample)) / len(tokens)
    if marked >= 0.6:
        return _Verdict("vi", min(0.99, 0.8 + marked / 2), "letters")
    english = sum(map(known.english.__contains__, tokens)) / len(tokens)
    if english >= (0.2 if marked >= 0.25 else 0.12):        # names keep their diacritics in good English desks
        return _Verdict("en", min(0.99, 0.7 + english), "function-words")
    if marked >= 0.2 or (marked > 0.1 and english < 0.05):
        return _Verdict("vi", min(0.99, 0.8 + marked / 2), "letters")
    tokens = _WORD.findall(sample.lower())
    if len(tokens) < 2:
        return _Verdict(UNDECIDED, 0.0, "short")
    plain = [flat_form(token) for token in tokens]
    if (sum(map(known.syllables.__contains__, plain)) >= 0.75 * len(plain)
            and sum(map(known.vietnamese.__contains__, plain)) >= 0.08 * len(plain) and english < 0.08 and len(tokens) >= 4):
        return _Verdict("vi", 0.85, "syllables", unaccented=True)
    if len(sample) < 60:
        return _Verdict(UNDECIDED, 0.0, "short")
    return _Verdict(_fallback(sample), 0.6, "langdetect")


def _by_script(sample: str) -> str | None:
    """The language of the script most letters are in; a glyph of these scripts says as much as three Latin letters."""
    if _OTHER_SCRIPT.search(sample) is None:
        return None
    counts = {language: len(letters.findall(sample)) for language, letters in _SCRIPT_LETTERS}
    if counts["ja"]:
        counts["ja"] += counts["zh"]            # kana among kanji is Japanese
    best = max(counts, key=lambda language: (counts[language], language))
    latin = sum(1 for letter in sample if letter.isalpha()) - sum(counts.values())
    return best if counts[best] * 3 >= latin else None


# -- langdetect, last in line ---------------------------------------------------------------------------------------


class _Profile(msgspec.Struct):
    """What langdetect knows of one language."""

    name: str
    freq: dict[str, int]
    n_words: tuple[int, int, int]
    """How many letters, pairs and triples there were."""


class _Grams(dict[str, list[float]]):
    """langdetect's table, letters → how likely in each language, filled in as letters are asked for.

    Its own is made whole, which takes 0.41 s and 67 MB in every process; this takes 0.06 s and 25 MB. The numbers are the same.
    """

    def __init__(self, profiles: Sequence[_Profile]) -> None:
        super().__init__()
        self._profiles = profiles

    def __contains__(self, letters: object) -> bool:
        return super().__contains__(letters) or (isinstance(letters, str) and self._fill(letters))

    def _fill(self, letters: str) -> bool:
        if not any(letters in profile.freq for profile in self._profiles):
            return False
        size = len(letters) - 1
        self[letters] = [1.0 * profile.freq[letters] / profile.n_words[size] if letters in profile.freq else 0.0
                         for profile in self._profiles]
        return True


@lru_cache(maxsize=1)
def _factory() -> Any:
    """A factory of our own with a fixed seed and profiles in a fixed order; the library's is global and unseeded."""
    from langdetect import PROFILES_DIRECTORY, DetectorFactory

    factory = DetectorFactory()
    factory.set_seed(0)
    read = msgspec.json.Decoder(_Profile).decode
    profiles = [read(path.read_bytes()) for path in sorted(Path(PROFILES_DIRECTORY).iterdir())
                if path.is_file() and not path.name.startswith(".")]
    factory.langlist = [profile.name for profile in profiles]
    factory.word_lang_prob_map = _Grams(profiles)
    return factory


def _fallback(sample: str) -> str:
    """langdetect's opinion, leaning softly to the two languages of the corpus."""
    from langdetect import LangDetectException

    if sum(letter.isalpha() for letter in sample) < 12:
        return UNDECIDED
    factory = _factory()
    detector = factory.create()
    others = [language for language in factory.get_lang_list() if language not in ("vi", "en")]
    detector.set_prior_map({"vi": 0.35, "en": 0.35} | dict.fromkeys(others, 0.3 / len(others)))
    detector.append(sample)
    try:
        language: str = detector.detect()
    except LangDetectException:
        return UNDECIDED
    return UNDECIDED if language == "unknown" else language[:2]


# -- machine translation --------------------------------------------------------------------------------------------


def identify(raw: RawDocument, text: CleanText, metadata: Metadata, words: Words | None = None) -> LanguageResult:
    """`detect` on a document's blocks, with the telltales of machine translation shown on their lines."""
    known = words or shipped_words()
    found = _detect([block.text for block in text.blocks], known)
    outside = _outside(raw, metadata, found.language.value, known)
    pieces: list[Piece] = [(block.text, block.line, block) for block in text.blocks]
    pieces += [(removal.text, removal.line, None) for removal in text.removed]
    return replace(found, machine_translated=_translated(pieces, found.language.value, outside, known))


def _outside(
    raw: RawDocument, metadata: Metadata, language: str, known: Words
) -> Iterator[tuple[float, Evidence]]:
    """What the addresses say: an English text whose source address is Vietnamese words was Vietnamese."""
    if language == "vi":
        return
    claims = [claim for claim in (metadata.source_url, metadata.via) if claim is not None]
    url = raw.field("url") or ""
    for address, evidence in [(claim.value, claim.evidence) for claim in claims] + [(url, ())]:
        slug = max(re.split(r"[/?#.]", address), key=lambda part: part.count("-"), default="")
        tokens = [token for token in slug.lower().split("-") if token.isalpha()]
        if len(tokens) >= 5 and sum(map(known.syllables.__contains__, tokens)) >= 0.8 * len(tokens):
            yield 0.8, evidence[0] if evidence else Evidence(address, 0, "translated.slug")
            return


def _translated(
    pieces: Iterable[Piece], language: str, outside: Iterable[tuple[float, Evidence]], known: Words
) -> Claim[bool]:
    """Weigh the telltales; each kind counts once, however often it occurs. Vietnamese is never a translation here."""
    if language in ("vi", UNDECIDED):
        return Claim(False, 0.95)
    doubt = 1.0
    evidence: list[Evidence] = []
    seen: set[str] = set()
    for text, line, block, telltale, span in _telltales(pieces, known):
        if telltale.id not in seen:
            seen.add(telltale.id)
            doubt *= 1 - telltale.weight
            rule = f"translated.{telltale.id}"
            evidence.append(block.evidence(*span, rule) if block else Evidence(text[slice(*span)].strip(), line, rule))
    for weight, proof in outside:
        doubt *= 1 - weight
        evidence.append(Evidence(proof.quote, proof.line, "translated.slug"))
    likely = 1 - doubt
    if likely < 0.5:
        return Claim(False, round(min(0.85, 1 - likely), 3), tuple(evidence))
    return Claim(True, round(likely, 3), tuple(evidence))


Piece = tuple[str, int, Block | None]


def _telltales(pieces: Iterable[Piece], known: Words) -> Iterator[tuple[str, int, Block | None, Telltale, tuple[int, int]]]:
    """Every telltale in every piece of text; the pieces are joined so that the matcher is called once."""
    listed = list(pieces)
    starts, position = [], 0
    for text, _, _ in listed:
        starts.append(position)
        position += len(text) + 1
    for match in _matcher(known).find_all("\n".join(text for text, _, _ in listed)):
        at = bisect_right(starts, match.start) - 1
        text, line, block = listed[at]
        for telltale in match.values:
            span = _span(telltale, text, match.start - starts[at], match.end - starts[at])
            if span is not None:
                yield text, line, block, telltale, span


AROUND = 30


def _span(telltale: Telltale, text: str, start: int, end: int) -> tuple[int, int] | None:
    """Where the telltale stands, when its `confirm` holds around the phrase."""
    if not telltale.confirm:
        return start, end
    base = max(0, start - AROUND)
    match = re.search(telltale.confirm, text[base:end + AROUND])
    return (base + match.start(), base + match.end()) if match else None


@lru_cache(maxsize=4)
def _matcher(known: Words) -> Matcher[Telltale]:
    return Matcher(((word, telltale) for telltale in known.telltales for word in telltale.words), folded=True, fast=True)
