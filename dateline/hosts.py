"""data/hosts.yml → Hosts: what each host takes, and whether a site of a given size fits it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dateline import yamlfile
from dateline.errors import ConfigError, KnowledgeError, did_you_mean
from dateline.model import Problem
from dateline.yamlfile import Node

ANY = "any"
LIMITS = ("site_bytes", "files", "file_bytes", "redirects", "path_bytes")
NEARLY = 0.8
"""From this share of a limit on there is a warning."""


@dataclass(frozen=True, slots=True)
class Host:
    """One host's limits; None where there is none."""

    id: str
    name: str
    why: str
    site_bytes: int | None = None
    files: int | None = None
    file_bytes: int | None = None
    redirects: int | None = None
    path_bytes: int | None = None
    needs: tuple[str, ...] = ()
    fits: tuple[int, ...] = ()
    full: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Size:
    """What a host counts."""

    files: int
    site_bytes: int
    file_bytes: int
    """Of the largest file."""
    path_bytes: int = 0
    """Of the longest path."""
    redirects: int = 0
    largest: str = ""
    longest: str = ""


def load(folders: Sequence[Path]) -> tuple[tuple[Host, ...], list[Problem]]:
    """The hosts of data/hosts.yml, in the file's order."""
    entries, problems = yamlfile.entries(folders, "hosts.yml", "hosts")
    hosts = tuple(_host(name, node) for name, node in entries.items())
    for node in entries.values():
        problems += node.complaints.problems
        node.complaints.problems.clear()
    return hosts, problems


def named(name: str, folders: Sequence[Path], where: str = "--host") -> Host:
    """The host a person typed `where`; raises ConfigError with the near miss, KnowledgeError when the file is wrong."""
    hosts, problems = load(folders)
    if problems:
        raise KnowledgeError(problems)
    if name == ANY:
        return tightest(hosts)
    for host in hosts:
        if host.id == name:
            return host
    hint = did_you_mean(name, [ANY, *(one.id for one in hosts)])
    raise ConfigError(Problem(where, None, f'host "{name}" is not known', hint))


def tightest(hosts: Sequence[Host]) -> Host:
    """A host with the smallest of each limit: what fits it fits all."""
    smallest: dict[str, Any] = {
        name: min((limit for host in hosts if (limit := getattr(host, name)) is not None), default=None) for name in LIMITS
    }
    needs = tuple(dict.fromkeys(name for host in hosts for name in host.needs))
    return Host(ANY, "all known hosts", "the tightest of each limit", needs=needs, **smallest)


def _host(name: str, node: Node) -> Host:
    node.only("id", "name", "why", "needs", "fits", "full", *LIMITS)
    limits: dict[str, Any] = {key: value.integer() for key in LIMITS if (value := node.get(key)).value is not None}
    samples: dict[str, Any] = {key: tuple(one.integer() for one in node.get(key).list()) for key in ("fits", "full")}
    return Host(name, node.need("name").string(), node.need("why").string(), needs=node.get("needs").strings(),
                **limits, **samples)


def problems(size: Size, host: Host, where: str) -> Iterator[Problem]:
    """What of a site's size is too much for the host (error), or nearly (warning)."""
    told = (
        ("site_bytes", f"the site has {megabytes(size.site_bytes)}", where),
        ("files", f"the site has {size.files:,} files", where),
        ("file_bytes", f"has {megabytes(size.file_bytes)}", size.largest or where),
        ("redirects", f"has {size.redirects:,} rules", "_redirects"),
        ("path_bytes", f"the path has {size.path_bytes:,} bytes", size.longest or where),
    )
    for name, message, place in told:
        limit, value = getattr(host, name), getattr(size, name)
        if limit is None or value <= limit * NEARLY:
            continue
        shown = megabytes(limit) if name in {"site_bytes", "file_bytes"} else f"{limit:,}"
        if value > limit:
            yield Problem(place, None, f"{message}; {host.name} takes {shown}", _REMEDIES[name])
        else:
            yield Problem(place, None, f"{message}, nearly the {shown} that {host.name} takes", _REMEDIES[name], "warning")


_REMEDIES = {
    "site_bytes": "set  article_pages: digest  in dateline.yml, publish on a server of your own or in a bucket, or split the corpus",
    "files": "set  article_pages: digest  in dateline.yml, publish on a server of your own or in a bucket, or split the corpus",
    "file_bytes": "split the corpus into several sites, or leave the file out and hand it on by other means",
    "redirects": "the pages left at old addresses do the same; shorten the list",
    "path_bytes": "shorten the names of the documents in seeds/",
}


def megabytes(count: int) -> str:
    """Bytes as people say them.

    >>> megabytes(1_234_567_890), megabytes(26_214_400), megabytes(512)
    ('1,234.6 MB', '26.2 MB', '0.0 MB')
    """
    return f"{count / 1e6:,.1f} MB"
