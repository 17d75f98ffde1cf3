"""Citations: what is known is in them, what is not known is left out."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from dateline import cite
from dateline.cite import Reference

FULL = Reference("004", "Training in 2023", False, "My Hà", "Báo Nghệ An", "2023-02-24T09:44", "en",
                 "https://baonghean.vn/10250874.html", "Dateline")
BARE = Reference("000", "Officials met", True, "", "", "", "en", "", "Dateline")


def test_apa_puts_who_first_and_the_outlet_before_the_address() -> None:
    assert cite.apa(FULL) == ("My Hà. (2023, February 24). Training in 2023. Báo Nghệ An. "
                              "https://baonghean.vn/10250874.html")


def test_without_an_author_the_outlet_speaks() -> None:
    assert cite.apa(replace(FULL, author="")).startswith("Báo Nghệ An. (2023, February 24). Training in 2023. https")


def test_a_supplied_title_stands_in_brackets_and_no_date_is_n_d() -> None:
    assert cite.apa(BARE) == "[Officials met]. (n.d.). Dateline."
    assert cite.chicago(BARE) == "[Officials met]. Dateline, n.d."


def test_chicago_quotes_the_title() -> None:
    assert cite.chicago(FULL) == ("My Hà. “Training in 2023.” Báo Nghệ An, February 24, 2023. "
                                  "https://baonghean.vn/10250874.html")


@pytest.mark.parametrize("date", ["2023-08~", "2025-08-22/..", "2023/2024"])
def test_a_date_that_is_not_certain_is_not_cited(date: str) -> None:
    assert "(n.d.)" in cite.apa(replace(FULL, date=date))
    assert "issued" not in cite.csl(replace(FULL, date=date))


def test_bibtex_escapes_what_tex_would_take_for_commands() -> None:
    text = cite.bibtex(replace(FULL, author="", publisher="Kinh tế & Đô thị", title="100% {sạch} a_b \\input"))
    assert r"author = {{Kinh tế \& Đô thị}}" in text
    assert r"title = {100\% \{sạch\} a\_b \textbackslash{}input}" in text
    assert text.count("{") == text.count("}")


def test_ris_has_a_tag_on_every_line() -> None:
    lines = cite.ris(FULL).split("\n")
    assert lines[0] == "TY  - NEWS" and lines[-1] == "ER  - "
    assert all(line[2:6] == "  - " for line in lines)
    assert "DA  - 2023/02/24/" in lines


def test_a_line_break_in_a_title_cannot_forge_a_ris_field() -> None:
    assert "\nAU  - Mallory" not in cite.ris(replace(BARE, title="x\nAU  - Mallory"))


def test_csl_gives_only_the_date_parts_that_are_known() -> None:
    assert cite.csl(replace(FULL, date="2023-02"))["issued"] == {"date-parts": [[2023, 2]]}
    text = next(text for name, _, text in cite.formats(FULL) if name == "csl")
    assert json.loads(text)[0]["author"] == [{"literal": "My Hà"}]
