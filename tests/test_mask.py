"""Personal data, where a site's settings hide it: in no byte that is published, and still in the files that people keep."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline import config, exports, mask
from dateline.model import Block, Evidence, Removal
from tests import hostile_corpus, makes, projects
from tests.conftest import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("knowledge_once")]

RULES, _ = mask.load([ROOT / "data"])
MAIL = "thu.ha@truonghoc.edu.vn"
OTHER = "lan_vu+bao@example.org"
PHONE = "0912 345 678"
BARE = "0987654321"
ABROAD = "+84 38 765 4321"
CITIZEN = "040123456789"
SECRETS = (MAIL, OTHER, PHONE, BARE, ABROAD, CITIZEN)

TEXT = f"""Trường mở lớp, gọi {PHONE} để ghi danh

12/09/2024 08:30

Cô Thu Hà ({MAIL}), Hiệu trưởng Trường THCS Kỳ Sơn, tỉnh Nghệ An, cho biết trường nhận hồ sơ qua số {BARE} và thư điện tử {MAIL}.

Phụ huynh mang theo căn cước {CITIZEN} khi đến Sở Giáo dục và Đào tạo Nghệ An, hoặc gọi 0912\u00a0345\u00a0678 trước khi
đến, hoặc gọi số điện thoại của nhà trường ở thị trấn Mường Xén, huyện Kỳ Sơn là số 0912 345
678 trong giờ làm việc của các thầy cô giáo từ thứ hai đến thứ sáu hằng tuần.

Học sinh khai giảng. Ảnh: {OTHER}

Tác giả: Thu Hà {OTHER}

Liên hệ quảng cáo: {ABROAD}
Email: {OTHER}
Nguồn: https://nhandan.vn/bai-1.html?nguoi={OTHER}
"""
HAND = f"""---
title: Lớp học của cô Hà, {BARE}
author: Hà {MAIL}
source: https://nhandan.vn/x.html?mail={MAIL}
---

Ghi danh: **{PHONE}** hoặc [thư](mailto:{MAIL}), <{OTHER}>, <a href="tel:{BARE}">gọi</a>.

- căn cước {CITIZEN}
- {ABROAD}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    projects.start(folder, random.Random(3), 3)
    seeds = folder / "seeds"
    (seeds / "goc.txt").write_text(TEXT, encoding="utf-8")
    (seeds / "khong-de.txt").write_text(
        f"Hôm qua các thầy cô của trường dặn phụ huynh và học sinh toàn huyện Kỳ Sơn hãy gọi số {PHONE} rồi {BARE} khi trường "
        "khai giảng năm học mới ở tỉnh Nghệ An, và mọi người đến xem.\n", encoding="utf-8")
    record = {"id": "r1", "title": f"Tin tuyển sinh {PHONE}", "author": [f"Lan {OTHER}"], "publisher": "nhandan.vn", "date": "2024-09-12",
              "url": f"https://nhandan.vn/y.html?mail={MAIL}", "text": f"Tin từ Huế.\n\nGọi {BARE}, {ABROAD} hay {MAIL} (CCCD {CITIZEN})."}
    (seeds / "dump.jsonl").write_text(json.dumps(record), encoding="utf-8")
    (seeds / "trang.html").write_text(
        f"<html><head><title>Liên hệ {BARE}</title><meta name=author content='{MAIL}'></head><body><article><h1>Liên hệ {BARE}</h1>"
        f"<p>Sáng 12/9/2024, Sở Giáo dục và Đào tạo tỉnh Nghệ An khai giảng năm học mới với hơn 1.200 học sinh.</p>"
        f"<p>Mọi ý kiến gửi về <a href='mailto:{OTHER}'>thư&#64;</a> {OTHER}, điện thoại {PHONE}.</p></article></body></html>",
        encoding="utf-8")
    (folder / "articles").mkdir()
    (folder / "articles/tay.md").write_text(HAND, encoding="utf-8")
    (folder / "articles/rut.md").write_text(HAND.replace("---\n", f"---\nwithhold: Theo yêu cầu của {MAIL}\n", 1), encoding="utf-8")
    return folder


