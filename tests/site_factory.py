"""A small corpus made by hand: what the tests of pages and rendering are about. All texts are our own."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from dateline import digest
from dateline import strings as strings_module
from dateline.config import Config
from dateline.frame import Site
from dateline.model import (
    Article,
    Block,
    Card,
    Claim,
    Corpus,
    Evidence,
    Links,
    Metadata,
    Page,
    ProvinceRef,
    Related,
    Removal,
    Tag,
    Tags,
)
from dateline.strings import Strings

ROOT = Path(__file__).parent.parent


# -- knowledge ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class FakeUnit:
    slug: str
    name: str
    name_en: str
    tile: tuple[int, int]
    successor: str = ""
    label: str = ""


@dataclass(frozen=True)
class FakeIsland:
    slug: str
    name: str
    name_en: str
    province: str
    tile_34: tuple[int, int]
    tile_63: tuple[int, int]


@dataclass(frozen=True)
class FakeTopic:
    id: str
    parent: str | None
    label_en: str
    label_vi: str


@dataclass(frozen=True)
class Named:
    id: str
    name: str = ""
    why: str = ""
    why_vi: str = ""


@dataclass(frozen=True)
class FakeGazetteer:
    units_34: tuple[FakeUnit, ...]
    units_63: tuple[FakeUnit, ...]
    islands: tuple[FakeIsland, ...]


@dataclass(frozen=True)
class FakeTaxonomy:
    topics: tuple[FakeTopic, ...]


@dataclass(frozen=True)
class FakeOutlets:
    outlets: tuple[Named, ...]

    def by_id(self, domain: str) -> Named | None:
        return next((outlet for outlet in self.outlets if outlet.id == domain), None)


@dataclass(frozen=True)
class FakeRules:
    rules: tuple[Named, ...]


@dataclass(frozen=True)
class FakeKnowledge:
    gazetteer: FakeGazetteer
    taxonomy: FakeTaxonomy
    outlets: FakeOutlets
    rules: FakeRules


def _unit(slug: str, name: str, name_en: str, row: int, column: int, successor: str = "") -> FakeUnit:
    return FakeUnit(slug, name, name_en, (row, column), successor, name_en)


KNOWLEDGE = FakeKnowledge(
    FakeGazetteer(
        units_34=(
            _unit("ha-noi", "Hà Nội", "Hanoi", 3, 4), _unit("hai-phong", "Hải Phòng", "Hai Phong", 4, 6),
            _unit("son-la", "Sơn La", "Son La", 3, 2), _unit("nghe-an", "Nghệ An", "Nghe An", 5, 3),
            _unit("hue", "Huế", "Hue", 7, 6), _unit("da-nang", "Đà Nẵng", "Da Nang", 8, 6),
            _unit("dien-bien", "Điện Biên", "Dien Bien", 3, 1),
        ),
        units_63=(
            _unit("ha-noi", "Hà Nội", "Hanoi", 4, 4, "ha-noi"), _unit("hai-phong", "Hải Phòng", "Hai Phong", 4, 7, "hai-phong"),
            _unit("hai-duong", "Hải Dương", "Hai Duong", 4, 6, "hai-phong"), _unit("son-la", "Sơn La", "Son La", 3, 2, "son-la"),
            _unit("nghe-an", "Nghệ An", "Nghe An", 6, 3, "nghe-an"), _unit("da-nang", "Đà Nẵng", "Da Nang", 8, 7, "da-nang"),
            _unit("thua-thien-hue", "Thừa Thiên Huế", "Thua Thien Hue", 8, 6, "hue"),
            _unit("quang-nam", "Quảng Nam", "Quang Nam", 9, 7, "da-nang"),
            _unit("dien-bien", "Điện Biên", "Dien Bien", 3, 1, "dien-bien"),
        ),
        islands=(FakeIsland("hoang-sa", "Hoàng Sa", "Paracel Islands", "da-nang", (6, 7), (8, 9)),),
    ),
    FakeTaxonomy((
        FakeTopic("education", None, "Education", "Giáo dục"),
        FakeTopic("edu-teachers", "education", "Teachers", "Nhà giáo"),
        FakeTopic("edu-cooperation", "education", "Cooperation between schools", "Hợp tác giữa các trường"),
        FakeTopic("edu-emulation-awards", "education", "Emulation and awards", "Thi đua, khen thưởng"),
    )),
    FakeOutlets((Named("nhandan.vn", "Báo Nhân Dân"), Named("baonghean.vn", "Báo Nghệ An"),
                 Named("kinhtedothi.vn", "Kinh tế & Đô thị"), Named("vietnam.vn", "Vietnam.vn"))),
    FakeRules((Named("menu", why="the site's menu"), Named("related", why="headlines of other stories"),
               Named("outlet-prefix", why="the outlet signs before the first word"))),
)


# -- strings and settings -----------------------------------------------------------------------------------------------
def shipped_strings() -> Strings:
    loaded, problems = strings_module.load([ROOT / "data"])
    assert not problems, "\n".join(map(str, problems))
    return loaded


def config(**changes: object) -> Config:
    """Settings of a site in an empty folder, so that only the shipped templates and assets count."""
    return replace(Config(Path("/nonexistent-site"), title="Tin địa phương"), **changes)  # type: ignore[arg-type]


# -- articles -----------------------------------------------------------------------------------------------------------
RAW_VI = """Trang chủ | Đăng nhập
Hai quận cùng nhau chăm lo trường lớp

