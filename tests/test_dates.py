"""Dates are read as printed, and never made up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.bylines import parse as parse_byline
from dateline.dates import agrees, find, in_url, parse, time_in, weekday_in
from tests.cleaning_cases import KNOWN


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("13/08/2024", "2024-08-13"),
        ("15:02, 13/09/2025", "2025-09-13"),
        ("07/07/2022 - 14:25", "2022-07-07"),
        ("Thứ sáu, 7/3/2025, 16:00 (GMT+7)", "2025-03-07"),
        ("June 26, 2024 - 13:52", "2024-06-26"),
        ("26 June 2024", "2024-06-26"),
        ("Thursday, Dec 07 2017, 14:03", "2017-12-07"),
        ("Update: October, 11/2019 - 07:54", "2019-10-11"),
        ("ngày 22 tháng 8 năm 2022", "2022-08-22"),
        ("2025-06-28T23:04:00+07:00", "2025-06-28"),
        ("10-12-2021", "2021-12-10"),
        ("DNUM_CEZACZCACD 09:44", "2023-02-24"),
        ("DNUM_AEZAJZCACF 17:02", "2025-09-04"),
        ("DNUM_EZJZCACF", "2025-09-04"),
        ("4th March, 2023", "2023-03-04"),
    ],
)
def test_every_printed_form_is_read(text: str, iso: str) -> None:
    assert [day.iso for day in find(text)] == [iso]


@pytest.mark.parametrize(
    "text",
    [
        "31/4/2023",
        "13/13/2023",
        "DNUM_DJZACZCACD",
        "tỉ lệ 3/4 số phiếu 12/2024x",
        "QĐ 2737/QĐ-UBND",
        "0912.345.678",
        "giai đoạn 2021-2025",
        "ISO 9001:2015",
        "http://a.vn/12/2024",
        "điều 7/31/2020",
    ],
)
def test_what_is_no_date_is_not_read_as_one(text: str) -> None:
    assert [day.iso for day in find(text) if day.iso] == []


def test_vietnamese_dates_are_day_before_month() -> None:
    assert find("Ngày 4/3/2023")[0].iso == "2023-03-04"


def test_a_day_without_a_year_has_no_iso_form() -> None:
    day = find("Chiều 4/3, tại UBND huyện Quốc Oai")[0]
    assert (day.day, day.month, day.year, day.iso) == (4, 3, None, None)


def test_a_weekday_that_contradicts_overrules_the_date() -> None:
    day = find("7/3/2025")[0]
    friday, monday = weekday_in("Thứ sáu"), weekday_in("Monday")
    assert friday is not None and monday is not None
    assert agrees(day, friday[2]) and not agrees(day, monday[2])


@pytest.mark.parametrize(
    ("text", "clock"), [("15h02", "15:02"), ("11:10 PM", "23:10"), ("12:05 AM", "00:05"), ("25:10", None)]
)
def test_clock_times(text: str, clock: str | None) -> None:
    found = time_in(text)
    assert (found[2] if found else None) == clock


@pytest.mark.parametrize(
    ("url", "edtf"),
    [
        ("https://dantri.com.vn/a/b-20210418200839128.htm", "2021-04-18"),
        ("http://quangninhnews.vn/politics/201712/boarding-schools-2580812/", "2017-12"),
        ("https://thanhnien.vn/x-185260818145148123.htm", "2026-08"),
        ("https://baonghean.vn/a-10250874.html", None),
        ("https://dap-news.com/national/2022/08/16/270926", "2022-08-16"),
        ("https://a.vn/2022/13/40/x", None),
    ],
)
def test_addresses_give_a_date_only_where_they_carry_one(url: str, edtf: str | None) -> None:
    found = in_url(url)
    assert (found[1] if found else None) == edtf


@pytest.mark.parametrize(
    ("stated", "edtf"),
    [
        ("2025-06-28T23:04:00+07:00", "2025-06-28T23:04"),
        ("2023-08", "2023-08"),
        ("2023", "2023"),
        ("24/02/2023", "2023-02-24"),
        ("2023-02-24T00:00:00", "2023-02-24"),
        ("hôm qua", None),
        ("", None),
        ("20231", None),
        ("1999-99", None),
    ],
)
def test_a_records_date_keeps_its_precision(stated: str, edtf: str | None) -> None:
    assert parse(stated) == edtf


@pytest.mark.parametrize(
    "line",
    [
        "Việt NamViệt Nam13/08/2024",
        "Báo Nhân dânBáo Nhân dân05/09/2025",
        "My Ha DNUM_CEZACZCACD 09:44",
        "QUÁCH DU |",
        "ClockSunday, 01/03/2026 18:45",
        "Thứ bảy, 18/02/2023 | 07:10",
        "10:15' - 21/03/2023",
        "July 17, 2022, 17:36 [GMT+7]",
        "Ngày đăng: 20/08/2023 - Người đăng: Admin",
        "Cập nhật lúc 08:20, Thứ Sáu, 16/11/2018 (GMT+7)",
    ],
)
def test_a_line_of_names_dates_and_labels_is_a_byline(line: str) -> None:
    assert parse_byline(line, KNOWN.rules, KNOWN.outlets) is not None


@pytest.mark.parametrize(
    "line",
    [
        "Ngày 5/9, cả nước khai giảng",
        "Chiều 4/3/2023 tại Quốc Oai",
        "Lịch thi lớp 10 năm 2024",
        "1 | 2 | 3",
        "Resolution 29 of 4/11/2013",
    ],
)
def test_a_line_that_says_more_is_not_a_byline(line: str) -> None:
    assert parse_byline(line, KNOWN.rules, KNOWN.outlets) is None


@given(st.text(alphabet="0123456789/-. ngàythángnămJuneMay,:DNUM_ABCZ", max_size=60))
def test_a_date_lies_within_its_text_and_in_the_calendar(text: str) -> None:
    for day in find(text):
        assert 0 <= day.start < day.end <= len(text) and 1 <= day.month <= 12 and 1 <= day.day <= 31
