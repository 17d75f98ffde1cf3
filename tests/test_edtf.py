"""Dates that are no more precise than what is known."""

import pytest

from dateline import edtf


@pytest.mark.parametrize("good", ["2023", "2023-08", "2023-08~", "2024-02-29", "2023-02-24T09:44", "2025-08-22/..", "../2020",
                                  "2023-05/2023-08", "2023-02-24T09:44:10+07:00"])
def test_what_news_needs_is_read(good):
    assert edtf.parse(good) is not None


@pytest.mark.parametrize("bad", ["", "24/2/2023", "2023-13", "2023-02-30", "2023-02-24T25:00", "..", "../..", "2023-08/2023-05",
                                 "yesterday", "20230224"])
def test_what_is_not_a_date_is_not_read(bad):
    assert edtf.parse(bad) is None


def test_an_open_bracket_has_no_year():
    assert edtf.parse("2025-08-22/..").year is None
    assert edtf.parse("2023-05/2023-08").year == 2023


def test_undated_sorts_before_everything_and_brackets_by_their_start():
    dates = ["2024-01-02", None, "2023", "2023-06/..", "2023-02-24T09:44"]
    assert sorted(dates, key=edtf.sort_key) == [None, "2023", "2023-02-24T09:44", "2023-06/..", "2024-01-02"]
