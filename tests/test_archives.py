"""Packed documents are read as if they lay in the folder; a hostile archive costs a line in the report."""

from __future__ import annotations

import bz2
import gzip
import importlib.util
import io
import json
import lzma
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from dateline import archives
from tests.test_read import STORY, one, reads

LINES = "\n".join(json.dumps({"text": f"Tin số {n}"}) for n in range(30)).encode()


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def tarred(members: dict[str, bytes], mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


@pytest.mark.parametrize(("pack", "ending"), [(gzip.compress, "gz"), (bz2.compress, "bz2"), (lzma.compress, "xz")])
def test_a_packed_file_is_what_is_in_it(tmp_path: Path, pack: Callable[[bytes], bytes], ending: str) -> None:
    files: dict[str, bytes | str] = {f"dump.jsonl.{ending}": pack(LINES), f"tin.txt.{ending}": pack(STORY.encode())}
    documents, problems = reads(tmp_path, files)
    assert not problems and len(documents) == 31
    assert (documents[0].id, documents[0].origin) == ("dump-1", f"dump.jsonl.{ending}#1")
    assert (documents[-1].id, documents[-1].text) == ("tin", STORY)


@pytest.mark.parametrize("mode", ["zip", "w", "w:gz", "w:bz2", "w:xz"])
def test_members_of_an_archive_are_documents(tmp_path: Path, mode: str) -> None:
    members = {"tin/001.txt": STORY.encode(), "dump.jsonl.gz": gzip.compress(LINES), "__MACOSX/._001.txt": b"x"}
    packed = zipped(members) if mode == "zip" else tarred(members, mode)
    documents, (note,) = reads(tmp_path, {"pack.bin": packed})
    assert len(documents) == 31 and note.severity == "note"
    assert (documents[0].id, documents[0].origin, documents[0].text) == ("001", "pack.bin/tin/001.txt", STORY)


def test_a_members_name_leads_nowhere(tmp_path: Path) -> None:
    members = {"../../evil.txt": b"mot", "/etc/passwd": b"hai", "..\\..\\ba.txt": b"ba", "..": b"bon"}
    for packed in (zipped(members), tarred({name: data for name, data in members.items() if name != ".."})):
        documents, _ = reads(tmp_path, {"pack": packed})
        assert {"evil", "passwd", "ba"} <= {document.id for document in documents}
        assert all(".." not in document.origin.split("/") for document in documents)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["pack", "seeds"]


def test_links_and_devices_in_an_archive_are_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, kind in (("a.txt", tarfile.SYMTYPE), ("b.txt", tarfile.LNKTYPE), ("c.txt", tarfile.FIFOTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    link = zipfile.ZipInfo("d.txt")
    link.external_attr = 0o120777 << 16
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as zipping:
        zipping.writestr(link, "/etc/passwd")
    documents, problems = reads(tmp_path, {"a.tar": out.getvalue(), "b.zip": packed.getvalue()})
    assert not documents and len(problems) == 4 and all("link" in problem.message for problem in problems)


def test_a_bomb_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "FREE_BYTES", 1_000_000)
    zeros = b'{"text": "' + b"a" * 20_000_000 + b'"}\n'
    for name, packed in (
        ("a.jsonl.gz", gzip.compress(zeros)),
        ("b.zip", zipped({f"{n}.txt": b"a" * 900_000 for n in range(20)})),
        ("c.tar.gz", gzip.compress(tarred({f"{n}.txt": b"a" * 900_000 for n in range(20)}))),
        ("d.gz", gzip.compress(gzip.compress(zeros))),
    ):
        folder = tmp_path / name
        documents, problems = reads(folder, {name: packed})
        assert len(documents) < 20 and "200 times" in problems[-1].message, name


def test_archives_within_archives_have_a_limit(tmp_path: Path) -> None:
    packed = STORY.encode()
    for _ in range(6):
        packed = zipped({"a.zip": packed})
    documents, (problem,) = reads(tmp_path, {"a.zip": packed})
    assert not documents and "archive in an archive" in problem.message


@pytest.mark.parametrize("cut", [3, 20, 60, 0.5, 0.9])
@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz", "a.jsonl.gz", "a.jsonl.bz2", "a.jsonl.xz", "a.tar"])
def test_a_cut_off_archive_is_a_problem_and_no_more(tmp_path: Path, name: str, cut: float) -> None:
    members = {f"{n}.txt": STORY.encode() * (n + 1) for n in range(9)}
    packed = {
        "a.zip": zipped(members),
        "a.tar": tarred(members),
        "a.tar.gz": gzip.compress(tarred(members)),
        "a.jsonl.gz": gzip.compress(LINES),
        "a.jsonl.bz2": bz2.compress(LINES),
        "a.jsonl.xz": lzma.compress(LINES),
    }[name]
    data = packed[: int(cut if cut >= 1 else len(packed) * cut)]
    documents, problems = reads(tmp_path, {name: data, "b.txt": "Huế"})
    assert documents[-1].text == "Huế"
    assert problems or len(documents) == 10 or cut == 3      # only a tar's padding was cut; three letters of a name
    assert all(problem.where.startswith(f"seeds/{name}") for problem in problems)


def test_an_encrypted_member_is_named(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.txt": b"bi mat", "b.txt": STORY.encode()}))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    data[6] |= 1
    documents, (problem,) = reads(tmp_path, {"a.zip": bytes(data)})
    assert [document.id for document in documents] == ["b"] and "encrypted" in problem.message


@pytest.mark.parametrize(("name", "content"), [("a.parquet", b"PAR1...."), ("a.warc", b"WARC/1.0\r\n")])
def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes) -> None:
    for package in ("pyarrow", "pyarrow.parquet", "warcio", "warcio.archiveiterator"):
        monkeypatch.setitem(sys.modules, package, None)
    documents, (problem,) = reads(tmp_path, {name: content})
    assert not documents and problem.hint == f'pip install "dateline[{name[2:]}]"'


if importlib.util.find_spec("pyarrow"):

    def test_a_parquet_table(tmp_path: Path) -> None:
        import pyarrow
        import pyarrow.parquet

        out = io.BytesIO()
        table = pyarrow.table({"id": ["x", "y"], "text": [STORY, "Huế"], "url": ["https://x.vn/1", None]})
        pyarrow.parquet.write_table(table, out)
        documents, problems = reads(tmp_path, {"a.parquet": out.getvalue(), "b.parquet": b"PAR1 not really"})
        found = [(document.id, document.text, document.field("url")) for document in documents]
        assert found == [("x", STORY, "https://x.vn/1"), ("y", "Huế", None)]
        assert len(problems) == 1 and problems[0].where == "seeds/b.parquet"


if importlib.util.find_spec("warcio"):

    @pytest.mark.parametrize("packed", [False, True])
    def test_a_warc_file(tmp_path: Path, packed: bool) -> None:
        paragraphs = "<p>Tối 5/9, xã Lũng Cú khai giảng lớp học chữ cho ba mươi phụ nữ vùng cao của huyện.</p>" * 5
        html = f"<html><body><article><h1>Lớp đêm</h1>{paragraphs}</article></body></html>".encode()
        answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(html) + html
        head = (
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://x.vn/1\r\nWARC-Date: 2024-01-01T00:00:00Z\r\n"
            "WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
        )
        record = head.encode() + answer + b"\r\n\r\n"
        document = one(tmp_path, "a.warc.gz" if packed else "a.warc", gzip.compress(record) if packed else record)
        assert "Lũng Cú" in document.text and document.fields[0] == ("url", "https://x.vn/1")
        assert document.field("date") is None and document.origin.endswith("#1")
