"""The outlets: data/sources.yml → `Outlets`, found by host or by the name they print.

Vietnamese outlets sign their stories: "(Baonghean.vn) -", "GD&TĐ -", "Báo Nhân dânBáo Nhân dân05/09/2025". What is
known about an outlet decides what on its pages is masthead and menu, whose text a republished story is, and, as a
last resort, which province a paper is from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from dateline.lines import printed_form
from dateline.model import Problem
from dateline.text import fold
from dateline.yamlfile import Node, entries
from dateline.yamlfile import load as load_yaml

FILE = "sources.yml"


@dataclass(frozen=True, slots=True)
class Outlet:
    """One outlet; `id` is its domain."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    """Other names it goes by in bylines and source lines."""
    prefixes: tuple[str, ...] = ()
    """What it puts before a story's first words: "Kinhtedothi", "GD&TĐ"."""
    mastheads: tuple[str, ...] = ()
    menu: tuple[str, ...] = ()
    mirrors: tuple[str, ...] = ()
    """Other hosts that serve the same pages."""
    province: str | None = None
    """Slug of the home province of a provincial paper or a department's portal."""
    republisher: bool = False
    """It mostly prints other outlets' stories; the original is the publisher, this one the `via`."""
    stamps_place: bool = False
    """It glues the place to the first word: "THANH HÓABà Vũ …"."""


@dataclass(frozen=True, slots=True)
class Portals:
    """A family of hosts, one per province: haiphong.edu.vn, nghean.gov.vn."""

    suffix: str
    name: str
    """With {place} for the province's name."""


@dataclass(frozen=True, slots=True)
class Place:
    """How a province is written in host names: "haiphong" → hai-phong, Hải Phòng."""

    label: str
    province: str
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Outlets:
    """All outlets. Compared by identity: the look-up tables hang on this very value."""

    outlets: tuple[Outlet, ...] = ()
    portals: tuple[Portals, ...] = ()
    places: tuple[Place, ...] = ()

    def by_id(self, outlet_id: str) -> Outlet | None:
        return _tables(self).hosts.get(outlet_id) or self.by_host(outlet_id)

    def by_host(self, host: str) -> Outlet | None:
        """The outlet behind a host name; sub-domains belong to their outlet, schools to their department's portal.

        `www.`, `en.`, a trailing dot and mirror hosts make no difference.
        """
        host = host.lower().strip(".").removeprefix("www.")
        tables = _tables(self)
        labels = host.split(".")
        for start in range(len(labels) - 1):
            found = tables.hosts.get(".".join(labels[start:]))
            if found is not None:
                return found
        return self._portal(labels)

    def by_url(self, url: str) -> Outlet | None:
        host = host_of(url)
        return self.by_host(host) if host else None

    def by_name(self, printed: str) -> Outlet | None:
        """The outlet by its name, alias, prefix or domain as printed: "Báo Nhân Dân", "GD&TĐ", "Baonghean.vn"."""
        name = printed_form(printed)
        return _tables(self).names.get(name) or (self.by_host(name) if "." in name and " " not in name else None)

    def by_prefix(self, printed: str) -> tuple[Outlet, ...]:
        """The outlets that sign stories with this: "Kinhtedothi"; two papers share "HGO"."""
        return _tables(self).prefixes.get(printed_form(printed.strip("()[] ")), ())

    def masthead(self, line: str) -> Outlet | None:
        """The outlet whose masthead or slogan this line is."""
        return _tables(self).mastheads.get(printed_form(line))

    def _portal(self, labels: list[str]) -> Outlet | None:
        tables = _tables(self)
        for portal in self.portals:
            tail = portal.suffix.split(".")
            if len(labels) > len(tail) and labels[-len(tail) :] == tail:
                place = tables.places.get(labels[-len(tail) - 1].replace("-", ""))
                if place is not None:
                    domain = ".".join(labels[-len(tail) - 1 :])
                    return Outlet(domain, portal.name.replace("{place}", place.name), province=place.province)
        return None


