"""Counts → pictures made of lists and tables: the tile map, the table of topics by province, the bars of the timeline.

Nothing here is drawn: a tile is a list item on a grid, with its number in words, so it reads, prints and zooms as text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from dateline import frame, views
from dateline.frame import Site
from dateline.labels import Island
from dateline.shelves import Shelf
from dateline.strings import number

TILE_STEPS = (1, 11, 26, 51, 101)
"""Least number of articles for each of the five shades of a tile."""
CELL_STEPS = (1, 5, 12, 23, 46)


def step(n: int, steps: Sequence[int] = TILE_STEPS) -> int:
    """How dark a number is, 0 to 5.

    >>> step(0), step(1), step(10), step(11), step(101)
    (0, 1, 1, 2, 5)
    """
    return sum(1 for least in steps if n >= least)


def islands(site: Site) -> tuple[Island, ...]:
    """The island labels, when the site shows them."""
    return site.labels.islands if site.config.island_labels else ()


def province_maps(site: Site, language: str) -> dict[str, Any]:
    """Both tile maps and the island labels."""
    shown = islands(site)
    return {
        "map_34": _tiles(site, "province", language),
        "map_63": _tiles(site, "former", language),
        "islands": tuple(
            (one.label(language), site.labels.province(one.province, "34", language), _spot(one.tile_34), _spot(one.tile_63))
            for one in shown
        ),
        "island_paths": tuple(
            f"{path}#{one.slug}" if (path := site.at(site.shelves.path("province", one.province), language)) else ""
            for one in shown
        ),
        "provinces": site.at("provinces/index.html", language),
    }


def _spot(tile: tuple[int, int]) -> str:
    return f"{tile[0]}-{tile[1]}"


def _tiles(site: Site, facet: str, language: str) -> tuple[views.Tile, ...]:
    units = site.labels.units_63 if facet == "former" else site.labels.units_34
    counts = {shelf.id: len(shelf) for shelf in site.shelves.of(facet)}
    ordered = sorted((unit for unit in units.values() if unit.row), key=lambda unit: (unit.row, unit.column))
    return tuple(
        {
            "label": unit.short if len(unit.short) < len(unit.name) else unit.label(language),
            "path": site.at(site.shelves.path(facet, unit.slug), language),
            "n": counts.get(unit.slug, 0), "shown": number(language, counts.get(unit.slug, 0)),
            "row": unit.row, "column": unit.column, "step": step(counts.get(unit.slug, 0)),
        }
        for unit in ordered
    )


def matrix(site: Site, language: str, topics: int | None = None, provinces: int | None = None) -> views.Matrix:
    """Topics by province, the largest first; all of them when no limits are given."""
    columns = [shelf for shelf in site.shelves.of("province") if shelf.id not in {"none", "national"}]
    columns.sort(key=lambda shelf: (-len(shelf), shelf.id))
    columns = columns[:provinces]
    rows = [shelf for shelf in site.shelves.of("topic") if shelf.id != "none"][:topics]
    counts = [Counter([topic for one in column.articles for topic in one.topics]) for column in columns]
    return {
        "columns": tuple(
            {"label": site.labels.province(shelf.id, "34", language), "path": site.at(shelf.path, language)}
            for shelf in columns
        ),
        "rows": tuple(_row(site, shelf, columns, counts, language) for shelf in rows),
    }


def _row(site: Site, topic: Shelf, columns: Sequence[Shelf], counts: Sequence[Counter[str]], language: str) -> views.Row:
    cells: list[views.Cell] = []
    for column, found in zip(columns, counts, strict=True):
        n = found[topic.id]
        path = site.at(site.shelves.path("pair", f"{column.id}/{topic.id}"), language)
        cells.append({"shown": number(language, n) if n else "", "path": path, "step": step(n, CELL_STEPS)})
    return {"label": site.labels.topic(topic.id, language), "path": site.at(topic.path, language), "cells": tuple(cells),
            "total": number(language, len(topic))}


# -- time -----------------------------------------------------------------------------------------------------------------
def years(site: Site, language: str) -> tuple[views.Year, ...]:
    """Every year with its months, newest first; the bars of all years share one scale."""
    months = Counter({shelf.id: len(shelf) for shelf in site.shelves.of("month")})
    most = max(months.values(), default=1)
    return tuple(
        _year(site, shelf, months, most, language) for shelf in site.shelves.of("year") if shelf.id != "none"
    )


def _year(site: Site, shelf: Shelf, months: Counter[str], most: int, language: str) -> views.Year:
    row: list[tuple[str, str, int]] = []
    drawn: list[tuple[int, str, str]] = []
    for month in range(1, 13):
        key = f"{shelf.id}-{month:02}"
        n = months[key]
        path = site.at(site.shelves.path("month", key), language) if n else ""
        row.append((site.t(language, "date.month", month=site.strings.month(language, month)), path, n))
        if n:
            height = max(2.0, 58 * n / most)
            drawn.append((10 * month - 9, f"{60 - height:.1f}", f"{height:.1f}"))
    counted = frame.count(site, language, shelf.id, shelf.path, len(shelf))
    return {**counted, "months": tuple(row), "bars": tuple(drawn)}

