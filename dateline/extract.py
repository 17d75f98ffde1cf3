"""Read off a cleaned document what it says about itself: title, date, author, publisher, source.

in:   RawDocument, CleanText   the text, what the input stated beside it, and what cleaning recognised
out:  Metadata                 claims with confidence and the words they rest on; None where nothing is known

Better no answer than a wrong one: a cited law's date is not the date of publication, a photographer is not the author.
"""

from __future__ import annotations

import re

from dateline import dating
from dateline.bylines import Byline, CleaningKnowledge
from dateline.bylines import parse as parse_byline
from dateline.dates import Day
from dateline.lines import are_names, halves, is_name
from dateline.model import Block, Claim, CleanText, Evidence, Metadata, RawDocument, Removal, TitleSource
from dateline.outlets import Outlet, host_of
from dateline.parts import DEGREE
from dateline.text import sentences, shorten

_URL = re.compile(r"https?://[^\s<>\"')\]]{4,400}")
_SLUG_TAIL = re.compile(
    r"(?:[-_.]?(?:post|tag|art|c|d|a|i|id|ar)?\d{4,}(?:[-_.]\d+)?)?(?:\.(?:html?|aspx?|php|ldo|vov|epi|chn|tpo|vnp|bcb|htm|jsp))?$",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"(?P<label>Photos?|Ảnh|Anh|Nguồn ảnh|Video|Đồ họa)\s?[:：]\s?(?P<name>[^.:()\[\]|/\n]{2,40})", re.IGNORECASE
)
_TRANSLATOR = re.compile(
    r"(?:Translated by|Biên dịch|Người dịch|Lược dịch|Dịch)\s?:?\s?(?P<name>\S.{1,40})$", re.IGNORECASE
)
_LABELLED = re.compile(
    r"(?:By|Story by|Written by|Reported by|Author|Tác giả|Người viết|Thực hiện|"
    r"Bài(?: và|,| -| &)? ?ảnh|Tin,? ?(?:và )?(?:bài|ảnh)(?:,? ?ảnh)?|"
    r"Text and photos?|Story and photos? by|Bài|PV|Phóng viên)"
    r"\s?(?::|-|–|\s)\s?(?P<name>\S.{1,60})$",
    re.IGNORECASE,
)
_ACCORDING = re.compile(r"\(?(?:Theo|According to)\s(?P<name>[^()]{2,50})\)?$", re.IGNORECASE)
TITLE_FROM_LEAD = 110


def extract(raw: RawDocument, text: CleanText, knowledge: CleaningKnowledge) -> Metadata:
    """All that the document states about itself, with evidence."""
    source_url = _source_url(text)
    title, title_source = _title(raw, text, source_url)
    bylines = _bylines(text, knowledge)
    cited = dating.cited_days(text)
    publisher, via = _publishers(raw, text, bylines, source_url, knowledge)
    author, credits = _people(raw, text, bylines, knowledge)
    return Metadata(
        title=title,
        title_source=title_source,
        date=dating.publication_date(raw, text, bylines, cited),
        author=author,
        publisher=publisher,
        via=via,
        source_url=source_url,
        credits=credits,
        mentioned_dates=_mentioned(cited),
    )


# -- title -----------------------------------------------------------------------------------------------------------
def _title(raw: RawDocument, text: CleanText, source_url: Claim[str] | None) -> tuple[Claim[str] | None, TitleSource]:
    block = next((block for block in text.blocks if block.kind == "title"), None)
    stated = (raw.field("title") or "").strip()
    if block is not None:
        sure = 0.99 if stated and stated.casefold() == block.text.casefold() else 0.9
        return Claim(block.text, sure, (Evidence(block.text, block.line, "title.line"),)), "text"
    if stated:
        return Claim(" ".join(stated.split()), 0.9, (Evidence(stated.split("\n")[0], 0, "title.record"),)), "record"
    for url, evidence in _addresses(raw, source_url):
        words = slug_title(url)
        if words:
            return Claim(words, 0.5, (evidence,)), "slug"
    return _title_from_lead(text)


def _addresses(raw: RawDocument, source_url: Claim[str] | None) -> list[tuple[str, Evidence]]:
    """The text's web addresses, the original's first."""
    found = []
    if source_url is not None:
        printed = source_url.evidence[0]
        found.append((source_url.value, Evidence(printed.quote, printed.line, "title.slug")))
    if url := raw.field("url"):
        found.append((url, Evidence(url, 0, "title.slug")))
    return found


