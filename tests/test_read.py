"""A folder of whatever people have becomes documents; nothing in it stops the build."""

from __future__ import annotations

import json
import os
import re
import tempfile
import tracemalloc
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dateline import read as read_module
from dateline.config import Config
from dateline.formats import described, listed
from dateline.model import Problem, RawDocument
from dateline.read import Reading, read

STORY = "Hà Giang mở lớp học chữ ban đêm\n\nTối 5/9, xã Lũng Cú khai giảng lớp học cho ba mươi phụ nữ vùng cao."


def project(tmp_path: Path, files: dict[str, bytes | str]) -> Config:
    for name, content in files.items():
        path = tmp_path / "seeds" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return Config(tmp_path)


def reads(tmp_path: Path, files: dict[str, bytes | str]) -> tuple[list[RawDocument], list[Problem]]:
    found = list(read(project(tmp_path, files)))
    return [x for x in found if isinstance(x, RawDocument)], [x for x in found if isinstance(x, Problem)]


def one(tmp_path: Path, name: str, content: bytes | str) -> RawDocument:
    documents, problems = reads(tmp_path, {name: content})
    assert not problems, problems
    assert len(documents) == 1
    return documents[0]


def test_a_text_file_is_one_document(tmp_path: Path) -> None:
    document = one(tmp_path, "tin/003_7d05.txt", STORY)
    assert (document.id, document.text, document.origin) == ("003_7d05", STORY, "tin/003_7d05.txt")
    assert (document.format, document.encoding, document.fields) == ("text", "utf-8", ())


def test_front_matter_becomes_fields_and_leaves_its_lines_blank(tmp_path: Path) -> None:
    top = "---\ntitle: Lớp học đêm\ndate: 2023-09-06\nlink: https://baohagiang.vn/1\n---\n"
    document = one(tmp_path, "a.md", top + STORY)
    assert document.text == "\n" * 5 + STORY and document.format == "markdown"
    assert document.fields == (("url", "https://baohagiang.vn/1"), ("title", "Lớp học đêm"), ("date", "2023-09-06"))


def test_broken_front_matter_is_named_with_its_line_and_the_text_is_kept(tmp_path: Path) -> None:
    (document,), (problem,) = reads(tmp_path, {"a.md": '---\ntitle: "x\n---\n' + STORY})
    assert document.text.strip() == STORY and document.fields == ()
    assert problem.where == "seeds/a.md" and problem.line and problem.severity == "warning"


def test_json_lines_give_a_document_each(tmp_path: Path) -> None:
    rows = [{"id": "a1", "url": "https://x.vn/1", "text": STORY}, {"content": STORY, "authors": ["Thu Hà", "An"]}]
    documents, problems = reads(tmp_path, {"dump.jsonl": "\n".join(json.dumps(row) for row in rows)})
    assert not problems and [document.id for document in documents] == ["a1", "dump-2"]
    assert documents[0].field("url") == "https://x.vn/1" and documents[1].field("author") == "Thu Hà, An"
    assert documents[1].origin == "dump.jsonl#2" and documents[1].format == "record"


def test_a_table_gives_a_document_a_row(tmp_path: Path) -> None:
    table = 'id;Title;content\n7;Lớp học đêm;"' + STORY + '"\n8;;Một dòng\n'
    documents, problems = reads(tmp_path, {"bang.csv": "\ufeff" + table})
    assert not problems and [(d.id, d.text) for d in documents] == [("7", STORY), ("8", "Một dòng")]
    assert documents[0].field("title") == "Lớp học đêm"


def test_a_file_without_any_document_is_named(tmp_path: Path) -> None:
    no_pages = b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
    documents, problems = reads(tmp_path, {"empty.csv": "id;title;content\n", "web.warc": no_pages})
    assert not documents and [problem.where for problem in problems] == ["seeds/empty.csv", "seeds/web.warc"]
    assert all("no document" in problem.message for problem in problems)


