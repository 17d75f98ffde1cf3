"""data/*.yml → Knowledge: everything the stages know about news in Vietnam, with no code in it.

A site's own data/ is laid over the shipped one, entry by entry: the same id wins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from dateline import gazetteer, language, mask, names, outlets, rules, taxonomy
from dateline.config import Config
from dateline.errors import KnowledgeError


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The sum of data/. Plain frozen values: can be sent to a worker; matchers are built there on first use."""

    rules: rules.Rules
    outlets: outlets.Outlets
    gazetteer: gazetteer.Gazetteer
    taxonomy: taxonomy.Taxonomy
    names: names.Names
    words: language.Words
    digest: str
    """Of the files' bytes: part of every cache key."""
    personal: mask.Mask = mask.NOTHING
    """What is hidden in all that is published; nothing unless the settings ask for it."""


def load(config: Config) -> Knowledge:
    """Read data/. Raises KnowledgeError with every complaint about every file."""
    folders = config.layers("data")
    loaded_rules, rule_problems = rules.load(folders)
    loaded_outlets, outlet_problems = outlets.load(folders)
    loaded_gazetteer, place_problems = gazetteer.load(folders)
    loaded_taxonomy, topic_problems = taxonomy.load(folders)
    loaded_names, name_problems = names.load(folders)
    loaded_words, word_problems = language.load(folders)
    problems = [*rule_problems, *outlet_problems, *place_problems, *topic_problems, *name_problems, *word_problems]
    hidden, mask_problems = mask.load(folders) if config.mask_personal else (mask.NOTHING, [])
    problems += mask_problems
    if problems:
        raise KnowledgeError(problems)
    return Knowledge(loaded_rules, loaded_outlets, loaded_gazetteer, loaded_taxonomy, loaded_names, loaded_words, _digest(folders),
                     hidden)


def _digest(folders: Sequence[Path]) -> str:
    digest = blake2b(digest_size=16)
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                digest.update(path.relative_to(folder).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()
