"""File a cleaned document: language, places, topics, names.

in:   RawDocument, CleanText, Metadata, Knowledge
out:  Tags   every tag with its confidence and the words that made us believe it

The taggers stand side by side; only the language is decided first, since the others read by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

from dateline import language, names, places, subjects, variants
from dateline.gazetteer import Gazetteer
from dateline.model import Block, CleanText, Metadata, RawDocument, Tag, Tags
from dateline.taxonomy import Taxonomy


class TagKnowledge(Protocol):
    """What the taggers need of `Knowledge`."""

    @property
    def gazetteer(self) -> Gazetteer: ...

    @property
    def outlets(self) -> places.Outlets: ...

    @property
    def taxonomy(self) -> Taxonomy: ...

    @property
    def names(self) -> names.Names: ...

    @property
    def words(self) -> language.Words: ...


def tag(raw: RawDocument, text: CleanText, metadata: Metadata, knowledge: TagKnowledge) -> Tags:
    """Everything the taggers find. Tags are in order of facet, in each the primary one first."""
    spoken = language.identify(raw, text, metadata, knowledge.words)
    placed = places.place(raw, text, metadata, spoken, knowledge)
    title = _title_beside(text.blocks, metadata)
    _, topics = subjects.classify(text.blocks, title, spoken.block_languages, knowledge.taxonomy)
    called = _no_places(names.find(text.blocks, knowledge.names), knowledge.gazetteer)
    called = variants.unified(called, knowledge.names, knowledge.gazetteer)
    return Tags(
        language=spoken.language,
        languages=spoken.languages,
        block_languages=spoken.block_languages,
        unaccented=spoken.unaccented,
        machine_translated=spoken.machine_translated,
        province=placed.primary,
        tags=(*placed.tags, *topics, *called),
    )


def _title_beside(blocks: Sequence[Block], metadata: Metadata) -> str | None:
    """A title that a record, a URL or a person gave and that is no block of it; one made from the lead is none."""
    if metadata.title is None or metadata.title_source not in ("record", "slug", "person"):
        return None
    if any(block.kind == "title" for block in blocks):
        return None
    return metadata.title.value


def _no_places(tags: Sequence[Tag], gazetteer: Gazetteer) -> tuple[Tag, ...]:
    """A province is never a person: "Sơn La" begins with a family name."""
    provinces = _provinces(gazetteer)
    return tuple(tag for tag in tags if tag.facet != "person" or names.name_key(tag.value) not in provinces)


@lru_cache(maxsize=4)
def _provinces(gazetteer: Gazetteer) -> frozenset[str]:
    """Their names, compared without marks; once, since folding 97 names took 0.9 ms a document."""
    return frozenset(names.name_key(unit.name) for unit in (*gazetteer.units_34, *gazetteer.units_63))