def test_an_html_page_gives_its_article_and_what_it_declares(tmp_path: Path) -> None:
    line = "xã Lũng Cú khai giảng lớp học chữ cho ba mươi phụ nữ vùng cao trong tối nay."
    body = "".join(f"<p>Đoạn {n}: {line}</p>" for n in range(6))
    html = (
        '<html lang="vi"><head><meta property="og:title" content="Lớp học đêm">'
        '<meta property="article:published_time" content="2023-09-06T08:00:00+07:00"></head>'
        f"<body><nav>Trang chủ</nav><article><h1>Lớp học đêm</h1>{body}</article></body></html>"
    )
    document = one(tmp_path, "a.txt", html)
    assert document.format == "html" and "Đoạn 5" in document.text and "Trang chủ" not in document.text
    assert document.field("title") == "Lớp học đêm" and document.field("date") == "2023-09-06T08:00:00+07:00"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\n", "empty"),
        ("a.txt", b"Ha Noi\0\0Hue", "NUL"),
        ("a.txt", b"%PDF-1.7 ...", "a PDF"),
        ("a.jpg", b"\xff\xd8\xff\xe0..", "JPEG"),
        ("a.docx", b"PK\x03\x04....[Content_Types].xml", "Office"),
        ("a.css", b"body { margin: 0 }", "no format"),
    ],
)
def test_what_is_no_document_is_kept_aside_with_a_remedy(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    documents, (problem,) = reads(tmp_path, {name: content})
    assert not documents and said in problem.message and problem.where == f"seeds/{name}" and problem.hint


def test_two_documents_of_one_id_are_both_kept(tmp_path: Path) -> None:
    documents, problems = reads(tmp_path, {"a/001.txt": "Huế", "b/001.txt": "Vinh", "c/001.TXT": "Huế"})
    ids = [document.id for document in documents]
    assert ids[0] == "001" and len(set(ids)) == 3 and all(x.startswith("001-") for x in ids[1:])
    assert [problem.severity for problem in problems] == ["note", "note"]


def test_files_come_in_the_order_of_their_names_whatever_the_disk_says(tmp_path: Path) -> None:
    names = ["b.txt", "a/2.txt", "Z.txt", "a/10.txt", "ê.txt", "a.txt", "đ.txt"]
    documents, _ = reads(tmp_path, dict.fromkeys(names, STORY))
    expected = sorted(names, key=lambda name: name.encode().replace(b"/", b"\0"))
    assert [document.origin for document in documents] == expected


def test_names_that_no_file_may_have_everywhere_get_a_safe_id(tmp_path: Path) -> None:
    names = ["con", "-rf", "a\nb", "x" * 190, "bài?", "lpt1.tin", "a\u202eb", "kết thúc."]
    documents, problems = reads(tmp_path, {f"{name}.txt": STORY + name for name in names})
    ids = [document.id for document in documents]
    assert len(set(ids)) == len(names) and not problems
    for id in ids:
        assert re.fullmatch(r"[a-z0-9][a-z0-9-]*-[0-9a-f]{8}", id) and len(id.encode()) <= 120
    documents, _ = reads(tmp_path / "2", {"Bài viết số 1.txt": STORY})
    assert documents[0].id == "Bài viết số 1"


def test_twins_by_case_or_unicode_form_are_told_apart(tmp_path: Path) -> None:
    files = {"Huế.txt": "một", unicodedata.normalize("NFD", "Huế") + ".md": "hai", "huế.text": "ba"}
    documents, problems = reads(tmp_path, dict(files))
    assert len({document.id.casefold() for document in documents}) == 3 and len(problems) == 2


def test_hidden_and_system_files_are_left_out_with_a_note(tmp_path: Path) -> None:
    names = [".DS_Store", "Thumbs.db", "~$bai.docx", ".git/config", "bai.txt~", "README.md", ".~lock.a.odt#"]
    documents, problems = reads(tmp_path, {**dict.fromkeys(names, b"\0x"), "a.txt": STORY})
    assert len(documents) == 1 and len(problems) == len(names)
    assert all(problem.severity == "note" and problem.message.startswith("is left out") for problem in problems)


def test_links_pipes_and_sockets_are_never_opened(tmp_path: Path) -> None:
    config = project(tmp_path, {"a.txt": STORY})
    (tmp_path / "secret.txt").write_text("mật")
    (tmp_path / "seeds/link.txt").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "seeds/loop").symlink_to(tmp_path / "seeds")
    os.mkfifo(tmp_path / "seeds/pipe.txt")
    found = list(read(config))
    assert [x.text for x in found if isinstance(x, RawDocument)] == [STORY]
    said = {x.where: x.message for x in found if isinstance(x, Problem)}
    assert "link" in said["seeds/link.txt"] and "link" in said["seeds/loop"] and "pipe" in said["seeds/pipe.txt"]