def slug_title(url: str) -> str | None:
    """The words of an address, as unaccented as it is.

    >>> slug_title("https://nhandan.vn/nhieu-chuyen-bien-trong-giao-duc-o-son-la-post824086.html")
    'Nhieu chuyen bien trong giao duc o son la'
    >>> slug_title("http://www.baomoi.com/a/c/21479692.epi") is None
    True
    """
    parts = [part for part in url.split("?")[0].split("#")[0].split("/")[3:] if part.count("-") >= 3]
    if not parts:
        return None
    longest = max(parts, key=lambda part: (part.count("-"), len(part)))
    words = [word for word in _SLUG_TAIL.sub("", longest).split("-") if word]
    if len(words) < 4 or sum(word.isalpha() for word in words) * 2 < len(words):
        return None
    # baohoabinh.com.vn writes the letters it cannot encode as numbers: "nati111nal" is "national".
    title = " ".join(re.sub(r"(?<=[A-Za-z])111|111(?=[A-Za-z])", "o", word) for word in words)
    return title[0].upper() + title[1:]


def _title_from_lead(text: CleanText) -> tuple[Claim[str] | None, TitleSource]:
    lead = next((block for block in text.body if block.kind == "paragraph"), next(iter(text.body), None))
    if lead is None:
        return None, "none"
    first = (sentences(lead.text) or [lead.text])[0]
    return Claim(shorten(first, TITLE_FROM_LEAD), 0.3, (lead.evidence(0, len(first), "title.lead"),)), "lead"


# -- source and publisher --------------------------------------------------------------------------------------------
def _source_url(text: CleanText) -> Claim[str] | None:
    """The address that a source line names; the last one, since it stands below the story."""
    found: Claim[str] | None = None
    for line in _source_lines(text):
        match = _URL.search(line.text)
        if match:
            url = match[0].rstrip(".,;")
            found = Claim(url, 0.95, (Evidence(url, line.line, line.rule),))
    return found


def _source_lines(text: CleanText) -> list[Removal]:
    return [removal for removal in text.removed if removal.rule.startswith("source.")]


def _publishers(
    raw: RawDocument,
    text: CleanText,
    bylines: list[tuple[Removal, Byline]],
    source_url: Claim[str] | None,
    knowledge: CleaningKnowledge,
) -> tuple[Claim[str] | None, Claim[str] | None]:
    """Whose text it is, and who republished it."""
    host = _host(raw, knowledge)
    named = _named_publisher(text, bylines, source_url, knowledge)
    if (stated := raw.field("publisher")) and named is None:
        outlet = knowledge.outlets.by_name(stated)
        named = Claim(
            outlet.id if outlet else host_of(stated) or stated, 0.9, (Evidence(stated, 0, "publisher.record"),)
        )
    masthead = _masthead(text, knowledge)
    if host is not None:
        own, evidence, republisher = host
        if named is not None and named.value != own and (republisher or source_url is not None):
            return named, Claim(own, 0.95, (evidence,))
        return (None, Claim(own, 0.95, (evidence,))) if republisher else (Claim(own, 0.95, (evidence,)), None)
    if masthead is not None and masthead[1]:
        return (named if named is None or named.value != masthead[0].value else None), masthead[0]
    return named or (masthead[0] if masthead else None), None


def _host(raw: RawDocument, knowledge: CleaningKnowledge) -> tuple[str, Evidence, bool] | None:
    url = raw.field("url")
    host = host_of(url) if url else None
    if not url or not host:
        return None
    outlet = knowledge.outlets.by_host(host)
    return (outlet.id if outlet else host), Evidence(url, 0, "publisher.url"), bool(outlet and outlet.republisher)


def _masthead(text: CleanText, knowledge: CleaningKnowledge) -> tuple[Claim[str], bool] | None:
    for removal in text.removed:
        outlet = knowledge.outlets.masthead(removal.text) if removal.whole else None
        if outlet is not None:
            return Claim(
                outlet.id, 0.9, (Evidence(removal.text, removal.line, "publisher.masthead"),)
            ), outlet.republisher
    return None