@dataclass(frozen=True, slots=True)
class _Tables:
    hosts: dict[str, Outlet]
    names: dict[str, Outlet]
    prefixes: dict[str, tuple[Outlet, ...]]
    mastheads: dict[str, Outlet]
    places: dict[str, Place]


@lru_cache(maxsize=8)
def _tables(outlets: Outlets) -> _Tables:
    tables = _Tables({}, {}, {}, {}, {place.label: place for place in outlets.places})
    for outlet in outlets.outlets:
        for host in (outlet.id, *outlet.mirrors):
            tables.hosts.setdefault(host, outlet)
        for form in _forms(outlet.name, *outlet.aliases, outlet.id):
            tables.names.setdefault(form, outlet)
        for form in _forms(*outlet.prefixes, outlet.id, *outlet.mirrors):
            others = tables.prefixes.get(form, ())
            tables.prefixes[form] = others if outlet in others else (*others, outlet)
        for form in _forms(*outlet.mastheads):
            tables.mastheads.setdefault(form, outlet)
    for outlet in outlets.outlets:  # a name wins over another outlet's signature
        for form in _forms(*outlet.prefixes):
            tables.names.setdefault(form, outlet)
    return tables


def _forms(*printed: str) -> Iterator[str]:
    """Each text as printed and as it is printed without marks."""
    for text in printed:
        form = printed_form(text.strip("()[] "))
        yield form
        yield fold(form)


@lru_cache(maxsize=4096)
def host_of(url: str) -> str | None:
    """The host of a web address, without "www."; None when it is not one.

    >>> host_of("https://www.vietnam.vn/en/abc"), host_of("nhandan.vn/x.html"), host_of("see below")
    ('vietnam.vn', 'nhandan.vn', None)
    """
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname
    except ValueError:  # "http://[oops"
        return None
    if not host or "." not in host or " " in host:
        return None
    return host.strip(".").removeprefix("www.")


def load(folders: Sequence[Path]) -> tuple[Outlets, list[Problem]]:
    """Read the outlets of all folders; a later folder's outlet replaces an earlier one of the same id."""
    found, problems = entries(folders, FILE, "sources")
    outlets = tuple(_outlet(entry) for entry in found.values())
    for entry in found.values():
        problems.extend(entry.complaints.problems)
        entry.complaints.problems.clear()
    portals: dict[str, Portals] = {}
    places: dict[str, Place] = {}
    for folder in folders:
        if (folder / FILE).exists():
            file = load_yaml(folder / FILE, f"{folder.name}/{FILE}")
            portals.update((portal.suffix, portal) for portal in map(_portals, file.get("portals").list()))
            places.update((place.label, place) for node in file.get("places").list() for place in _places(node))
            problems.extend(problem for problem in file.complaints.problems if problem not in problems)
    return Outlets(outlets, tuple(portals.values()), tuple(places.values())), problems


def _outlet(entry: Node) -> Outlet:
    entry.only(
        "id", "name", "aliases", "prefixes", "mastheads", "menu", "mirrors", "province", "republisher", "stamps_place"
    )
    outlet_id = entry.need("id").string()
    if "." not in outlet_id or outlet_id != outlet_id.lower():
        entry.get("id").complain(f'"{outlet_id}" is not a domain', "write it like nhandan.vn")
    return Outlet(
        id=outlet_id,
        name=entry.need("name").string(),
        aliases=entry.get("aliases").strings(),
        prefixes=entry.get("prefixes").strings(),
        mastheads=entry.get("mastheads").strings(),
        menu=entry.get("menu").strings(),
        mirrors=entry.get("mirrors").strings(),
        province=entry.get("province").string() or None,
        republisher=entry.get("republisher").present and entry.get("republisher").boolean(),
        stamps_place=entry.get("stamps_place").present and entry.get("stamps_place").boolean(),
    )


def _portals(node: Node) -> Portals:
    node.only("suffix", "name")
    return Portals(node.need("suffix").string(), node.need("name").string())


def _places(node: Node) -> list[Place]:
    node.only("province", "name", "labels")
    province, name = node.need("province").string(), node.need("name").string()
    labels = node.get("labels").strings() or (province.replace("-", ""),)
    return [Place(label, province, name) for label in labels]