def hide(root: Path, hidden: bool = True) -> None:
    path = root / "dateline.yml"
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("mask_personal")]
    path.write_text("\n".join([*kept, f"mask_personal: {str(hidden).lower()}"]) + "\n", encoding="utf-8")


def whatever_divides(secret: str) -> re.Pattern[bytes]:
    """A number with any blanks, dashes, dots or line ends between its digits; a mail address with any sign for its @."""
    if "@" in secret:
        return re.compile(b"(?:@|%40|&#64;|-|_)".join(re.escape(part.encode()) for part in secret.split("@")))
    return re.compile(rb"(?:[-\s._]|\xc2\xa0|\\n|&#160;|&nbsp;){0,2}".join(b"%d" % int(digit) for digit in re.sub(r"\D", "", secret)))


def leaks(site: Path) -> list[tuple[str, str]]:
    patterns = [(secret, whatever_divides(secret)) for secret in SECRETS]
    return [(name, secret) for name, content in hostile_corpus.said(site) for secret, pattern in patterns
            if pattern.search(content) or pattern.search(name.encode())]


def test_unless_asked_nothing_is_hidden(root):
    report = projects.build(root)
    shown = {secret for _, secret in leaks(root / "site")}
    assert shown == set(SECRETS) and report.masked == ()


@pytest.mark.parametrize("settings", ["", "article_pages: digest\nprecompress: true\n"], ids=["page", "digest"])
def test_what_is_hidden_is_in_no_byte_of_the_site_and_is_counted(root, settings):
    hide(root)
    with (root / "dateline.yml").open("a", encoding="utf-8") as more:
        more.write(settings)
    report = projects.build(root)
    assert leaks(root / "site") == []
    counts = dict(report.masked)
    assert counts["mail"] >= 8 and counts["phone"] >= 9 and counts["id-number"] == 4
    pages = "".join(path.read_text(encoding="utf-8") for path in (root / "site").rglob("*.html"))
    assert "[phone]" in pages and "[mail]" in pages and "[id-number]" in pages


def test_the_files_of_people_keep_every_word(root):
    hide(root)
    projects.build(root)
    assert (root / "articles/tay.md").read_text(encoding="utf-8") == HAND
    made = (root / "articles/goc.md").read_text(encoding="utf-8")
    assert all(secret in made for secret in (MAIL, PHONE, BARE, CITIZEN))


def test_the_setting_can_be_changed_and_a_build_gives_what_a_clean_build_gives(root):
    for hidden in (False, True, False):
        hide(root, hidden)
        projects.build(root)
        beside = root.parent / f"clean-{hidden}"
        projects.copy(root, beside)
        (beside / "articles/permalinks.json").unlink()
        (root / "articles/permalinks.json").unlink()     # an address that is published stays, whatever words are in it
        projects.build(root)
        projects.build(beside)
        assert projects.told(projects.result(root), projects.result(beside)) == []
        assert bool(leaks(root / "site")) is not hidden


def test_a_rule_of_ones_own_is_heard_at_once(root):
    hide(root)
    projects.build(root)
    (root / "data").mkdir(exist_ok=True)
    (root / "data/personal.yml").write_text(
        "personal:\n  - id: school\n    why: our own\n    needs: Mường\n    pattern: Mường Xén\n    with: '[town]'\n"
        "    masks: [Mường Xén]\n    keeps: [Mường Lát]\n", encoding="utf-8")
    projects.build(root)
    assert not [name for name, content in hostile_corpus.said(root / "site") if "Mường Xén".encode() in content]


def test_exports_of_a_masked_site_are_masked(root):
    hide(root)
    projects.build(root)
    for name in ("jsonl", "csv", "tei", "bibtex"):
        made = exports.export(config.load(root), name).path.read_bytes()
        assert not any(whatever_divides(secret).search(made) for secret in SECRETS), name


def test_workers_hide_what_one_process_hides(root, tmp_path):
    hide(root)
    projects.copy(root, tmp_path / "other")
    projects.build(root)
    projects.build(tmp_path / "other", jobs=3)
    assert projects.told(projects.result(root), projects.result(tmp_path / "other")) == []