Thudo24h - Chiều 4/3, Sở Giáo dục và Đào tạo Hà Nội họp với quận Hoàn Kiếm.
Thầy cô hai bên chia sẻ kinh nghiệm dạy học.

Đọc nhiều
Giá vàng hôm nay
Nguồn: https://nhandan.vn/hai-quan.html"""


def article_vi() -> Article:
    """A Vietnamese story with every kind of evidence."""
    return Article(
        id="101_aa", origin="101_aa.txt", digest="d1", encoding="utf-8", raw=RAW_VI,
        blocks=(
            Block("title", "Hai quận cùng nhau chăm lo trường lớp", 2),
            Block("paragraph", "Chiều 4/3, Sở Giáo dục và Đào tạo Hà Nội họp với quận Hoàn Kiếm.", 4),
            Block("paragraph", "Thầy cô hai bên chia sẻ kinh nghiệm dạy học.", 5),
            Block("source", "Nguồn: https://nhandan.vn/hai-quan.html", 9),
        ),
        removed=(
            Removal(1, "Trang chủ | Đăng nhập", "menu"), Removal(4, "Thudo24h - ", "outlet-prefix", whole=False),
            Removal(7, "Đọc nhiều", "related"), Removal(8, "Giá vàng hôm nay", "related"),
        ),
        metadata=Metadata(
            title=Claim("Hai quận cùng nhau chăm lo trường lớp", 0.98, (Evidence("Hai quận cùng nhau", 2, "title.line"),)),
            title_source="text",
            date=Claim("2023-03-04", 0.8, (Evidence("Chiều 4/3", 4, "date.lead"),)),
            author=None,
            publisher=Claim("nhandan.vn", 0.9, (Evidence("https://nhandan.vn/hai-quan.html", 9, "publisher.url"),)),
            via=None,
            source_url=Claim("https://nhandan.vn/hai-quan.html", 1.0),
            credits=(Claim("photo: Thu Hà", 0.7),),
        ),
        tags=Tags(
            language=Claim("vi", 0.99), languages=(("vi", 1.0),), block_languages=("vi", "vi", "vi", "vi"), unaccented=False,
            machine_translated=Claim(False, 0.9),
            province=Claim("ha-noi", 0.95),
            tags=(
                Tag("province", Claim("ha-noi", 0.95, (
                    Evidence("Sở Giáo dục và Đào tạo Hà Nội", 4, "province.office"),
                    Evidence("quận Hoàn Kiếm", 4, "province.district"),
                )), "primary", "63"),
                Tag("topic", Claim("edu-cooperation", 0.8,
                                   (Evidence("chia sẻ kinh nghiệm dạy học", 5, "topic.strong"),)), "primary"),
                Tag("person", Claim("Trần Thế Cương", 0.7), "Giám đốc Sở"),
            ),
        ),
    )


def article_en() -> Article:
    """An untitled machine translation about a former province, hostile to templates."""
    raw = "Officials <script>alert(1)</script> met in Hai Duong.\nComment (0)"
    return Article(
        id="102_bb", origin="102_bb.txt", digest="d2", encoding="utf-8", raw=raw,
        blocks=(Block("paragraph", "Officials <script>alert(1)</script> met in Hai Duong.", 1),),
        removed=(Removal(2, "Comment (0)", "menu"),),
        metadata=Metadata(
            title=Claim('Officials met & "agreed" </script>', 0.4), title_source="lead",
            date=Claim("2025-08-22/..", 0.6, (Evidence("August 22, 2025", 1, "date.after"),)), author=Claim("My Hà", 0.9),
            publisher=Claim("haiduong.edu.vn", 0.7), via=Claim("vietnam.vn", 0.9),
            source_url=Claim("javascript:alert(1)", 0.3),
        ),
        tags=Tags(
            language=Claim("en", 0.99), languages=(("en", 1.0),), block_languages=("en",), unaccented=False,
            machine_translated=Claim(True, 0.8), province=Claim("hai-duong", 0.9),
            tags=(Tag("province", Claim("hai-duong", 0.9, (Evidence("Hai Duong", 1, "province.name"),)), "primary", "63"),
                  Tag("topic", Claim("edu-emulation-awards", 0.45), "primary"),
                  Tag("person", Claim("Tran The Cuong", 0.7), "")),
        ),
    )


