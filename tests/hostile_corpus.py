"""Hostile texts in every place a scraped or hand-written text can stand, and what is read back out of a built site."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zlib
from base64 import b64decode
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from dateline.text import nfc

FILE = Path(__file__).parent / "hostile" / "payloads.txt"
_ESCAPE = re.compile(r"\\(?:([nt0\\])|x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))")
_PLAIN = {"n": "\n", "t": "\t", "0": "\0", "\\": "\\"}
FILLING = (
    "Sáng 12/9/2024, Sở Giáo dục và Đào tạo tỉnh Nghệ An khai giảng năm học mới tại huyện Kỳ Sơn với hơn 1.200 học sinh."
)


def payloads() -> list[str]:
    """All payloads, numbered from 0: payload 7 calls hit(7)."""
    lines = [line for line in FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("//")]
    return [_ESCAPE.sub(_letter, line.replace("#", str(number)) if "hit(#" in line or "/#" in line else line)
            for number, line in enumerate(lines)]


def _letter(match: re.Match[str]) -> str:
    return _PLAIN[match[1]] if match[1] else chr(int(match[2] or match[3] or match[4], 16))


def packed(hostile: list[str], together: int) -> list[str]:
    """Several payloads in one text, so that a quick test has fewer pages to visit."""
    return [" ".join(hostile[start : start + together]) for start in range(0, len(hostile), together)]


def write(root: Path, hostile: list[str], formulas: list[str]) -> None:
    """A project in which every text of `hostile` stands in every place, and every formula begins a field."""
    count = len(hostile)
    (root / "seeds").mkdir(parents=True)
    (root / "articles").mkdir()
    records, table = [], io.StringIO()
    sheet = csv.writer(table)
    sheet.writerow(("id", "title", "text", "url", "author"))
    for number in range(count):
        def at(place: int, number: int = number) -> str:
            return hostile[(number + place) % count]

        (root / "seeds" / _name(at(0), number)).write_bytes(_text(at).encode("utf-8", "surrogatepass"))
        if number % 4 == 0:
            (root / "seeds" / f"p{number}.html").write_text(_page(at), encoding="utf-8", errors="replace")
            (root / "seeds" / f"m{number}.md").write_text(_seed(at), encoding="utf-8", errors="replace")
            sheet.writerow((f"t{number}", at(1), f"{FILLING}\n\n{at(2)}", at(3), at(4)))
        records.append(json.dumps(_record(at), ensure_ascii=number % 3 == 0))
        (root / "articles" / f"hand-{number}.md").write_text(_article(at), encoding="utf-8", errors="replace")
    records += [json.dumps({"id": f"f{number}", "text": FILLING, "title": formula, "author": formula, "publisher": formula})
                for number, formula in enumerate(formulas)]
    (root / "seeds" / "dump.jsonl").write_text("\n".join(records), encoding="utf-8", errors="replace")
    (root / "seeds" / "table.csv").write_text(table.getvalue(), encoding="utf-8", errors="replace")
    settings = {"title": hostile[0], "description": " ".join(hostile[:3]), "site_url": "https://example.org/n/"}
    lines = [f"{key}: {json.dumps(value)}\n" for key, value in settings.items()]
    (root / "dateline.yml").write_text("".join(lines) + "interface: [en]\nfonts: none\n")


def _name(hostile: str, number: int) -> str:
    kept = re.sub(r"[/\0]", "∕", hostile).encode("utf-8", "replace")[:150].decode("utf-8", "ignore")
    return f"{number} {kept}.txt"


def _text(at) -> str:
    return (
        f"{at(1)}\n\n12/09/2024 08:30\n\n{FILLING} {at(2)} {FILLING}\n\n{at(3)}\n\n"
        f"Ông Nguyễn Văn Hùng, Giám đốc {at(4)} Sở Giáo dục, cho biết trường {at(5)} đã mở.\n\n"
        f"Học sinh khai giảng. Ảnh: {at(6)}\n\n- {at(7)}\n- {at(8)}\n\nTác giả: {at(9)}\n\n"
        f"Nguồn: https://nhandan.vn/{at(10)}\nSource: {at(11)}\n\nTin mới\n{at(12)}\n"
    )


def _record(at) -> dict[str, object]:
    return {
        "id": at(0), "title": at(1), "text": f"{FILLING}\n\n{at(2)}\n\n{at(3)}", "url": at(4), "author": [at(5), at(6)],
        "publisher": at(7), "date": at(8), "language": at(9), at(10): at(11),
    }


def _page(at) -> str:
    attribute = at(5).replace('"', "&quot;")
    return (
        f"<html><head><title>{at(1)}</title><meta name=author content=\"{attribute}\">"
        f"<link rel=canonical href=\"{attribute}\"></head><body><article><h1>{at(1)}</h1><p>{FILLING}</p>"
        f"<p>{at(2).replace('<', '&lt;')}</p><p>{FILLING} {at(3)}</p></article></body></html>"
    )


def _seed(at) -> str:
    front = {"title": at(1), "author": at(2), "source": at(3), "date": at(4)}
    return "---\n" + "".join(f"{key}: {json.dumps(value)}\n" for key, value in front.items()) + f"---\n\n{FILLING}\n\n{at(5)}\n"


def _article(at) -> str:
    """As a person would write it: raw HTML in the body goes through the sanitiser."""
    front = {
        "title": at(1), "author": at(2), "source": at(3), "publisher": at(4), "via": at(5), "slug": at(6), "language": at(7),
        "date": at(8), "province": at(9), "topics": [at(10)], "seed": at(11), "reason": at(12),
    }
    lines = "".join(f"{key}: {json.dumps(value)}\n" for key, value in front.items())
    return f"---\n{lines}---\n\n{FILLING}\n\n{at(0)}\n\n## {at(13)}\n\n- {at(14)}\n\n> {at(15)}\n\n{FILLING} *{at(16)}*\n"


# -- out of the site again ------------------------------------------------------------------------------------------------
_SHARD = re.compile(rb'_S\("([^"]*)","([A-Za-z0-9+/=]*)"\)\n?')


def shards(content: bytes) -> dict[str, bytes]:
    """The parts of a search script by name, unpacked: `_S("d/0/0","<base64 of raw deflate>")`."""
    return {name.decode(): zlib.decompress(b64decode(packed), -15) for name, packed in _SHARD.findall(content)}


def said(site: Path) -> Iterator[tuple[str, bytes]]:
    """All that the site says: every file, and every compressed part of the search scripts unpacked."""
    for path in sorted(site.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            name = path.relative_to(site).as_posix()
            yield name, content
            if name.endswith(".gz"):
                yield f"{name}:unpacked", gzip.decompress(content)
            if name.startswith("search/"):
                yield from ((f"{name}:{part}", unpacked) for part, unpacked in shards(content).items())


class Parsed(HTMLParser):
    """A page's JSON-LD, headline, and the names of its elements, as a browser would tokenise them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: set[str] = set()
        self.data: list[object] = []
        self.heading = ""
        self._inside = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        if tag == "script" and dict(attrs).get("type") == "application/ld+json":
            self._inside = "ld"
        elif tag == "h1":
            self._inside = "h1"

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "h1"}:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "ld":
            self.data.append(json.loads(data))
        elif self._inside == "h1":
            self.heading += data


def printed(text: str) -> str:
    """A payload as a one-line field shows it."""
    return " ".join(nfc(text).split())
