"""What a document says about itself is read with evidence, or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings

from dateline.clean import clean
from dateline.extract import extract
from dateline.model import Claim, Metadata, RawDocument
from tests.cleaning_cases import CASES, KNOWN, document, files, read, seed
from tests.test_clean import MESSY


def read_off(raw: RawDocument) -> Metadata:
    return extract(raw, clean(raw, KNOWN), KNOWN)


def value(claim: Claim[str] | None) -> str | None:
    return claim.value if claim else None


GOLD = {
    "000": ("lead", None, None, None, None),
    "001": ("slug", "2025-08-22/..", None, "haiphong.edu.vn", None),
    "002": ("text", "2024-08-13", None, "nhandan.vn", "vietnam.vn"),
    "003": ("text", "2023-03-04", None, "kinhtedothi.vn", None),
    "004": ("text", "2023-02-24T09:44", "My Ha", "baonghean.vn", None),
}


@pytest.mark.parametrize("number", GOLD)
def test_the_five_seeds_say_what_a_person_read_in_them(number: str) -> None:
    source, date, author, publisher, via = GOLD[number]
    found = read_off(seed(number))
    assert (found.title_source, value(found.date), value(found.publisher), value(found.via)) == (
        source,
        date,
        publisher,
        via,
    )
    assert value(found.author) == author or number == "000"


def test_a_title_out_of_an_address_is_unaccented_as_the_address_is() -> None:
    assert (
        value(read_off(seed("001")).title)
        == "Nganh giao duc va dao tao hai phong to chuc hoi nghi dien hinh tien tien lan th"
    )


def test_a_cited_laws_date_is_a_mention_and_at_most_a_bracket() -> None:
    found = read_off(seed("001"))
    assert [(day.quote, day.rule) for day in found.mentioned_dates] == [
        ("August 22, 2025", "date.mentioned:2025-08-22")
    ]
    assert found.date is not None and found.date.confidence < 0.5


def test_a_masked_date_keeps_the_printed_token_as_evidence() -> None:
    date = read_off(seed("004")).date
    assert date is not None and [(quote.quote, quote.line, quote.rule) for quote in date.evidence] == [
        ("DNUM_CEZACZCACD 09:44", 3, "date.masked")
    ]


BODY = "Trường tiểu học Tân Lập vừa khánh thành sáu phòng học mới cho học sinh ba bản vùng cao của xã. " * 2


def test_a_document_without_any_date_has_no_date_rather_than_todays() -> None:
    assert read_off(document(BODY)).date is None


def test_a_records_own_fields_count_when_the_text_is_silent() -> None:
    found = read_off(
        document(BODY, title="Khánh thành trường", date="2024-05-01", author="Lê An", publisher="Báo Nghệ An")
    )
    assert (value(found.title), found.title_source) == ("Khánh thành trường", "record")
    assert (value(found.date), value(found.author), value(found.publisher)) == ("2024-05-01", "Lê An", "baonghean.vn")


def test_two_statements_of_the_same_day_confirm_each_other() -> None:
    found = read_off(document(f"Khánh thành trường mới ở Tân Lập\n01/05/2024 08:30\n{BODY}", date="2024-05-01"))
    assert found.date is not None and (found.date.value, found.date.confidence) == ("2024-05-01T08:30", 0.99)


def test_a_lone_mention_of_a_year_does_not_date_a_story() -> None:
    assert (
        read_off(document(f"Chiều 4/3, huyện tổ chức hội nghị triển khai nhiệm vụ trong năm 2023. {BODY}")).date is None
    )


def test_today_with_its_date_dates_a_story() -> None:
    found = read_off(document(f"Chiều nay (10-12-2021), Sở tổ chức hội thảo góp ý bản thảo cuốn sử ngành. {BODY}"))
    assert value(found.date) == "2021-12-10"


def test_a_photographer_is_credited_and_is_not_the_author() -> None:
    found = read_off(
        document(f"Khánh thành trường mới ở Tân Lập\n{BODY}\nHọc sinh vui mừng. Ảnh: Trần Hà\n{BODY[:90]}")
    )
    assert found.author is None
    assert [credit.value for credit in found.credits] == ["photographer: Trần Hà"]


@pytest.mark.parametrize(
    ("signature", "author"),
    [
        ("Công Danh (tổng hợp theo báo Infonet)", "Công Danh"),
        ("Hà Linh/Báo Tin tức", "Hà Linh"),
        ("Mai Chi Theo Reuters", "Mai Chi"),
        ("Hoàng Như - Lê Trai", "Hoàng Như - Lê Trai"),
        ("TTXVN/Tin tức", None),
    ],
)
def test_the_people_in_a_signature_are_the_author_and_nothing_else_is(signature: str, author: str | None) -> None:
    assert value(read_off(document(f"Khánh thành trường mới ở Tân Lập\n{BODY.strip()} {signature}")).author) == author


def test_an_agency_is_credited_and_is_not_the_author() -> None:
    found = read_off(document(f"Khánh thành trường mới ở Tân Lập\n{BODY}\nTheo TTXVN"))
    assert found.author is None and [credit.value for credit in found.credits] == ["agency: TTXVN"]


def test_a_republished_story_belongs_to_the_outlet_it_was_taken_from() -> None:
    raw = document(
        f"{BODY}\nSource: https://baotuyenquang.com.vn/giu-truong-o-lai-voi-ban-1.html",
        url="https://www.vietnam.vn/en/giu-truong",
    )
    found = read_off(raw)
    assert (value(found.publisher), value(found.via)) == ("baotuyenquang.com.vn", "vietnam.vn")


def test_an_outlet_we_do_not_know_is_its_host() -> None:
    assert (
        value(read_off(document(BODY, url="https://www.volunteers.example.org/a-b-c-d")).publisher)
        == "volunteers.example.org"
    )


@pytest.mark.parametrize("path", list(files("extract")), ids=lambda path: path.stem)
def test_a_case_is_read_as_written(path: Path) -> None:
    raw, expected = read(path)
    found = read_off(raw)
    lines = [f"title: {value(found.title)} ({found.title_source})"]
    lines += [f"{name}: {value(getattr(found, name))}" for name in ("date", "author", "publisher", "via", "source_url")]
    lines += [f"credit: {credit.value}" for credit in found.credits]
    assert "\n".join(lines) == expected


def test_there_are_cases() -> None:
    assert len(list((CASES / "extract").glob("*.txt"))) >= 8


@settings(max_examples=300, deadline=None)
@given(MESSY)
def test_every_quote_stands_on_its_line(text: str) -> None:
    raw = document(text)
    found = read_off(raw)
    claims = [found.title, found.date, found.author, found.publisher, found.via, found.source_url, *found.credits]
    quotes = [quote for claim in claims if claim for quote in claim.evidence] + list(found.mentioned_dates)
    lines = text.split("\n")
    assert all(quote.line == 0 or quote.quote in lines[quote.line - 1] for quote in quotes)
    assert all(0 < claim.confidence <= 1 for claim in claims if claim)


EVAL = os.environ.get("DATELINE_EVAL")
"""A folder with dev.docs.jsonl and dev.labels.jsonl; these tests exist only where it is given."""

if EVAL:

    def labelled() -> Iterator[tuple[RawDocument, dict[str, str | None]]]:
        folder = Path(str(EVAL))
        labels = {entry["id"]: entry for entry in map(json.loads, (folder / "dev.labels.jsonl").open(encoding="utf-8"))}
        for entry in map(json.loads, (folder / "dev.docs.jsonl").open(encoding="utf-8")):
            if entry["text_kind"] == "verbatim":
                yield document(entry["text"]), labels[entry["id"]]

    @pytest.mark.parametrize(
        ("field", "precision", "recall"), [("title", 0.98, 0.98), ("date", 0.98, 0.9), ("author", 0.9, 0.9)]
    )
    def test_labelled_pages_are_read_as_well_as_before(field: str, precision: float, recall: float) -> None:
        right = said = there = 0
        for raw, label in labelled():
            found = read_off(raw)
            got = value(getattr(found, field))
            if (field == "title" and found.title_source != "text") or (field == "date" and got and "/" in got):
                got = None
            got = got[:10] if got and field == "date" else got
            right += got is not None and got == label[field]
            said += got is not None
            there += label[field] is not None
        assert right >= precision * said and right >= recall * there