def card_of(article: Article, path: str) -> Card:
    """The article's card, as the link stage makes it."""
    metadata, tags = article.metadata, article.tags
    topics = article.tagged("topic")
    claims = {"title": metadata.title, "date": metadata.date, "author": metadata.author, "publisher": metadata.publisher,
              "province": tags.province, "topic": topics[0].claim if topics else None, "language": tags.language}
    return Card(
        id=article.id, path=path, origin=article.origin, digest=article.digest,
        title=metadata.title.value if metadata.title else article.id, title_source=metadata.title_source,
        date=metadata.date.value if metadata.date else None, language=tags.language.value,
        machine_translated=tags.machine_translated.value, province=tags.province.value if tags.province else None,
        provinces=tuple(ProvinceRef(tag.value, tag.era or "63", tag.role) for tag in article.tagged("province")),
        topic=topics[0].value if topics else None, topics=tuple(tag.value for tag in topics),
        publisher=metadata.publisher.value if metadata.publisher else None, via=metadata.via.value if metadata.via else None,
        author=metadata.author.value if metadata.author else None,
        people=tuple(tag.value for tag in article.tagged("person")),
        organisations=tuple(tag.value for tag in article.tagged("organisation")),
        documents=tuple(tag.value for tag in article.tagged("document")),
        campaigns=(), lead=article.body[0].text if article.body else "", words=40, removed_lines=len(article.removed),
        confidence=tuple((name, claim.confidence) for name, claim in claims.items() if claim), edited=bool(article.edited),
        withheld=article.withheld, source_url=metadata.source_url.value if metadata.source_url else None,
    )


def plain_card(number: int, **changes: object) -> Card:
    """One of many: a dated Vietnamese story from Hà Nội."""
    base = card_of(article_vi(), f"articles/2023/03/bai-{number:05}.html")
    values = {"id": f"n{number:05}", "title": f"Bài số {number}", "people": (), **changes}
    return replace(base, **values)  # type: ignore[arg-type]


@dataclass(frozen=True)
class World:
    """Everything a page is planned from, by hand."""

    articles: tuple[Article, ...]
    corpus: Corpus
    config: Config = field(default_factory=config)

    @property
    def site(self) -> Site:
        return Site.of(self.corpus, KNOWLEDGE, shipped_strings(), self.config)

    def links(self, article_id: str) -> Links:
        return next(links for card, links in zip(self.corpus.cards, self.corpus.links, strict=True) if card.id == article_id)


def corpus_of(cards: list[Card], **links: Links) -> Corpus:
    from dateline import edtf

    ordered = sorted(cards, key=lambda card: card.id)
    ordered.sort(key=lambda card: edtf.sort_key(card.date), reverse=True)
    return Corpus(tuple(ordered), tuple(links.get(card.id, Links()) for card in ordered))


def world(extra: tuple[Card, ...] = (), **settings: object) -> World:
    """Two full articles that are related, and any number of cards."""
    one, two = article_vi(), article_en()
    paths = ("articles/2023/03/hai-quan-101aa.html", "articles/undated/officials-met-102bb.html")
    cards = [card_of(one, paths[0]), card_of(two, paths[1]), *extra]
    corpus = corpus_of(cards, **{
        "101_aa": Links((Related("102_bb", "same_person", "Trần Thế Cương"),), "102_bb", None, ("101_aa", "102_bb")),
        "102_bb": Links((Related("101_aa", "same_topic"),), None, "101_aa"),
    })
    return World((one, two), corpus, config(**settings))


def shared(one: World) -> World:
    """The same with several articles on a page, and their old pages known."""
    packed, _ = digest.assign_paths(one.corpus.cards, {})
    places = {card.id: card for card in packed}
    aliases = tuple((card.path, places[card.id].path) for card in one.corpus.cards)
    return replace(one, corpus=replace(one.corpus, cards=tuple(places[card.id] for card in one.corpus.cards), aliases=aliases, digest=True))


def sheet_pages(one: World) -> list[Page]:
    """The pages of several articles, of those that are written out."""
    site, full = one.site, {article.id: article for article in one.articles}
    return [digest.page(site, path, [(full[card.id], links) for card, links in rows if card.id in full], ("", digest.sheet(2)))
            for path, rows in digest.sheets(one.corpus).items()]


def left_pages(one: World) -> list[Page]:
    """What stays where the first articles shared a page before."""
    aliases = tuple((f"{digest.sheet(2)}#a{card.id}", card.path) for card in one.corpus.cards[:3])
    return list(digest.left(replace(one, corpus=replace(one.corpus, aliases=aliases)).site))