def test_a_missing_folder_is_a_problem(tmp_path: Path) -> None:
    (problem,) = read(Config(tmp_path))
    assert isinstance(problem, Problem) and problem.where == "seeds" and "create it" in problem.hint


def test_a_deep_tree_is_read(tmp_path: Path) -> None:
    documents, _ = reads(tmp_path, {"/".join(["d"] * 500) + "/a.txt": STORY})
    assert len(documents) == 1


def test_a_document_that_is_too_long_is_kept_aside(tmp_path: Path) -> None:
    config = replace(project(tmp_path, {"a.txt": "a" * 1001, "b.txt": "b" * 1000}), max_document_bytes=1000)
    problem, document = read(config)
    assert isinstance(problem, Problem) and "1,000 bytes" in problem.message and problem.where == "seeds/a.txt"
    assert isinstance(document, RawDocument) and document.id == "b"


def test_a_line_of_any_length_is_passed_over_in_little_memory(tmp_path: Path) -> None:
    config = project(tmp_path, {})
    (tmp_path / "seeds").mkdir()
    with (tmp_path / "seeds/a.jsonl").open("wb") as file:
        file.write(b'{"text": "m\xe1\xbb\x99t"}\n{"text": "')
        for _ in range(60):
            file.write(b"a" * 1_000_000)
        file.write(b'"}\n{"text": "ba"}')
    tracemalloc.start()
    found = list(read(replace(config, max_document_bytes=1_000_000)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [x.text if isinstance(x, RawDocument) else x.line for x in found] == ["một", 2, "ba"]
    assert peak < 10_000_000


def test_a_long_file_is_streamed(tmp_path: Path) -> None:
    config = project(tmp_path, {})
    (tmp_path / "seeds").mkdir()
    record = json.dumps({"text": STORY * 40}).encode()
    for name, start, between, end in (("a.jsonl", b"", b"\n", b""), ("b.json", b"[", b",\n", b"]")):
        (tmp_path / "seeds" / name).write_bytes(start + between.join([record] * 3000) + end)
    tracemalloc.start()
    count = sum(isinstance(item, RawDocument) for item in read(config))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 6000 and (tmp_path / "seeds/b.json").stat().st_size > 15_000_000 and peak < 8_000_000


def test_bad_records_are_named_by_line_and_the_others_are_read(tmp_path: Path) -> None:
    lines = ['{"text": "một"}', "{not json", "[1]", '{"title": "x"}', "", '{"text": "hai\\ud83d"}', "[" * 100_000]
    documents, problems = reads(tmp_path, {"a.jsonl": "\n".join(lines)})
    assert [document.text for document in documents] == ["một", "hai�"]
    assert [(problem.line, problem.severity) for problem in problems] == [
        (2, "error"), (3, "error"), (4, "error"), (6, "warning"), (7, "error"),
    ]  # fmt: skip
    assert "field_names" in problems[2].hint and "title" in problems[2].message


def test_a_million_bad_lines_are_a_few_problems(tmp_path: Path) -> None:
    _, problems = reads(tmp_path, {"a.jsonl": "{x\n" * 5000})
    assert len(problems) == 21 and "4,980 more" in problems[-1].message


def test_field_names_are_the_sites_choice(tmp_path: Path) -> None:
    rows = '{"bai": "Huế mở hội", "meta": {"link": "https://x.vn/1"}, "text": "không phải"}'
    config = replace(project(tmp_path, {"a.jsonl": rows}), field_names=(("text", "bai"), ("url", "meta.link")))
    (document,) = read(config)
    assert isinstance(document, RawDocument)
    assert document.text == "Huế mở hội" and document.field("url") == "https://x.vn/1"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-8-sig"])
@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv"])
def test_records_in_any_unicode_encoding(tmp_path: Path, name: str, encoding: str) -> None:
    rows = [{"text": STORY, "title": "Lớp đêm"}, {"text": "Huế", "title": "Hội"}]
    content = {
        "a.jsonl": "\n".join(json.dumps(row, ensure_ascii=False) for row in rows),
        "a.json": json.dumps(rows, ensure_ascii=False, indent=1),
        "a.csv": f'text,title\n"{STORY}",Lớp đêm\nHuế,Hội\n',
    }[name]
    documents, problems = reads(tmp_path, {name: content.encode(encoding)})
    assert not problems and [(d.text, d.field("title")) for d in documents] == [(STORY, "Lớp đêm"), ("Huế", "Hội")]


def test_a_quote_that_is_never_closed_costs_its_row_only_up_to_the_limit(tmp_path: Path) -> None:
    rows = "id,text\n1,một\n2,\"hai\n" + "".join(f"{n},dòng {n}\n" for n in range(3, 3000))
    config = replace(project(tmp_path, {"a.csv": rows}), max_document_bytes=10_000)
    found = list(read(config))
    problems = [item for item in found if isinstance(item, Problem)]
    assert problems[0].line == 3 and "quote" in problems[0].hint
    assert sum(isinstance(item, RawDocument) for item in found) > 1500


def test_the_digest_is_of_the_content_and_not_of_the_name(tmp_path: Path) -> None:
    documents, _ = reads(tmp_path, {"a.txt": STORY, "b.txt": STORY, "c.txt": STORY + "."})
    assert documents[0].digest == documents[1].digest != documents[2].digest


PIECES = ["---\n", "title: x\n", "...\n", "{", "}", '"text": ', '"', ",", "\n", "\r", "[", "]", "id,text\n", "<html>",
          "<p>", "\t", "\0", "\ufeff", "ắ", "\u2028", "\\u0000", "\\ud800", "PK\x03\x04", "a: &a [*a]\n"]  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["a.txt", "a.md", "a.json", "a.jsonl", "a.csv", "a.html", "a.gz", "a.zip", "a"]),
    content=st.one_of(st.binary(max_size=200), st.lists(st.sampled_from(PIECES)).map(lambda x: "".join(x).encode())),
)
def test_no_file_breaks_it(tmp_path: Path, name: str, content: bytes) -> None:
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    documents, problems = reads(folder, {name: content})
    assert documents or problems or name == "a.csv" or not content.strip() or b"{" in content or b"[" in content
    for document in documents:
        assert document.text == unicodedata.normalize("NFC", document.text) and document.text.strip()
        assert not set(document.text) & set("\r\0\u2028\u2029\x85")
        assert all(value and "\n" not in value for _, value in document.fields)
        (document.text + document.id).encode("utf-8")


