"""Rows → TEI P5: one teiCorpus, each article a TEI with its header. Only elements of the TEI Lite subset.

Dates carry @when, or @notBefore/@notAfter for what is only known to lie between; nothing is made more precise than it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from dateline import edtf
from dateline.exports_rows import Row, url

if TYPE_CHECKING:
    from dateline.exports import Setting

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_NOT_NAME = re.compile(r"[^A-Za-z0-9._-]")
_METHOD = ("Titles, dates, outlets, provinces, topics and languages were inferred by program; boilerplate was cut line by line. "
           "What is not known is left out.")


def write(rows: Iterable[Row], path: Path, setting: Setting) -> None:
    """One file, article by article."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<teiCorpus xmlns="http://www.tei-c.org/ns/1.0">\n')
        file.write(f"<teiHeader><fileDesc><titleStmt><title>{text(setting.title)}</title></titleStmt>"
                   f"<publicationStmt><p>{_where(setting.site_url)}</p></publicationStmt>"
                   "<sourceDesc><p>News texts collected from the web.</p></sourceDesc></fileDesc>"
                   f"<encodingDesc><samplingDecl><p>{_METHOD}</p></samplingDecl></encodingDesc></teiHeader>\n")
        for one in rows:
            file.write(article(one, setting))
        file.write("</teiCorpus>\n")


def article(row: Row, setting: Setting) -> str:
    """One article as a TEI element."""
    title = text(row["title"] or row["id"])
    author = f"<author>{text(row['author'])}</author>" if row["author"] else ""
    kind = ' type="supplied"' if row["title_source"] not in {"text", "record", "person"} else ""
    paragraphs = "\n".join(f"<p>{text(part)}</p>" for part in row["text"].split("\n\n") if part.strip()) or "<p/>"
    return (
        f'<TEI xml:id={attribute(name(row["id"]))}>\n<teiHeader><fileDesc>'
        f"<titleStmt><title{kind}>{title}</title>{author}</titleStmt>"
        f'<extent><measure unit="word" quantity="{row["words"]}">{row["words"]} words</measure></extent>'
        f"<publicationStmt><p>{_where(url(row, setting))}</p></publicationStmt>"
        f"<sourceDesc>{_source(row, setting)}</sourceDesc></fileDesc>\n{_profile(row)}</teiHeader>\n"
        f"<text xml:lang={attribute(row['language'])}><body>\n<head>{title}</head>\n{paragraphs}\n</body></text>\n</TEI>\n"
    )


def name(article_id: str) -> str:
    """An XML name: it may not begin with a digit. "004_e2" → "a.004_e2"."""
    return "a." + _NOT_NAME.sub("_", article_id)


def date(value: str | None) -> str:
    """An EDTF date as a TEI element, "" when there is none.

    >>> date("2023-02-24T09:44"), date("2025-08-22/..")
    ('<date when="2023-02-24T09:44:00">2023-02-24T09:44</date>', '<date notBefore="2025-08-22">2025-08-22/..</date>')
    """
    parsed = edtf.parse(value) if value else None
    if not value or parsed is None:
        return ""
    ends = [(key, point) for key, point in (("notBefore", parsed.start), ("notAfter", parsed.end)) if point]
    if parsed.single:
        ends = [("when", point) for _, point in ends[:1]]
    said = "".join(f" {key}={attribute(_moment(point.text))}" for key, point in ends)
    low = ' cert="low"' if any(point.approximate for _, point in ends) else ""
    return f"<date{said}{low}>{text(value)}</date>"


def _moment(point: str) -> str:
    plain = point.rstrip("~?%")
    return f"{plain}:00" if re.fullmatch(r".*T\d\d:\d\d", plain) else plain


def _where(address: str) -> str:
    return f"Published at <ref target={attribute(address)}>{text(address)}</ref>" if address else "Not published separately."


def _source(row: Row, setting: Setting) -> str:
    parts = [f"<title>{text(row['title'] or row['id'])}</title>"]
    if row["author"]:
        parts.append(f"<author>{text(row['author'])}</author>")
    if row["publisher"]:
        parts.append(f"<publisher>{text(setting.outlet(row['publisher']))}</publisher>")
    parts.append(date(row["date"]))
    if row["source_url"]:
        parts.append(f"<ref target={attribute(row['source_url'].replace(' ', '%20'))}>{text(row['source_url'])}</ref>")
    if row["via"]:
        parts.append(f"<note>Read at {text(setting.outlet(row['via']))}.</note>")
    return f"<bibl>{''.join(parts)}</bibl>"


def _profile(row: Row) -> str:
    note = " (machine-translated)" if row["machine_translated"] else ""
    terms = [f'<term type="province" subtype="era{tag["era"]}">{text(tag["name"])}</term>' for tag in row["provinces"]]
    terms += [f'<term type="topic">{text(tag["id"])}</term>' for tag in row["topics"]]
    subjects = f"<textClass><keywords>{''.join(terms)}</keywords></textClass>" if terms else ""
    language = f"<langUsage><language ident={attribute(row['language'])}>{text(row['language'])}{note}</language></langUsage>"
    return f"<profileDesc>{language}{subjects}</profileDesc>"


def text(value: str) -> str:
    """Escaped, and without what XML cannot hold at all."""
    return escape(_FORBIDDEN.sub("", value), quote=False)


def attribute(value: str) -> str:
    return f'"{escape(_FORBIDDEN.sub("", value)).translate(_SPACES)}"'


_SPACES = {ord(space): f"&#{ord(space)};" for space in "\n\r\t"}      # a reader of XML would make them plain ones