def _named_publisher(
    text: CleanText, bylines: list[tuple[Removal, Byline]], source_url: Claim[str] | None, knowledge: CleaningKnowledge
) -> Claim[str] | None:
    """The outlet that the text itself names as its own: source address, signature, byline, "Theo …"."""
    if source_url is not None and (host := host_of(source_url.value)):
        outlet = knowledge.outlets.by_host(host)
        return Claim(outlet.id if outlet else host, 0.95, (_renamed(source_url.evidence[0], "publisher.source"),))
    for removal in text.removed:
        if removal.rule == "dateline.outlet":
            outlet = _signed(removal.text, knowledge)
            if outlet is not None:
                return Claim(outlet.id, 0.9, (Evidence(removal.text, removal.line, "publisher.dateline"),))
    for removal, byline in bylines:
        for outlet_id in byline.outlets:
            outlet = knowledge.outlets.by_id(outlet_id)
            if outlet is not None and not outlet.republisher:
                return Claim(outlet_id, 0.85, (Evidence(removal.text, removal.line, "publisher.byline"),))
    for removal in text.removed:
        if removal.rule in ("source.line", "byline.according-to") and removal.whole:
            name = (
                removal.text.split(":", 1)[-1]
                if ":" in removal.text
                else removal.text.strip("()").removeprefix("Theo ")
            )
            outlet = knowledge.outlets.by_name(name.strip(" .()"))
            if outlet is not None:
                return Claim(outlet.id, 0.6, (Evidence(removal.text, removal.line, "publisher.named"),))
    return None


def _signed(printed: str, knowledge: CleaningKnowledge) -> Outlet | None:
    name = printed.strip(" -–—:()[].,")
    found = knowledge.outlets.by_prefix(name)
    return found[0] if len(found) == 1 else knowledge.outlets.by_host(name) if "." in name else None


def _renamed(evidence: Evidence, rule: str) -> Evidence:
    return Evidence(evidence.quote, evidence.line, rule)


# -- people ----------------------------------------------------------------------------------------------------------
def _bylines(text: CleanText, knowledge: CleaningKnowledge) -> list[tuple[Removal, Byline]]:
    """The byline lines that are article's own, read."""
    found = []
    for removal in text.removed:
        if removal.rule.startswith("byline.") and len(removal.text) <= 160:
            byline = parse_byline(removal.text, knowledge.rules, knowledge.outlets)
            if byline is not None:
                found.append((removal, byline))
    return found


def _people(
    raw: RawDocument, text: CleanText, bylines: list[tuple[Removal, Byline]], knowledge: CleaningKnowledge
) -> tuple[Claim[str] | None, tuple[Claim[str], ...]]:
    """The author, and everybody else who is credited."""
    credits: dict[str, Claim[str]] = {}
    authors: list[tuple[str, float, Evidence]] = []
    if stated := (raw.field("author") or "").strip():
        authors.append((" ".join(stated.split()), 0.9, Evidence(stated.split("\n")[0], 0, "author.record")))
    for removal, byline in bylines:
        authors.extend((name, 0.85, Evidence(name, removal.line, "author.byline")) for name in byline.names)
    for removal in text.removed:
        if removal.rule.startswith("byline."):
            _read_credit(removal, authors, credits, knowledge)
    for block in text.blocks:
        if block.kind == "caption":
            _read_photographer(block, credits)
    return _choose_author(authors, knowledge), tuple(credits[key] for key in credits)


def _read_credit(
    removal: Removal,
    authors: list[tuple[str, float, Evidence]],
    credits: dict[str, Claim[str]],
    knowledge: CleaningKnowledge,
) -> None:
    printed = removal.text.strip(" |•-–—/")
    if match := _TRANSLATOR.match(printed):
        _credit(credits, "translator", match["name"], removal.line)
    elif match := _ACCORDING.match(printed):
        people, slash, house = match["name"].partition("/")
        name = _signature_name(people, knowledge) if slash and _is_house(house.strip(), knowledge) else None
        _credit(credits, "agency", house if name else match["name"], removal.line)
        if name:
            authors.append((name, 0.7, Evidence(name, removal.line, "author.signoff")))
    elif printed in knowledge.rules.words.agencies:
        _credit(credits, "agency", printed, removal.line)
    elif match := _LABELLED.match(printed):
        authors.append((match["name"].strip(" ./-"), 0.85, Evidence(match["name"], removal.line, "author.label")))
    elif removal.rule in ("byline.signoff", "byline.name"):
        if other := _ACCORDING.search(printed):
            _credit(credits, "agency", other["name"], removal.line)
        name = _signature_name(printed, knowledge)
        if name:
            authors.append((name, 0.7, Evidence(name, removal.line, "author.signoff")))