# -- files that are known ------------------------------------------------------------------------------------------------
TWO = '{"id": "a", "text": "Tối 5/9, xã Lũng Cú khai giảng."}\nhỏng\n{"id": "b", "text": "Sáng 6/9, Huế mở trường.", "url": "https://nhandan.vn/b"}\n'


def known_files(chosen: Config) -> dict[str, str]:
    held: dict[str, str] = {}
    list(Reading(chosen, keep=lambda path, found: held.update({path: described(found)})))
    return held


def test_a_known_file_gives_the_same_documents_without_being_opened(tmp_path, monkeypatch):
    chosen = project(tmp_path, {"bai.txt": STORY, "hai.jsonl": TWO, "trong.txt": ""})
    before, held = list(read(chosen)), known_files(chosen)
    monkeypatch.setattr("dateline.read._opened", lambda *_: pytest.fail("a known file was opened"))
    again = list(Reading(chosen, lambda path: listed(held[path])))
    assert [replace(one, text="") if isinstance(one, RawDocument) else one for one in before] == again


@pytest.mark.parametrize("wanted", [{"a"}, {"b"}, {"a", "b"}])
def test_what_is_asked_for_whole_is_read_once(tmp_path, monkeypatch, wanted):
    chosen = project(tmp_path, {"bai.txt": STORY, "hai.jsonl": TWO})
    before, held = {one.id: one for one in read(chosen) if isinstance(one, RawDocument)}, known_files(chosen)
    opened: list[str] = []
    really = read_module._opened
    monkeypatch.setattr("dateline.read._opened", lambda file, *rest: opened.append(file.origin) or really(file, *rest))
    reading = Reading(chosen, lambda path: listed(held[path]))
    asked = [reading.whole(one) for one in reading if isinstance(one, RawDocument) and one.id in wanted]
    assert asked == [before[one] for one in sorted(wanted)]
    assert opened == ["hai.jsonl"]


def test_a_file_that_is_not_what_it_was_known_to_be_is_noticed(tmp_path):
    chosen = project(tmp_path, {"bai.txt": STORY})
    held = known_files(chosen)
    (tmp_path / "seeds" / "bai.txt").write_text(STORY + " Thêm một câu.", "utf-8")
    reading = Reading(chosen, lambda path: listed(held[path]))
    assert [reading.whole(one) for one in reading if isinstance(one, RawDocument)] == [None]
