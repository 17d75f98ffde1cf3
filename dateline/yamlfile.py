"""YAML with line numbers: every complaint can name the file and the line.

`load(path)` gives a `Node`; the reader of a file asks it for what it expects and collects `Problem`s, all of one file
in one run. Parsing goes through libyaml where PyYAML has it. Tags, and aliases beyond a handful, are refused: nothing in
a YAML file can run code or blow up memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from dateline.errors import did_you_mean
from dateline.model import Problem
from dateline.text import nfc

_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MAX_BYTES = 8_000_000
MAX_DEPTH = 40
MAX_ALIASES = 200
MAX_VALUES = 100_000
"""In a file with aliases, each counted as often as it stands for something."""


class _Loader(_BASE):  # type: ignore[misc]  # the C loader when there is one
    """Safe types only; dates stay strings, since EDTF is ours to read."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in _BASE.yaml_implicit_resolvers.items()
}


@dataclass(slots=True)
class Complaints:
    """Collects what is wrong with one file."""

    where: str
    problems: list[Problem] = field(default_factory=list)

    def add(self, line: int | None, message: str, hint: str = "") -> None:
        self.problems.append(Problem(self.where, line, message, hint))


@dataclass(frozen=True, slots=True)
class Node:
    """A YAML value that knows its line. Asking for the wrong kind complains and gives the default."""

    value: Any
    line: int
    complaints: Complaints
    name: str = ""
    """What a person would call it: "topics[3].label_vi"."""

    # -- kinds ------------------------------------------------------------------------------------------------------
    def items(self) -> Iterator[tuple[str, Node]]:
        if not isinstance(self.value, dict):
            if self.value is not None:
                self.complain(f"{self.name or 'the file'} must be a mapping (key: value)")
            return
        for key, node in self.value.items():
            yield key, node

    def list(self) -> tuple[Node, ...]:
        if self.value is None:
            return ()
        if not isinstance(self.value, list):
            self.complain(f"{self.name} must be a list", "write [one, two] or one “- item” a line")
            return ()
        return tuple(self.value)

    def strings(self) -> tuple[str, ...]:
        return tuple(node.string() for node in self.list())

    def string(self, default: str = "") -> str:
        if self.value is None:
            return default
        if isinstance(self.value, bool) or isinstance(self.value, (dict, list)):
            self.complain(f"{self.name} must be text", "put it in quotes")
            return default
        return nfc(str(self.value))

    def number(self, default: float = 0) -> float:
        if isinstance(self.value, (int, float)) and not isinstance(self.value, bool):
            return self.value
        self.complain(f"{self.name} must be a number")
        return default

    def integer(self, default: int = 0) -> int:
        if isinstance(self.value, int) and not isinstance(self.value, bool):
            return self.value
        self.complain(f"{self.name} must be a whole number")
        return default

    def boolean(self, default: bool = False) -> bool:
        if isinstance(self.value, bool):
            return self.value
        self.complain(f"{self.name} must be true or false")
        return default

    # -- mappings ---------------------------------------------------------------------------------------------------
    def get(self, key: str) -> Node:
        """The value under `key`, or an empty node that stands on this mapping's line."""
        found = self.value.get(key) if isinstance(self.value, dict) else None
        return found if found is not None else Node(None, self.line, self.complaints, f"{self.name}.{key}".strip("."))

    def need(self, key: str) -> Node:
        node = self.get(key)
        if node.value is None:
            self.complain(f'{self.name or "the file"} has no "{key}"', f"add  {key}: …")
        return node

    def only(self, *known: str) -> None:
        """Complain about keys nobody reads, with the near miss."""
        for key, node in self.items():
            if key not in known:
                node.complain(f'unknown key "{key}"', did_you_mean(key, known))

    def choice(self, known: Sequence[str], default: str) -> str:
        value = self.string(default)
        if value not in known:
            self.complain(f'{self.name} cannot be "{value}"', did_you_mean(value, known))
            return default
        return value

    def complain(self, message: str, hint: str = "") -> None:
        self.complaints.add(self.line, message, hint)

    @property
    def present(self) -> bool:
        return self.value is not None

    def plain(self) -> Any:
        """The value without lines, for tests and examples."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


def load(path: Path, where: str | None = None) -> Node:
    """Read a YAML file. A file that cannot be read or parsed gives an empty node with a complaint."""
    complaints = Complaints(where or path.name)
    try:
        source = path.read_bytes()
    except OSError as error:
        complaints.add(None, f"cannot be read: {error.strerror}", "check that the file is there and that you may read it")
        return Node(None, 1, complaints)
    if len(source) > MAX_BYTES:
        complaints.add(None, f"has {len(source):,} bytes; more than {MAX_BYTES:,} are not read", "split it")
        return Node(None, 1, complaints)
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source[: error.start].count(b"\n") + 1
        complaints.add(line, "is not UTF-8", "save the file as UTF-8")
        return Node(None, 1, complaints)
    return parse(text, complaints)


def parse(text: str, complaints: Complaints, first_line: int = 1) -> Node:
    """Read YAML text; `first_line` is where it begins in its file (front matter begins on line 2)."""
    loader = None
    try:
        loader = _Loader(text)
        _refuse_bombs(text)
        tree = loader.get_single_node()
        return _node(loader, tree, complaints, "", first_line, 0, {})
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "it is not YAML"
        line = mark.line + first_line if mark else first_line
        complaints.add(line, f"cannot be read as YAML: {reason}", "often a missing quote: text with “: ” or “#” in it needs quotes")
    except (_Refused, RecursionError) as error:
        complaints.add(first_line, f"refused: {error}" if str(error) else "refused: nested too deep", "write the values out")
    finally:
        if loader is not None:
            loader.dispose()
    return Node(None, first_line, complaints)


class _Refused(Exception):
    """YAML that is valid and that we will not read."""


def _refuse_bombs(text: str) -> None:
    """Look at the events first: libyaml's composer would recurse or expand before we could stop it.

    What an alias stands for counts each time: nine lines of nine aliases to the line before are 400 million values.
    """
    aliases = 0
    sizes: dict[str, int] = {}
    open_ones: list[tuple[str | None, int]] = [(None, 0)]
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            open_ones.append((event.anchor, 1))
            if len(open_ones) > MAX_DEPTH + 1:
                raise _Refused(f"nested deeper than {MAX_DEPTH}")
            continue
        if isinstance(event, yaml.AliasEvent):
            aliases += 1
            anchor, size = None, sizes.get(str(event.anchor), MAX_VALUES)     # an alias within what it names has no end
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, size = open_ones.pop()
        elif isinstance(event, yaml.ScalarEvent):
            anchor, size = event.anchor, 1
        else:
            continue
        if anchor:
            sizes[anchor] = size
        above, before = open_ones[-1]
        open_ones[-1] = above, before + size
        if aliases > MAX_ALIASES:
            raise _Refused(f"more than {MAX_ALIASES} aliases")
        if aliases and before + size > MAX_VALUES:
            raise _Refused(f"its aliases stand for more than {MAX_VALUES:,} values")


def _node(
    loader: Any, tree: Any, complaints: Complaints, name: str, first_line: int, depth: int, seen: dict[int, Node]
) -> Node:
    if tree is None:
        return Node(None, first_line, complaints, name)
    if id(tree) in seen:
        return seen[id(tree)]
    line = tree.start_mark.line + first_line
    value: Any
    if isinstance(tree, yaml.MappingNode):
        value = {}
        for key_tree, value_tree in tree.value:
            key = str(key_tree.value) if isinstance(key_tree, yaml.ScalarNode) else "?"
            below = f"{name}.{key}".strip(".")
            if key in value:
                complaints.add(key_tree.start_mark.line + first_line, f'"{key}" is there twice', "keep one of them")
            value[key] = _node(loader, value_tree, complaints, below, first_line, depth + 1, seen)
    elif isinstance(tree, yaml.SequenceNode):
        value = [
            _node(loader, item, complaints, f"{name}[{position}]", first_line, depth + 1, seen)
            for position, item in enumerate(tree.value)
        ]
    else:
        try:
            value = loader.construct_object(tree)
        except (yaml.YAMLError, ValueError, OverflowError):
            complaints.add(line, f"{name or 'a value'} uses the tag {tree.tag}, which is not read", "write plain text")
            value = None
        if isinstance(value, (date, datetime, bytes)):
            value = tree.value
    node = Node(value, line, complaints, name)
    seen[id(tree)] = node
    return node


def entries(folders: Sequence[Path], name: str, list_key: str) -> tuple[dict[str, Node], list[Problem]]:
    """The entries of `list_key` in the file `name` of each folder, by id; a later folder's entry replaces an earlier one.

    This is how a site's own data/ is laid over the shipped one. Every entry needs an `id`.
    """
    found: dict[str, Node] = {}
    problems: list[Problem] = []
    for folder in folders:
        path = folder / name
        if not path.exists():
            continue
        node = load(path, f"{folder.name}/{name}")
        for entry in node.get(list_key).list():
            entry_id = entry.need("id").string()
            if entry_id:
                found[entry_id] = entry
        if node.complaints.problems:
            problems.extend(node.complaints.problems)
            node.complaints.problems.clear()
    return found, problems


def dump(values: dict[str, Any]) -> str:
    """Write front matter: keys in the given order, Vietnamese as it is, one item a line."""
    dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text: str = yaml.dump(values, Dumper=dumper, allow_unicode=True, sort_keys=False, width=10_000, default_flow_style=False)
    return text
