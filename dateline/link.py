"""Cards → Corpus: where each article is published, in which order, and which others belong to it.

    paths      a published path never changes, even when title or date extraction improves (articles/permalinks.json); with
               several articles on a page, `digest` gives them
    order      newest first, undated last
    related    by what few articles share: a campaign, a document, a person; then province and topic; each with its reason
    copies     clusters of exact and near copies, best copy first
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from heapq import nlargest
from itertools import islice
from math import log

from dateline import edtf
from dateline.model import CARD, Article, Card, Corpus, Links, ProvinceRef, Related, card_values
from dateline.text import count_words, fold, shorten, slug

Permalinks = dict[str, list[str]]
"""Article id → its path, then the paths it had before; one with an anchor is a place on a page of several articles (`digest`)."""

LEAD_LIMIT = 300
RARE = 60
"""A feature that more articles share than this says nothing about two of them."""

_PATH = CARD.index("path")


def card(article: Article) -> Card:
    """What lists need of an article. Its path is given later, by `corpus`."""
    metadata, tags = article.metadata, article.tags
    title = metadata.title.value if metadata.title else article.id
    body = article.body
    lead = next((block.text for block in body if block.kind == "paragraph"), body[0].text if body else "")
    topic = next((tag for tag in article.tagged("topic") if tag.role == "primary"), None)
    claims = {
        "title": metadata.title, "date": metadata.date, "author": metadata.author, "publisher": metadata.publisher,
        "province": tags.province, "topic": topic.claim if topic else None, "language": tags.language,
    }
    hidden = article.withheld is not None
    return Card(
        id=article.id,
        path="",
        origin=article.origin,
        digest=article.digest,
        title=title,
        title_source=metadata.title_source,
        date=metadata.date.value if metadata.date else None,
        language=tags.language.value,
        machine_translated=tags.machine_translated.value,
        province=tags.province.value if tags.province else None,
        provinces=tuple(ProvinceRef(tag.value, tag.era or "63", tag.role) for tag in article.tagged("province")),
        topic=topic.value if topic else None,
        topics=tuple(tag.value for tag in article.tagged("topic")),
        publisher=metadata.publisher.value if metadata.publisher else None,
        via=metadata.via.value if metadata.via else None,
        author=metadata.author.value if metadata.author else None,
        people=tuple(tag.value for tag in article.tagged("person")),
        organisations=tuple(tag.value for tag in article.tagged("organisation")),
        documents=tuple(tag.value for tag in article.tagged("document")),
        campaigns=tuple(tag.value for tag in article.tagged("campaign")),
        lead="" if hidden else shorten(lead, LEAD_LIMIT),
        words=count_words(article.text),
        removed_lines=len(article.removed),
        confidence=tuple((name, claim.confidence) for name, claim in claims.items() if claim is not None),
        edited=bool(article.edited),
        withheld=article.withheld,
        source_url=metadata.source_url.value if metadata.source_url else None,
    )


# -- paths --------------------------------------------------------------------------------------------------------------
def assign_paths(cards: Iterable[Card], permalinks: Mapping[str, Sequence[str]], slugs: Mapping[str, str]
                 ) -> tuple[list[Card], Permalinks]:
    """Give every card its path; `slugs` are those a person chose. Returns the cards and the permalinks to be kept.

    Two articles never share a path: the eight hex digits of the id grow where they would.
    """
    kept: Permalinks = {article_id: list(paths) for article_id, paths in permalinks.items()}
    taken = {path.lower() for paths in kept.values() for path in paths}
    placed: list[Card] = []
    for one in sorted(cards, key=lambda each: each.id):
        known = kept.get(one.id, [])
        path = next((path for path in known if "#" not in path), "")
        wished = slugs.get(one.id)
        if not path or (wished and not path.rpartition("/")[2].startswith(f"{slug(wished)}-")):
            path = _free_path(one, wished, taken)
            taken.add(path.lower())
        kept[one.id] = [path, *(other for other in known if other != path)]
        values = list(card_values(one))
        values[_PATH] = path
        placed.append(Card(*values))
    return placed, kept


def _free_path(one: Card, wished: str | None, taken: set[str]) -> str:
    folder = _folder(one.date)
    name = slug(wished or one.title) or "article"
    full = blake2b(one.id.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    for length in (8, 12, 16, 32):
        path = f"articles/{folder}/{name}-{full[:length]}.html"
        if path not in taken:
            return path
    raise AssertionError(f"two articles have the id {one.id}")     # read gives every document an id of its own


def _folder(date: str | None) -> str:
    parsed = edtf.parse(date) if date else None
    if parsed is None or parsed.year is None:
        return "undated"
    return f"{parsed.year:04}/{parsed.month:02}" if parsed.month else f"{parsed.year:04}"


# -- the corpus -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Kin:
    """Article id → the others worth reading, best first."""

    near: dict[str, tuple[Related, ...]]


Clusters = Mapping[str, tuple[str, ...]]
"""Article id → the copies that it is one of."""


def corpus(cards: Sequence[Card], permalinks: Permalinks, copies: Sequence[Sequence[str]] = (), related: int = 3,
           successor: Mapping[str, str] | None = None, find: Callable[[Sequence[Card], int, Clusters], Kin] | None = None) -> Corpus:
    """Order the cards and link them. `successor` maps a former province to today's; `find` is for a caller that keeps what
    `kin` found."""
    ordered = sorted(cards, key=lambda one: one.id)
    ordered.sort(key=lambda one: edtf.sort_key(one.date), reverse=True)
    clusters = {member: tuple(cluster) for cluster in copies for member in cluster}
    neighbours = _neighbours(ordered, successor or {})
    near = (find or kin)(ordered, related, clusters).near
    links = tuple(
        Links(near[one.id], *neighbours.get(one.id, (None, None)), copies=clusters.get(one.id, ())) for one in ordered
    )
    present = {one.id: one.path for one in ordered}
    aliases = tuple(sorted(
        (old, present[article_id]) for article_id, paths in permalinks.items() if article_id in present for old in paths[1:]
    ))
    return Corpus(tuple(ordered), links, aliases, any("#" in one.path for one in ordered))


def _neighbours(ordered: Sequence[Card], successor: Mapping[str, str]) -> dict[str, tuple[str | None, str | None]]:
    shelves: defaultdict[str, list[str]] = defaultdict(list)
    for one in ordered:
        if one.province and one.province != "national" and one.date:
            shelves[successor.get(one.province, one.province)].append(one.id)
    found: dict[str, tuple[str | None, str | None]] = {}
    for ids in shelves.values():
        for position, article_id in enumerate(ids):
            older = ids[position + 1] if position + 1 < len(ids) else None
            found[article_id] = (older, ids[position - 1] if position else None)
    return found


@dataclass(frozen=True, slots=True)
class _Feature:
    """Something two articles can share, how much that says, and how the page puts it."""

    reason: str
    weight: float
    detail: str


_WEIGHTS = {"campaign": 6.0, "document": 5.0, "person": 4.0, "organisation": 2.0}
_Shared = tuple[tuple[str, str], _Feature]
"""The name of a shelf, and what it says of those on it."""


@lru_cache(maxsize=65536)       # the names of one corpus: most are on many cards
def _named(facet: str, name: str) -> _Shared:
    return (facet, fold(name)), _Feature(f"same_{facet}", _WEIGHTS[facet], name)


def _features(one: Card) -> Iterator[_Shared]:
    for name in one.campaigns:
        yield _named("campaign", name)
    for name in one.documents:
        yield _named("document", name)
    for name in one.people:
        yield _named("person", name)
    for name in one.organisations:
        yield _named("organisation", name)
    placed = one.province if one.province and one.province != "national" else None
    if placed and one.topic:
        yield ("both", f"{placed} {one.topic}"), _SAME_BOTH
    if placed:
        yield ("province", placed), _SAME_PROVINCE
    if one.topic:
        yield ("topic", one.topic), _SAME_TOPIC


_SAME_BOTH = _Feature("same_province_topic", 2.5, "")
_SAME_PROVINCE = _Feature("same_province", 1, "")
_SAME_TOPIC = _Feature("same_topic", 1, "")


def kin_key(ordered: Sequence[Card], limit: int, clusters: Clusters) -> str:
    """Stands for all that `kin` looks at: equal keys, equal results."""
    key = blake2b(repr((limit, sorted(clusters.items()))).encode("utf-8", "surrogatepass"), digest_size=16)
    for one in ordered:
        looked = one.id, one.campaigns, one.documents, one.people, one.organisations, one.province, one.topic
        key.update(repr(looked).encode("utf-8", "surrogatepass"))
    return key.hexdigest()


def kin(ordered: Sequence[Card], limit: int, clusters: Clusters) -> Kin:
    """Candidates share a rare feature, or stand next to the article on a common shelf; so the work stays linear."""
    shelves: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    features = [list(_features(one)) for one in ordered]
    for position, own in enumerate(features):
        for name, _ in own:
            shelves[name].append(position)
    found: dict[str, tuple[Related, ...]] = {}
    places = {name: {position: index for index, position in enumerate(ids)} for name, ids in shelves.items() if len(ids) > RARE}
    for position, own in enumerate(features):
        near: list[_Near] = []
        for name, feature in own:
            shelf = shelves[name]
            weight = feature.weight / log(len(shelf) + 1.72)
            if len(shelf) > RARE:
                index = places[name][position]
                shelf = shelf[max(0, index - limit) : index + limit + 1]
            near.append((feature, weight, shelf))
        own_copies = clusters.get(ordered[position].id, ())
        best = (other for other in _best(near, limit + 1 + len(own_copies)) if other != position)
        chosen = islice((other for other in best if ordered[other].id not in own_copies), limit)
        found[ordered[position].id] = tuple([_why(ordered[other].id, other, near) for other in chosen])
    return Kin(found)


_Near = tuple[_Feature, float, list[int]]
"""A feature of an article, what sharing it counts, and who shares it, the article itself included."""


def _best(near: Iterable[_Near], count: int) -> list[int]:
    """Those that share most, the first of equals first; at least `count` of them, where there are so many."""
    scores: dict[int, float] = {}
    for _, weight, shelf in near:
        for other in shelf:
            scores[other] = scores.get(other, 0.0) + weight
    least = min(nlargest(count, scores.values()), default=0.0)
    best = [(-score, other) for other, score in scores.items() if score >= least]
    return [other for _, other in sorted(best)]


def _why(id: str, other: int, near: Iterable[_Near]) -> Related:
    """What says most of all that the two share."""
    shared = (feature for feature, _, shelf in near if other in shelf)
    feature = max(shared, key=lambda feature: feature.weight)
    return Related(id, feature.reason, feature.detail)
