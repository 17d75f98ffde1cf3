"""The words of the interface: complete, alike in both languages, none left over."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from dateline import rules as rules_module
from dateline import strings as strings_module
from dateline.labels import of as labels_of
from dateline.strings import LANGUAGES, decimal, fields, number
from tests.site_factory import KNOWLEDGE, ROOT, FakeRules, shipped_strings

STRINGS = shipped_strings()
KEYS = sorted(STRINGS.texts["en"])
_LITERAL = re.compile(r"""["']([a-z0-9_.-]+)["']""")
_MADE = re.compile(r"""(?:f["']|["'])([a-z_0-9]+(?:\.[a-z_0-9]+)*\.)(?:\{|["']\s*[~+\n])""")


def _sources() -> str:
    files = [*sorted((ROOT / "dateline").glob("*.py")), *sorted((ROOT / "templates").rglob("*.html"))]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def test_both_languages_have_the_same_keys_and_fields() -> None:
    for key in KEYS:
        assert fields(STRINGS.texts["en"][key]) == fields(STRINGS.texts["vi"][key]), key
    assert STRINGS.texts["en"].keys() == STRINGS.texts["vi"].keys()


def test_no_text_is_left_over() -> None:
    source = _sources()
    used = set(_LITERAL.findall(source))
    families = tuple(_MADE.findall(source))
    # f"{name}.intro" is made for the two pages that search
    made = {"search.intro", "concordance.intro"}
    assert [key for key in KEYS if key not in used | made and not key.startswith(families)] == []


def test_every_text_a_template_asks_for_is_there() -> None:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for key in re.findall(r"""\bt\("([^"]+)"(?!\s*~)""", path.read_text(encoding="utf-8")):
            assert key in STRINGS.texts["en"], f"{path.name} asks for {key}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty(language: str) -> None:
    assert [key for key in KEYS if not STRINGS.texts[language][key].other.strip()] == []


@pytest.mark.parametrize(("value", "english", "vietnamese"), [
    ("2023-02-24T09:44", "24 February 2023, 09:44", "24/2/2023, 09:44"),
    ("2024-08-13", "13 August 2024", "13/8/2024"),
    ("2023-08", "August 2023", "tháng 8/2023"),
    ("2023", "2023", "2023"),
    ("2023-08~", "about August 2023", "khoảng tháng 8/2023"),
    ("2025-08-22/..", "on or after 22 August 2025", "từ 22/8/2025 trở đi"),
    ("../2025-08-22", "on or before 22 August 2025", "đến 22/8/2025"),
    ("2023-05/2023-08", "between May 2023 and August 2023", "từ tháng 5/2023 đến tháng 8/2023"),
    ("sometime", "sometime", "sometime"),
])
def test_a_date_is_shown_no_more_precise_than_it_is(value: str, english: str, vietnamese: str) -> None:
    assert (STRINGS.date("en", value), STRINGS.date("vi", value)) == (english, vietnamese)


def test_a_missing_date_is_not_a_date() -> None:
    assert STRINGS.date("en", None) == ""


def test_numbers_are_grouped_as_the_language_does() -> None:
    assert (number("en", 1284567), number("vi", 1284567), decimal("vi", 1234.56)) == ("1,284,567", "1.284.567", "1.234,6")


def test_one_article_is_not_several() -> None:
    assert STRINGS.t("en", "count.articles", n=1) == "1 article"
    assert STRINGS.t("en", "count.articles", n=0) == "0 articles"
    assert STRINGS.t("vi", "count.articles", n=1284) == "1.284 bài"


def test_an_unknown_key_fails() -> None:
    with pytest.raises(KeyError):
        STRINGS.t("en", "no.such.key")


def _folder(path: Path, en: str, vi: str) -> Path:
    (path / "strings").mkdir(parents=True)
    (path / "strings" / "en.yml").write_text(en, encoding="utf-8")
    (path / "strings" / "vi.yml").write_text(vi, encoding="utf-8")
    return path


def test_a_missing_translation_and_a_missing_field_are_named(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "data", 'a: Hello\nb: "{n} left"\n', "b: còn lại\n")
    _, problems = strings_module.load([folder])
    assert [problem.message for problem in problems] == [
        'has no text for "a"', '"b" fills in nothing, en.yml fills in {n}',
    ]
    assert {problem.where for problem in problems} == {"data/strings/vi.yml"}


def test_a_lone_brace_is_complained_about_with_its_line(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "data", 'a: one\nb: "{n"\n', "a: một\nb: hai\n")
    _, problems = strings_module.load([folder])
    assert (problems[0].where, problems[0].line) == ("data/strings/en.yml", 2)


def test_a_sites_own_words_are_laid_over_the_shipped_ones(tmp_path: Path) -> None:
    own = _folder(tmp_path / "data", "nav.latest: Fresh\n", "nav.latest: Tin mới\n")
    loaded, problems = strings_module.load([ROOT / "data", own])
    assert not problems
    assert (loaded.t("en", "nav.latest"), loaded.t("en", "nav.topics")) == ("Fresh", "Topics")


# -- why something was cut ------------------------------------------------------------------------------------------------
RULES = rules_module.load([ROOT / "data"])[0].rules
REASONS = labels_of(replace(KNOWLEDGE, rules=FakeRules(RULES)), STRINGS, ())  # type: ignore[arg-type]  # real rules, made-up rest


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_every_cleaning_rule_says_why_in_vietnamese(rule: str) -> None:
    why = REASONS.rules[rule]["vi"]
    assert why and why != REASONS.rules[rule]["en"]
    assert not why.endswith("."), "it stands after “Đã bỏ:”, on a line with others"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cut_that_code_makes_has_words(language: str) -> None:
    source = "\n".join((ROOT / "dateline" / name).read_text("utf-8") for name in
                       ("clean.py", "structure.py", "parts.py", "bylines.py", "repetition.py", "lines.py"))
    made = set(re.findall(r'"((?:structure|dateline|byline|caption|source|widget|note|cms)\.[a-z-]+)"', source))
    assert len(made) > 10
    assert [rule for rule in sorted(made) if REASONS.reason(rule, language) == rule] == []
