"""Which language a text is in, and whether a machine wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from langdetect import PROFILES_DIRECTORY, DetectorFactory

from dateline import language
from dateline.model import Block, Claim, CleanText, Evidence, Metadata, RawDocument

ROOT = Path(__file__).parent.parent
WORDS, PROBLEMS = language.load((ROOT / "data",))
NOTHING = Metadata(None, "none", None, None, None, None, None)


def _document(text: str) -> tuple[RawDocument, CleanText]:
    blocks = tuple(Block("paragraph", line, number) for number, line in enumerate(text.split("\n"), 1) if line.strip())
    return RawDocument("x", text, "", "x.txt"), CleanText(blocks, ())


def test_the_shipped_file_has_no_faults() -> None:
    assert PROBLEMS == []


@pytest.mark.parametrize(("expected", "text"), WORDS.examples, ids=[name for name, _ in WORDS.examples])
def test_every_example_is_named(expected: str, text: str) -> None:
    assert language.detect([text], WORDS).language.value == expected


@pytest.mark.parametrize("telltale", WORDS.telltales, ids=lambda telltale: telltale.id)
def test_every_telltale_finds_its_example_and_keeps_the_other(telltale: language.Telltale) -> None:
    def rules(text: str) -> set[str]:
        found = language.identify(*_document(text), NOTHING, WORDS).machine_translated
        return {evidence.rule for evidence in found.evidence}

    filler = "\nThe pupils of this school will be there when it opens for the new year with all of their teachers."
    assert f"translated.{telltale.id}" in rules(telltale.finds + filler)
    assert f"translated.{telltale.id}" not in rules(telltale.keeps + filler)


@pytest.mark.parametrize(("name", "tongue", "translated"), [
    ("000_7c1d33b26a34ba24", "en", True), ("001_e62e380041c9c505", "en", True), ("002_ccd91bb8fd08ac0e", "en", True),
    ("003_7d0563742930568a", "vi", False), ("004_faeadee21973bc80", "en", True),
])
def test_the_seeds(name: str, tongue: str, translated: bool) -> None:
    found = language.identify(*_document((ROOT / "seeds" / f"{name}.txt").read_text("utf-8")), NOTHING, WORDS)
    assert found.language.value == tongue
    assert found.machine_translated.value is translated


# -- blocks and votes -----------------------------------------------------------------------------------------------

VI = "Sở Giáo dục và Đào tạo công bố lịch nghỉ Tết của học sinh toàn thành phố trong năm học này."
EN = "The department of education has published the school calendar for the new year and all its holidays."


def test_the_longer_part_names_the_document_and_every_block_keeps_its_own() -> None:
    found = language.detect([EN, EN, VI], WORDS)
    assert found.language.value == "en"
    assert found.block_languages == ("en", "en", "vi")
    assert [name for name, _ in found.languages] == ["en", "vi"]
    assert sum(share for _, share in found.languages) == pytest.approx(1, abs=0.01)


def test_a_masthead_in_another_language_does_not_change_the_language() -> None:
    assert language.detect(["Vietnam.vn - Nền tảng quảng bá Việt Nam", EN, EN], WORDS).language.value == "en"


def test_a_short_block_takes_the_documents_language() -> None:
    assert language.detect([VI, "2024"], WORDS).block_languages == ("vi", "vi")


def test_addresses_are_nobodys_language() -> None:
    slug = "https://haiphong.edu.vn/tin-tuc/nganh-giao-duc-va-dao-tao-hai-phong-to-chuc-hoi-nghi"
    assert language.detect([EN, slug], WORDS).block_languages == ("en", "en")


@pytest.mark.parametrize("text", [
    "Bo Giao duc va Dao tao vua cong bo lich thi tot nghiep trung hoc pho thong nam nay.",
    "Hoc sinh ca nuoc nghi hoc mot tuan de phong dich benh theo yeu cau cua Bo Y te.",
])
def test_vietnamese_without_diacritics_is_vietnamese(text: str) -> None:
    found = language.detect([text], WORDS)
    assert found.language.value == "vi"
    assert found.unaccented


def test_english_with_many_vietnamese_names_is_english() -> None:
    text = "Nguyễn Thị Hà, Trần Văn Bảo and Lê Đức Thọ from Quảng Ngãi were among the winners of the contest."
    assert language.detect([text], WORDS).language.value == "en"


@pytest.mark.parametrize("text", ["", "   ", "12/3/2024", "!!! ???", "🙂🙂", "\x00\ufffd", "-", "a"])
def test_what_has_no_words_has_no_language(text: str) -> None:
    found = language.detect([text], WORDS)
    assert found.language.value == "und"
    assert found.block_languages == ("und",)
    assert found.machine_translated.value is False


def test_nothing_at_all_is_undecided() -> None:
    found = language.detect([], WORDS)
    assert (found.language.value, found.languages, found.block_languages) == ("und", (), ())


def test_the_answer_does_not_depend_on_chance() -> None:
    texts = ["Die Schüler kehrten nach den Ferien zurück, sagte der Lehrer am Montag in der Schule.", "Guru kembali ke sekolah"]
    assert len({language.detect(texts, WORDS) for _ in range(5)}) == 1


def test_the_words_that_come_with_dateline_are_used_when_none_are_given() -> None:
    assert language.detect([VI]).language.value == "vi"


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(max_size=80), max_size=8))
def test_any_text_gets_one_language_per_block(texts: list[str]) -> None:
    found = language.detect(texts, WORDS)
    assert len(found.block_languages) == len(texts)
    assert 0 <= found.language.confidence <= 1
    assert all(0 <= share <= 1 for _, share in found.languages)


# -- machine translation --------------------------------------------------------------------------------------------


def test_vietnamese_is_never_called_a_translation() -> None:
    assert language.identify(*_document(VI + "\nDNUM_CEZACZCACD"), NOTHING, WORDS).machine_translated.value is False


def test_an_english_text_behind_a_vietnamese_address_was_translated() -> None:
    address = "https://nhandan.vn/nhieu-chuyen-bien-trong-giao-duc-va-dao-tao-o-son-la-post824086.html"
    metadata = Metadata(None, "none", None, None, None, None, Claim(address, 1.0, (Evidence(address, 9, "source.line"),)))
    found = language.identify(*_document(EN), metadata, WORDS).machine_translated
    assert found.value is True
    assert [(evidence.rule, evidence.line) for evidence in found.evidence] == [("translated.slug", 9)]


def test_one_office_word_does_not_make_a_translation() -> None:
    assert language.identify(*_document(EN + " Prices fell drastically."), NOTHING, WORDS).machine_translated.value is False


@pytest.mark.parametrize("name", ["000_7c1d33b26a34ba24", "001_e62e380041c9c505", "002_ccd91bb8fd08ac0e", "004_faeadee21973bc80"])
def test_the_telltales_stand_on_their_lines(name: str) -> None:
    raw, text = _document((ROOT / "seeds" / f"{name}.txt").read_text("utf-8"))
    found = language.identify(raw, text, NOTHING, WORDS).machine_translated
    assert found.evidence
    assert all(evidence.quote in raw.lines[evidence.line - 1] for evidence in found.evidence)


def test_a_wrong_expression_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "language.yml").write_text(
        "telltales:\n  - {id: x, why: y, weight: 0.5, words: [z], confirm: '(', finds: z, keeps: q}\n", "utf-8")
    _, problems = language.load((tmp_path,))
    assert [(problem.where, problem.line) for problem in problems] == [("data/language.yml", 2)]
    assert "not a regular expression" in problems[0].message


# -- langdetect's table -------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_letters_are_as_likely_as_langdetect_has_them():
    theirs = DetectorFactory()
    theirs.load_json_profile([path.read_text("utf-8") for path in sorted(Path(PROFILES_DIRECTORY).iterdir())])
    ours = language._factory.__wrapped__()
    table = ours.word_lang_prob_map
    assert ours.langlist == theirs.langlist and len(theirs.word_lang_prob_map) > 50_000
    wrong = [letters for letters, likely in theirs.word_lang_prob_map.items() if letters not in table or table[letters] != likely]
    assert wrong == [] and len(table) == len(theirs.word_lang_prob_map)


def test_letters_that_no_language_has_are_not_remembered():
    table = language._factory.__wrapped__().word_lang_prob_map
    assert "\u2603" not in table and None not in table and len(table) == 0
    assert "an" in table and len(table) == 1
