"""Article → lines of text: every decision about it, with the words that made it. `dateline explain ID`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dateline.knowledge import Knowledge
from dateline.model import Article, Claim


def explain(article: Article, known: Knowledge) -> Iterator[str]:
    """Facts, tags, blocks and cuts of one article, in the order a doubting reader asks for them."""
    metadata, tags = article.metadata, article.tags
    yield f"{article.id}   read from {article.origin or 'articles/'} as {article.encoding}"
    if article.edited:
        yield f"edited by a person: {', '.join(article.edited)}"
    yield "\nfacts"
    facts: list[tuple[str, Claim[Any] | None]] = [
        (f"title ({metadata.title_source})", metadata.title), ("date", metadata.date), ("author", metadata.author),
        ("publisher", metadata.publisher), ("via", metadata.via), ("source", metadata.source_url),
        ("language", tags.language), ("machine translated", tags.machine_translated), ("province", tags.province),
    ]
    for name, claim in facts:
        yield from _claim(name, claim)
    yield "\ntags"
    for tag in tags.tags:
        era = f", {tag.era} provinces" if tag.era else ""
        yield from _claim(f"{tag.facet} ({tag.role or 'named'}{era})", tag.claim)
    yield "\nkept"
    for block in article.blocks:
        yield f"  {block.line:>5}  {block.kind:<10} {_short(block.text)}"
    why = {rule.id: rule.why for rule in known.rules.rules}
    yield "\nremoved"
    for removal in article.removed:
        part = "" if removal.whole else " (part of the line)"
        yield f"  {removal.line:>5}  {removal.rule}{part}: {_short(removal.text)}"
        if removal.rule in why:
            yield f"         {why[removal.rule]}"
    yield "\nTo correct a fact, edit articles/" + article.id + ".md; to put a line back, add  restore: [its number]"


def _claim(name: str, claim: Claim[Any] | None) -> Iterator[str]:
    if claim is None:
        yield f"  {name}: not found"
        return
    yield f"  {name}: {claim.value}   confidence {claim.confidence:.2f}"
    for evidence in claim.evidence:
        where = f"line {evidence.line}" if evidence.line else "beside the text"
        yield f"      “{_short(evidence.quote)}”   {where}, {evidence.rule}"


def _short(text: str, limit: int = 100) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
