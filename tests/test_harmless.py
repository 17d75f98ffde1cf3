"""No document harms the build: each hostile file is refused or contained with a clear message, and the rest is built."""

from __future__ import annotations

import gzip
import io
import json
import os
import socket
import tarfile
import zipfile
from pathlib import Path

import pytest

from dateline import config, knowledge, pipeline, prepare, read
from tests.growth import assert_linear
from tests.test_pipeline import STORY

pytestmark = pytest.mark.slow

TORTURE = bool(os.environ.get("DATELINE_TORTURE"))
LONG = 1_000_000_000 if TORTURE else 30_000_000


def pack(names: list[str], content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return made.getvalue()


def tarred() -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for name, kind, target in (("link", tarfile.SYMTYPE, "/etc/passwd"), ("hard", tarfile.LNKTYPE, "../x"),
                                   ("device", tarfile.CHRTYPE, ""), ("pipe", tarfile.FIFOTYPE, "")):
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, target
            archive.addfile(entry)
        entry = tarfile.TarInfo("../../../../tmp/dateline-escaped.txt")
        entry.size = len(STORY.encode())
        archive.addfile(entry, io.BytesIO(STORY.encode()))
    return made.getvalue()


BOMB_YAML = "---\na: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)) + "---\n\nTin.\n"


def hostile(seeds: Path) -> None:
    """Everything that must not stop a build, in one folder."""
    files: dict[str, bytes] = {
        "long-line.txt": b"x" * LONG,
        "long.jsonl": b'{"text":"' + b"y" * LONG + b'"}\n' + json.dumps({"id": "after", "text": STORY}).encode(),
        "nested.json": b"[" * 100_000,
        "nested.jsonl": b'{"text":' + b'{"a":' * 100 + b"1" + b"}" * 100 + b"}\n" + b"[" * 50_000 + b"\n",
        "nested.html": b"<html><body>" + b"<div>" * 5000 + STORY.encode() + b"</body></html>",
        "nul.txt": STORY.encode() + b"\0\0",
        "half.txt": STORY.encode() + b"\xed\xa0\x80\xed\xb0\x80 \xff\xfe",
        "half.jsonl": b'{"id":"half-pair","text":"\\ud800 Tin \\udc00 Hu\\u1ebf khai gi\\u1ea3ng n\\u0103m h\\u1ecdc"}',
        "bomb.md": BOMB_YAML.encode(),
        "tag.md": b"---\ntitle: !!python/object/apply:os.system [touch /tmp/dateline-ran]\n---\n\nTin.\n",
        "zip-bomb.zip": pack(["a.txt"], b"0" * 130_000_000),
        "gz-bomb.txt.gz": gzip.compress(gzip.compress(b"0" * 130_000_000, 9), 9),
        "dotdot.zip": pack(["../../outside.txt", "/etc/cron.txt", "C:\\x.txt", "a/../../b.txt"], STORY.encode()),
        "links.tgz": tarred(),
        "broken.zip": pack(["a.txt"], STORY.encode() * 50)[:-40],
        "CON.txt": STORY.encode(), "nul .txt": STORY.encode(), "aux.tin.txt": STORY.encode(), "com1.md": STORY.encode(),
        "Tin.txt": STORY.encode(), "tin.txt": STORY.encode(),
        "Hu\u1ebf.txt": STORY.encode(), "Hue\u0302\u0301.txt": STORY.encode(),
        "-rf.txt": STORY.encode(), "a\nb.txt": STORY.encode(), "%00.txt": STORY.encode(), "\u202etxt.exe.txt": STORY.encode(),
        "x" * 251 + ".txt": STORY.encode(),
    }
    for name, content in files.items():
        (seeds / name).write_bytes(content)
    (Path(os.fsdecode(os.fsencode(seeds) + b"/\xff\xfe.txt"))).write_bytes(STORY.encode())
    (seeds / "passwd.txt").symlink_to("/etc/passwd")
    (seeds / "loop").symlink_to(seeds)
    (seeds / "dangling.txt").symlink_to("nowhere")
    os.mkfifo(seeds / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listener:
        where = Path.cwd()
        os.chdir(seeds)
        listener.bind("socket.txt")
        os.chdir(where)
    deep = seeds
    for level in range(100):
        deep = deep / f"d{level}"
    deep.mkdir(parents=True)
    (deep / "deep.txt").write_text(STORY)


REFUSED = {
    "long-line.txt": "longer than", "long.jsonl": "longer than", "nul.txt": "NUL", "bomb.md": "refused",
    "zip-bomb.zip": "longer than", "gz-bomb.txt.gz": "longer than", "links.tgz/link": "link", "links.tgz/device": "link",
    "broken.zip": "unpacked", "passwd.txt": "link", "loop": "link", "dangling.txt": "link", "pipe.txt": "pipe",
    "socket.txt": "pipe", "nested.json": "", "nested.jsonl": "",
}


def test_everything_hostile_at_once_is_told_and_the_rest_is_built(tmp_path):
    seeds = tmp_path / "project" / "seeds"
    seeds.mkdir(parents=True)
    hostile(seeds)
    outside = {path.name for path in tmp_path.iterdir()}
    report = pipeline.build(config.load(tmp_path / "project"), jobs=1)
    told = "\n".join(map(str, report.problems))
    for name, reason in REFUSED.items():
        assert any(name in problem.where and reason in problem.message for problem in report.problems), (name, told)
    rows = [json.loads(line) for line in (tmp_path / "project/site/data/articles.jsonl").read_text("utf-8").split("\n") if line]
    ids = {row["id"] for row in rows}
    assert {"Tin", "after", "deep", "half-pair", "Hu\u1ebf"} <= ids
    assert len({name.casefold() for name in ids}) == len(ids) >= 20
    assert {path.name for path in tmp_path.iterdir()} == outside
    assert not Path("/tmp/dateline-escaped.txt").exists() and not Path("/tmp/dateline-ran").exists()
    site = b"".join(path.read_bytes() for path in (tmp_path / "project/site").rglob("*") if path.is_file())
    assert b"root:x:0" not in site


# -- no expression goes quadratic -----------------------------------------------------------------------------------------------
UNITS = {
    "spaces": " ", "dots": ".", "digits": "7", "one letter": "a", "short words": "a b ", "capitals": "A", "quotes": "\u201c",
    "place names": "Hà Nội ", "dashes": "- ", "dates": "1/1/2020 ", "addresses": "http://", "blank lines": "\n",
    "people": "ông Nguyễn Văn A, ", "names on lines": "Nguyễn Văn Hùng\n", "headings": "#\n", "sources": "Nguồn: a\n",
    "codes": "12/2024/TT-BGDĐT ", "capital words": "ĐẠI HỌC ", "captions": "Ảnh: ", "open tags": "<", "brackets": "[(",
}
SIZE = 200_000 if TORTURE else 30_000


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    return knowledge.load(config.load(tmp_path_factory.mktemp("empty")))


@pytest.mark.parametrize("name", UNITS)
def test_twice_the_text_takes_about_twice_the_time(known, name):
    unit = UNITS[name]

    def whole_document(size: int) -> None:
        raw = read.read_text(f"Hà Nội khai giảng\n\n{unit * (size // len(unit))}\n\nHọc sinh đến trường.", "x")
        prepare.prepared((raw, frozenset(), frozenset(), ""), known)

    assert_linear(whole_document, SIZE)