# -- one article ------------------------------------------------------------------------------------------------------------
def test_a_number_that_runs_over_a_wrapped_line_keeps_the_lines_numbers():
    text = "Cô Lan ở Sơn La, số 0912 345 678 nhận hồ sơ ở Huế"
    broken = text.index("678")
    made = makes.article("a", blocks=(Block("paragraph", text, 3, (broken,)),))
    raw = made.raw[: -len(text)] + text.replace("345 678", "345\n678")
    shown, counts = RULES.article(_with(made, raw=raw))
    block = shown.blocks[0]
    assert block.text == "Cô Lan ở Sơn La, số [phone] nhận hồ sơ ở Huế" and counts == (("phone", 1),)
    assert [block.line_at(block.text.index(word)) for word in ("Lan", "Huế")] == [3, 4]
    assert shown.raw.split("\n")[2:] == ["Cô Lan ở Sơn La, số [phone]", " nhận hồ sơ ở Huế"]


def test_half_of_what_is_hidden_is_hidden_in_evidence_and_cuts():
    text = f"Gửi về {MAIL} ở Huế"
    made = makes.article("a", body=(text,), title="Tin")
    claim = made.tags.tags[0].claim
    quotes = ("truonghoc.edu.vn ở", "Gửi về thu", "ở Huế")
    evidence = tuple(Evidence(quote, 3, "x") for quote in quotes)
    tags = _with(made.tags, tags=(_with(made.tags.tags[0], claim=_with(claim, evidence=evidence)),))
    shown, _ = RULES.article(_with(made, tags=tags, removed=(Removal(3, " ha@truonghoc"[1:], "x", False),)))
    assert [one.quote for one in shown.tags.tags[0].claim.evidence] == ["[mail] ở", "Gửi về [mail]", "ở Huế"]
    assert all(one.quote in shown.raw.split("\n")[2] for one in shown.tags.tags[0].claim.evidence)
    assert shown.removed[0].text == "[mail]"


def test_a_title_cut_out_of_the_text_does_not_end_in_half_a_number():
    made = makes.article("a", title="Gọi số 0912 345…", body=("Gọi số 0912 345 678 nhé",))
    shown, _ = RULES.article(made)
    assert shown.metadata.title.value == "Gọi số [phone]…"


def test_what_is_personal_in_one_place_is_hidden_in_all():
    """After a dash these digits would be no telephone number."""
    made = makes.article("a", title="x-0912345678", body=("Gọi 0912345678",))
    shown, counts = RULES.article(made)
    assert shown.metadata.title.value == "x-[phone]" and "0912345678" not in repr(shown) and counts == (("phone", 1),)


def test_an_article_without_personal_data_is_the_same_value():
    made = makes.article("a")
    assert RULES.article(made)[0] is made


def _with(value, **changed):
    from dataclasses import replace

    return replace(value, **changed)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(["0", "+84", "(", ")", "912", "345", "678", "40123456", "12", "cccd ", "cmnd: ", " ", *"-."]), max_size=9))
def test_what_a_pattern_looks_ahead_for_leaves_no_match_out(parts):
    text = "".join(parts)
    for rule in RULES.rules:
        whole = re.compile(re.sub(r"^\(\?=.*?\)(?=\(\?)", "", rule.pattern.pattern))
        assert [match.span() for match in rule.pattern.finditer(text)] == [match.span() for match in whole.finditer(text)]
    assert any(rule.pattern.pattern.startswith("(?=") for rule in RULES.rules)


@given(st.lists(st.sampled_from(["0912", "345", "678", "\n", "\t", "\u00a0", "\u2007", "\u2009", "\u202f", *"-\u2010\u2011\u2012\u2013"])))
def test_whatever_divides_a_number_it_is_hidden_as_with_a_blank_or_a_hyphen(parts):
    text = "".join(parts)
    plain = re.sub("[\u2010-\u2013]", "-", re.sub(r"\s", " ", text))
    assert [span[:2] for span in RULES.found(text)] == [span[:2] for span in RULES.found(plain)]
