"""A folder of whatever people have becomes documents; nothing in it stops the build."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dateline.config import Config
from dateline.model import Problem, RawDocument
from dateline.read import read

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
