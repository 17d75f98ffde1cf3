"""articles/*.md: the record that people can correct. YAML front matter, then the text as Markdown.

The tool writes a file it has never written, rewrites one that nobody touched, and never overwrites one that a person
edited. It knows by the seal, the last line of the front matter: a digest of the fields and one of the body as it last
wrote them. What a person wrote wins over what the machine would say; what they left alone follows today's rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from json import JSONEncoder
from pathlib import Path
from typing import Any

from dateline import edtf, yamlfile
from dateline.errors import did_you_mean
from dateline.knowledge import Knowledge
from dateline.model import Article, Block, Claim, Evidence, Metadata, Problem, Tag, Tags
from dateline.text import nfc, spaced

FIELDS = ("id", "title", "title_source", "date", "language", "machine_translated", "province", "provinces", "topic",
          "topics", "author", "publisher", "via", "source", "seed")
"""What the tool writes, in this order."""
PERSON_FIELDS = ("confirmed", "restore", "withhold", "reason", "slug", "seal")
"""What only a person adds (and the seal)."""
PERSON = "person"


@dataclass(frozen=True, slots=True)
class Record:
    """One articles/*.md as it stands on disk."""

    id: str
    where: str
    fields: yamlfile.Node
    body: str
    body_line: int
    text: str
    """The whole file, "\\n" newlines."""
    edited_fields: bool
    edited_body: bool
    seal: str
    """As it stands in the file; "" for a file that the tool never wrote."""

    @property
    def sealed(self) -> bool:
        """The tool wrote this file once."""
        return bool(self.seal)

    @property
    def edited(self) -> bool:
        return self.edited_fields or self.edited_body

    @property
    def restore(self) -> frozenset[int]:
        """Raw lines a person wants back in the text."""
        return frozenset(node.value for node in self.fields.get("restore").list() if isinstance(node.value, int))

    @property
    def withheld(self) -> str | None:
        value = self.fields.get("withhold").value
        if not value:
            return None
        return value if isinstance(value, str) else self.fields.get("reason").string() or "withheld"


# -- reading ----------------------------------------------------------------------------------------------------------
def read_all(folder: Path, seals: Mapping[str, str] | None = None) -> tuple[dict[str, Record], list[Problem]]:
    """All records of a folder by id, and what could not be read. A record that does not parse is left alone on disk.

    A record that nobody touched comes without its text, which the tool knows; `read_file` and `reread` have it. A file whose
    seal is among `seals` (name → seal) is known to be one, and is not opened.
    """
    records: dict[str, Record] = {}
    problems: list[Problem] = []
    known = seals or {}
    for path in sorted(folder.glob("*.md")) if folder.is_dir() else ():
        if path.name in known:
            record = _untouched(nfc(path.stem), f"{folder.name}/{path.name}", known[path.name])
            records[record.id] = record
            continue
        read, found = read_file(path)
        problems.extend(found)
        if read is not None:
            records[read.id] = read if read.edited or not read.sealed else replace(read, text="", body="")
    return records, problems


def read_file(path: Path) -> tuple[Record | None, list[Problem]]:
    """One file, as `parse` gives it."""
    where = f"{path.parent.name}/{path.name}"
    if path.is_symlink() or not path.is_file():
        return None, [Problem(where, None, "is not a plain file; it was not read", "put the file itself there")]
    try:
        text = nfc(path.read_bytes().decode("utf-8-sig")).replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError):
        return None, [Problem(where, None, "is not UTF-8 text; it was left as it is", "save the file as UTF-8")]
    return parse(text, where, nfc(path.stem))


def _untouched(id: str, where: str, seal: str, text: str = "", body: str = "", body_line: int = 0) -> Record:
    """A record that is as the tool wrote it: nothing in it needs to be read."""
    return Record(id, where, yamlfile.Node({}, 2, yamlfile.Complaints(where)), body, body_line, text, False, False, seal)


def parse(text: str, where: str, stem: str) -> tuple[Record | None, list[Problem]]:
    """One file's text → its record; None with the reason when the front matter cannot be read."""
    parts = split_front_matter(text)
    if parts is None:
        hint = "begin the file with a line ---, then fields like  title: …, then --- again"
        return None, [Problem(where, 1, "has no front matter; it was left as it is and not published", hint)]
    front, body, body_line = parts
    complaints = yamlfile.Complaints(where)
    lines, seal = _seal_of(front)
    field_seal, _, body_seal = seal.partition("-")
    edited_fields, edited_body = field_seal != _seal(lines), body_seal != _seal(body)
    if seal and not edited_fields and not edited_body:
        return _untouched(stem, where, seal, text, body.strip("\n"), body_line), []
    fields = yamlfile.parse(front, complaints, first_line=2)
    if not isinstance(fields.value, dict):
        if not complaints.problems:
            complaints.add(2, "the front matter has no fields", "write  title: …")
        return None, complaints.problems
    for key, node in fields.items():
        if key not in FIELDS and key not in PERSON_FIELDS:
            complaints.problems.append(
                Problem(where, node.line, f'unknown field "{key}"; it is kept and not used',
                        did_you_mean(key, (*FIELDS, *PERSON_FIELDS)), "warning"))
    shown = body.strip("\n").replace("\0", "\ufffd")        # as in seeds: no page can have it
    record = Record(fields.get("id").string(stem) or stem, where, fields, shown, body_line, text, edited_fields, edited_body, seal)
    return record, complaints.problems


def reread(record: Record, folder: Path | None = None) -> Record:
    """The record with its text and fields, of a file in `folder` that was taken for the tool's own and not looked into."""
    if not record.text and folder is not None:
        record = read_file(folder / Path(record.where).name)[0] or record
    front = split_front_matter(record.text)
    fields = yamlfile.parse(front[0] if front else "", yamlfile.Complaints(record.where), first_line=2)
    return replace(record, fields=fields)


def split_front_matter(text: str) -> tuple[str, str, int] | None:
    """(front matter, body, the body's first line), or None when the text does not begin with one."""
    if not text.startswith("---\n"):
        return None
    end = text.find("\n---", 3)
    while end >= 0 and text[end + 4 : end + 5] not in {"", "\n"}:
        end = text.find("\n---", end + 4)
    if end < 0:
        return None
    return text[4 : end + 1], text[end + 5 :], text.count("\n", 0, end + 5) + 1


def _seal_of(front: str) -> tuple[str, str]:
    """The front matter without its seal, and the seal."""
    before, mark, after = ("\n" + front).partition("\nseal:")
    if not mark:
        return front, ""
    seal, _, rest = after.partition("\n")
    return f"{before}\n{rest}", seal.strip().strip("\"'")


def _seal(text: str) -> str:
    lines = "\n".join(map(str.rstrip, text.strip().split("\n")))
    return blake2b(lines.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


# -- writing ----------------------------------------------------------------------------------------------------------
def write(article: Article) -> str:
    """The file the tool would write for this article, seal included."""
    front = "".join(f"{name}: {_scalar(value)}\n" for name, value in values(article).items())
    body = markdown(article.blocks)
    return f"---\n{front}seal: {_seal(front)}-{_seal(body)}\n---\n\n{body}\n"


def seal_in(text: str) -> str:
    """The seal of a file that the tool wrote."""
    return text.partition("\nseal: ")[2].partition("\n")[0]


def values(article: Article) -> dict[str, Any]:
    """The front matter's fields, in order; None for what was not found."""
    metadata, tags = article.metadata, article.tags
    return {
        "id": article.id,
        "title": metadata.title.value if metadata.title else None,
        "title_source": metadata.title_source,
        "date": metadata.date.value if metadata.date else None,
        "language": tags.language.value,
        "machine_translated": tags.machine_translated.value,
        "province": tags.province.value if tags.province else None,
        "provinces": [tag.value for tag in article.tagged("province")],
        "topic": next((tag.value for tag in article.tagged("topic") if tag.role == "primary"), None),
        "topics": [tag.value for tag in article.tagged("topic")],
        "author": metadata.author.value if metadata.author else None,
        "publisher": metadata.publisher.value if metadata.publisher else None,
        "via": metadata.via.value if metadata.via else None,
        "source": metadata.source_url.value if metadata.source_url else None,
        "seed": article.origin or None,
    }


_PLAIN = re.compile(r"[^\W\d_][\w ./()&–-]*|\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d)?)?)?(?:[~?%]|/(?:\.\.|\d{4}(?:-\d\d){0,2}))?")
# JSON's strings are YAML's double-quoted ones, but for the controls that YAML wants escaped
_QUOTED = JSONEncoder(ensure_ascii=False).encode
_UNWRITTEN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_RESERVED = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(_scalar(item) for item in value)}]"
    text = str(value)
    if _PLAIN.fullmatch(text) and text.lower() not in _RESERVED and not text.endswith(" "):
        return text
    quoted = _QUOTED(text)
    return quoted if quoted.isprintable() else _UNWRITTEN.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)


# -- blocks ↔ Markdown ------------------------------------------------------------------------------------------------
_SPECIAL = re.compile(r"[\\`*_\[\]]|&(?=#?\w+;)|<")
_MARKS = "\\`*_[]&<"
"""What `_SPECIAL` can begin with."""
_START = re.compile(r"(?:[#>+=|~-]|\d+(?=[.)]))")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def escape(text: str) -> str:
    """Text → Markdown that any reader turns back into just that text.

    >>> escape("1. Điểm *mới* <b>")
    '1\\\\. Điểm \\\\*mới\\\\* &lt;b>'
    """
    if not text.isprintable():                   # a look that costs less than the search
        text = _CONTROL.sub("", text)
    if any(map(text.__contains__, _MARKS)):
        text = _SPECIAL.sub(lambda match: {"<": "&lt;", "&": "&amp;"}.get(match[0], "\\" + match[0]), text)
    start = _START.match(text)
    if start is None:
        return text
    return text[: start.end()] + "\\" + text[start.end() :] if start[0].isdigit() else "\\" + text


def markdown(blocks: Iterable[Block]) -> str:
    """The body as Markdown. Title, byline and source lines live in the front matter and are left out."""
    parts: list[str] = []
    previous = ""
    for block in blocks:
        text = escape(spaced(block.text))
        if block.kind == "heading":
            parts.append(f"\n\n## {text}")
        elif block.kind == "list-item":
            parts.append(("\n" if previous == "list-item" else "\n\n") + f"- {text}")
        elif block.kind == "caption":
            parts.append(f"\n\n*{text}*")
        elif block.kind in {"paragraph", "note"}:
            parts.append(f"\n\n{text}")
        else:
            continue
        previous = block.kind
    return "".join(parts).strip("\n")


_UNESCAPE = re.compile(r"\\([\\`*_{}\[\]()>#+\-.!|~=])")
_MARKUP = re.compile(r"(?<!\\)(?:\*\*?|__?|`)|(?<!\\)!?\[([^\]\n]*)\]\([^)\s]*\)")


def blocks_of(body: str, first_line: int = 1) -> tuple[Block, ...]:
    """A hand-written body → blocks, for tagging, search and exports. Line numbers are those of the .md file."""
    blocks: list[Block] = []
    pending: list[str] = []
    start = first_line

    def flush() -> None:
        if pending:
            blocks.append(_block(" ".join(pending), start))
            pending.clear()

    for number, line in enumerate(body.split("\n"), first_line):
        stripped = line.strip()
        begins = stripped.startswith(("#", "- ", "* ", "+ "))
        if not stripped or begins:
            flush()
        if stripped:
            if not pending:
                start = number
            pending.append(stripped)
            if stripped.startswith("#"):
                flush()
    flush()
    return tuple(blocks)


def _block(text: str, line: int) -> Block:
    if text.startswith("#"):
        return Block("heading", _plain(text.lstrip("# ")), line)
    if text.startswith(("- ", "* ", "+ ")):
        return Block("list-item", _plain(text[2:]), line)
    if len(text) > 2 and text[0] == text[-1] and text[0] in "*_" and text[1] not in "*_":
        return Block("caption", _plain(text[1:-1]), line)
    return Block("paragraph", _plain(text), line)


def _plain(text: str) -> str:
    text = _MARKUP.sub(lambda match: match[1] or "", text)
    return _UNESCAPE.sub(r"\1", text).replace("&lt;", "<").replace("&amp;", "&").strip()


# -- a person's edits over the machine's answer -------------------------------------------------------------------------
def merge(machine: Article, record: Record, knowledge: Knowledge) -> tuple[Article, list[Problem]]:
    """The article as the person wants it; notes say where today's rules would answer otherwise."""
    article = machine
    problems: list[Problem] = []
    changed: list[str] = []
    if record.edited_fields:
        article, changed, problems = _merge_fields(machine, record, knowledge)
    if record.edited_body:
        article = replace(article, blocks=blocks_of(record.body, record.body_line), body_markdown=record.body)
        changed.append("body")
    if record.withheld is not None:
        article = replace(article, withheld=record.withheld, metadata=_without_lead(article.metadata))
    return replace(article, edited=tuple(changed)), problems


def _without_lead(metadata: Metadata) -> Metadata:
    """A title that was taken from the first sentence is text, and is withheld with it."""
    return replace(metadata, title=None, title_source="none") if metadata.title_source == "lead" else metadata


def _merge_fields(machine: Article, record: Record, knowledge: Knowledge) -> tuple[Article, list[str], list[Problem]]:
    ours = values(machine)
    theirs: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, node in record.fields.items():
        if name not in ours or name in {"id", "seed"}:
            continue
        value, complaint = _checked(name, node, knowledge)
        if complaint:
            problems.append(complaint)
        elif value != ours[name]:
            theirs[name] = value
            if record.sealed:
                says = _scalar(ours[name])
                problems.append(Problem(record.where, node.line, f"{name} is kept as edited; today's rules say {says}", "",
                                        "note"))
    for name in record.fields.get("confirmed").strings():
        if name in ours and name not in {"id", "seed"}:
            theirs.setdefault(name, ours[name])
    return apply(machine, theirs), list(theirs), problems


def _checked(name: str, node: yamlfile.Node, knowledge: Knowledge) -> tuple[Any, Problem | None]:
    """A field's value, or what is wrong with it (the machine's answer is used then)."""

    def wrong(message: str, hint: str) -> tuple[None, Problem]:
        return None, Problem(node.complaints.where, node.line, f"{message}; the machine's answer is used", hint)

    value = node.value
    if name in {"provinces", "topics"}:
        if not isinstance(value, list):
            return wrong(f"{name} must be a list", "write [one, two]")
        found = [item.string() for item in value]
        known = _provinces(knowledge) if name == "provinces" else _topics(knowledge)
        for item in found:
            if item not in known:
                return wrong(f'{name} has "{item}", which is not there', did_you_mean(item, known))
        return found, None
    if value is None:
        return None, None
    if name == "machine_translated":
        return (value, None) if isinstance(value, bool) else wrong("machine_translated must be true or false", "")
    if isinstance(value, (dict, list)):
        return wrong(f"{name} must be text", "put it in quotes")
    text = node.string()
    if name == "date" and edtf.parse(text) is None:
        return wrong(f'date "{text}" is not a date', "write 2023-02-24, 2023-02, 2023, or 2025-08-22/.. for “on or after”")
    if name == "language" and not _LANGUAGE.fullmatch(text):
        return wrong(f'language "{text}" is no language code', "write two letters of ISO 639-1: vi, en, fr; und when unknown")
    if name == "province" and text != "national" and text not in _provinces(knowledge):
        return wrong(f'province "{text}" is not there', did_you_mean(text, [*_provinces(knowledge), "national"]))
    if name == "topic" and text not in _topics(knowledge):
        return wrong(f'topic "{text}" is not there', did_you_mean(text, _topics(knowledge)))
    return text, None


_LANGUAGE = re.compile("[a-z]{2}|und")


def _provinces(knowledge: Knowledge) -> frozenset[str]:
    return frozenset(unit.slug for unit in (*knowledge.gazetteer.units_34, *knowledge.gazetteer.units_63))


def _topics(knowledge: Knowledge) -> frozenset[str]:
    return frozenset(topic.id for topic in knowledge.taxonomy.topics)


_SLOTS = {"title": "title", "date": "date", "author": "author", "publisher": "publisher", "via": "via", "source": "source_url"}
"""Front matter field → field of Metadata."""


def apply(article: Article, changes: dict[str, Any]) -> Article:
    """Lay checked field values over an article; each becomes a claim that a person made."""

    def claim(name: str) -> Claim[Any] | None:
        value = changes[name]
        evidence = Evidence(f"{name}: {_scalar(value)}", 0, PERSON)
        return None if value is None else Claim(value, 1.0, (evidence,))

    metadata: Metadata = article.metadata
    slots: dict[str, Any] = {slot: claim(name) for name, slot in _SLOTS.items() if name in changes}
    if "title" in changes:
        slots["title_source"] = "person" if changes["title"] else "none"
    metadata = replace(metadata, **slots)
    tags: Tags = article.tags
    language, translated = changes.get("language"), changes.get("machine_translated")
    if language is not None:
        tags = replace(tags, language=Claim(language, 1.0, (Evidence(f"language: {language}", 0, PERSON),)))
    if translated is not None:
        tags = replace(tags, machine_translated=Claim(translated, 1.0, (Evidence(f"machine_translated: {translated}", 0, PERSON),)))
    if "province" in changes or "provinces" in changes:
        tags = _with_provinces(article, tags, changes, claim)
    if "topic" in changes or "topics" in changes:
        tags = _with_topics(article, tags, changes, claim)
    return replace(article, metadata=metadata, tags=tags)


def _with_provinces(article: Article, tags: Tags, changes: dict[str, Any], claim: Callable[[str], Any]) -> Tags:
    primary = changes.get("province", tags.province.value if tags.province else None)
    machine = {tag.value: tag for tag in article.tagged("province")}
    wanted = list(changes.get("provinces", machine))
    if primary and primary != "national":
        wanted = [primary, *(slug for slug in wanted if slug != primary)]
    if "provinces" not in changes and tags.province and tags.province.value != primary:
        wanted = [slug for slug in wanted if slug != tags.province.value]
    era = next((tag.era for tag in machine.values()), None)
    source = "provinces" if "provinces" in changes else "province"
    placed = []
    for slug in wanted:
        role = "primary" if slug == primary else "concerned"
        known = machine.get(slug)
        if known is not None:
            placed.append(replace(known, role=known.role if known.role == "former" else role))
        else:
            why = claim(source)
            placed.append(Tag("province", Claim(slug, 1.0, why.evidence if why else ()), role, era or "34"))
    province = claim("province") if "province" in changes else tags.province
    return replace(tags, province=province, tags=(*placed, *(tag for tag in tags.tags if tag.facet != "province")))


def _with_topics(article: Article, tags: Tags, changes: dict[str, Any], claim: Callable[[str], Any]) -> Tags:
    machine = {tag.value: tag for tag in article.tagged("topic")}
    primary_now = next((tag.value for tag in machine.values() if tag.role == "primary"), None)
    wanted = list(changes.get("topics", machine))
    primary = changes["topic"] if "topic" in changes else (primary_now if primary_now in wanted else next(iter(wanted), None))
    if primary:
        wanted = [primary, *(topic for topic in wanted if topic != primary)]
    source = claim("topics" if "topics" in changes else "topic")
    filed = tuple(
        replace(machine[topic], role="primary" if topic == primary else "secondary")
        if topic in machine
        else Tag("topic", Claim(topic, 1.0, source.evidence if source else ()), "primary" if topic == primary else "secondary")
        for topic in wanted
    )
    return replace(tags, tags=tuple(tag for tag in tags.tags if tag.facet != "topic") + filed)

