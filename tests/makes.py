"""Small articles and cards for tests: say only what the test is about."""

from __future__ import annotations

from dateline.model import Article, Block, Card, Claim, Evidence, Metadata, ProvinceRef, Removal, Tag, Tags


def article(
    article_id: str = "a",
    *,
    title: str | None = "Nhiều chuyển biến ở Sơn La",
    body: tuple[str, ...] = ("Ngành giáo dục tỉnh Sơn La có nhiều chuyển biến trong năm học 2023-2024.",),
    blocks: tuple[Block, ...] | None = None,
    removed: tuple[Removal, ...] = (),
    date: str | None = "2024-08-13",
    province: str | None = "son-la",
    topic: str | None = "edu-policy-administration",
    language: str = "vi",
    author: str | None = None,
    publisher: str | None = "nhandan.vn",
    people: tuple[str, ...] = (),
    campaigns: tuple[str, ...] = (),
) -> Article:
    texts = blocks if blocks is not None else tuple(Block("paragraph", text, 2 * line + 1) for line, text in enumerate(body, 1))
    raw = "\n\n".join([title or "", *(block.text for block in texts)])

    def claim(value: str) -> Claim[str]:
        return Claim(value, 0.9, (Evidence(value, 1, "test"),))

    tags = []
    if province and province != "national":
        tags.append(Tag("province", claim(province), "primary", "63"))
    if topic:
        tags.append(Tag("topic", claim(topic), "primary"))
    tags += [Tag("person", claim(name)) for name in people]
    tags += [Tag("campaign", claim(name)) for name in campaigns]
    return Article(
        id=article_id, origin=f"{article_id}.txt", digest="0" * 32, encoding="utf-8", raw=raw, blocks=texts, removed=removed,
        metadata=Metadata(
            title=claim(title) if title else None, title_source="text" if title else "none",
            date=claim(date) if date else None, author=claim(author) if author else None,
            publisher=claim(publisher) if publisher else None, via=None, source_url=None,
        ),
        tags=Tags(
            language=claim(language), languages=((language, 1.0),), block_languages=(language,) * len(texts), unaccented=False,
            machine_translated=Claim(False, 0.9), province=claim(province) if province else None, tags=tuple(tags),
        ),
    )


def card(card_id: str, *, title: str = "Tin", date: str | None = None, province: str | None = None, topic: str | None = None,
         people: tuple[str, ...] = (), campaigns: tuple[str, ...] = (), publisher: str | None = None, path: str = "") -> Card:
    return Card(
        id=card_id, path=path, origin=f"{card_id}.txt", digest="", title=title, title_source="text", date=date, language="vi",
        machine_translated=False, province=province,
        provinces=(ProvinceRef(province, "63", "primary"),) if province and province != "national" else (),
        topic=topic, topics=(topic,) if topic else (), publisher=publisher, via=None, author=None, people=people,
        organisations=(), documents=(), campaigns=campaigns, lead="", words=1, removed_lines=0, confidence=(), edited=False,
        withheld=None,
    )