_REMARK = re.compile(r"\s?[(|].*$|[\s/–-]{1,3}(?:Theo|theo)\s.*$")
_TAKEN = re.compile(r"^\(?Theo (?=[^\W\d_])")


def _signature_name(printed: str, knowledge: CleaningKnowledge) -> str | None:
    """The people in a signature, without outlet, office, degree and remark.

    "Công Danh (tổng hợp theo báo A)" → "Công Danh"; "Hà Linh/VOV-Tây Bắc" → "Hà Linh"; "Theo Hà Phương (Báo A)" → "Hà Phương";
    "PGS.TS. Nguyễn Hữu Đức" → "Nguyễn Hữu Đức". "Theo Dân trí" names nobody.
    """
    bare = _REMARK.sub("", _TAKEN.sub("", printed)).strip(" -–/|()")
    people, slash, outlet = bare.partition("/")
    if slash and _is_house(outlet.strip(), knowledge):
        bare = people.strip()
    bare = DEGREE.sub("", bare)
    words = knowledge.rules.words
    if _TAKEN.match(printed) and (bare == printed or not is_name(bare, words.surnames, words.not_names)):
        return None
    if not bare or _is_house(bare, knowledge):
        return None
    pen_name = bare.isupper() and bare.isalpha()
    return bare if pen_name or are_names(bare, words.surnames, words.not_names) else None


def _is_house(name: str, knowledge: CleaningKnowledge) -> bool:
    """An outlet, agency or desk, or the office of one: "VOV-Trung tâm Tin"."""
    words = knowledge.rules.words
    first = name.partition("-")[0].strip() if "-" in name else name
    return any(
        part in words.agencies or part in words.desks or knowledge.outlets.by_name(part) is not None
        for part in (name, first)
        if part
    )


def _credit(credits: dict[str, Claim[str]], role: str, name: str, line: int) -> None:
    name = name.strip(" .()-–|")
    if name:
        credits.setdefault(f"{role}: {name}", Claim(f"{role}: {name}", 0.8, (Evidence(name, line, f"credit.{role}"),)))


def _read_photographer(block: Block, credits: dict[str, Claim[str]]) -> None:
    match = _CREDIT.search(block.text)
    if match and len(match["name"].split()) <= 6:
        _credit(credits, "photographer", match["name"], block.line_at(match.start("name")))


def _choose_author(authors: list[tuple[str, float, Evidence]], knowledge: CleaningKnowledge) -> Claim[str] | None:
    """The first person stated; one who is named twice is surer."""
    words = knowledge.rules.words
    for name, sure, evidence in authors:
        once = _once(name)
        if knowledge.outlets.by_name(once) is not None and evidence.rule != "author.record":
            continue
        if once.casefold() in ("pv", "p.v", "bbt", "ctv"):
            continue
        if evidence.rule in ("author.signoff", "author.record") or is_name(once, words.surnames, words.not_names):
            others = {other.line for also, _, other in authors if also == name}
            return Claim(once, min(0.95, sure + 0.1 * (len(others) - 1)), (evidence,))
        if evidence.rule == "author.label" and once[:1].isupper():
            return Claim(once, sure, (evidence,))
    return None


def _once(name: str) -> str:
    """A name that is printed twice, once: "DA NANG Today / DA NANG Today"."""
    parts = [part.strip() for part in name.split("/")]
    return parts[0] if len(parts) == 2 and parts[0] == parts[1] else halves(name) or name


def _mentioned(cited: list[tuple[Block, Day]]) -> tuple[Evidence, ...]:
    """The days the body speaks of, each at its first mention."""
    found: dict[str, Evidence] = {}
    for block, day in cited:
        if day.iso and day.iso not in found:
            found[day.iso] = block.evidence(day.start, day.end, f"date.mentioned:{day.iso}")
    return tuple(found.values())
