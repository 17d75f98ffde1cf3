"""The collection as schema.org sees it: a Dataset with its files, for the data page and for who looks for data sets.

Only what is known is said; what cannot be said without the site's address (where the files are) is left out with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dateline.exports_site import encoding
from dateline.frame import Site
from dateline.index import COLUMNS

LEAST = 50
"""Letters that search engines for data sets want of a description."""


def dataset(site: Site, files: Iterable[tuple[str, str]], language: str) -> dict[str, Any]:
    """schema.org/Dataset; `files` are path and what it holds."""
    page = site.url(site.at("data.html", language))
    known = {
        "@id": f"{site.url('index.html')}#dataset" if page else "",
        "url": page,
        "name": site.config.title,
        "description": _description(site, language),
        "inLanguage": sorted(shelf.id for shelf in site.shelves.of("language") if shelf.id != "und"),
        "temporalCoverage": _span(site),
        "spatialCoverage": {"@type": "Country", "name": site.t(language, "data.country")},
        "size": site.t(language, "count.articles", n=len(site.corpus.cards)),
        "keywords": ["news", "corpus", "Vietnam"],
        "isAccessibleForFree": True,
        "license": f"{page}#rights" if page else "",
        "creator": {"@type": "Organization", "name": site.config.title, **({"url": site.url("index.html")} if page else {})},
        "variableMeasured": list(COLUMNS),
        "distribution": [
            {"@type": "DataDownload", "name": path.rpartition("/")[2], "description": what, "encodingFormat": encoding(path),
             "contentUrl": site.url(path)} for path, what in files
        ] if page else [],
    }
    return {"@type": "Dataset", **{name: value for name, value in known.items() if value}}


def _description(site: Site, language: str) -> str:
    """The site's own, and the page's words where it has none or too few."""
    own = site.config.description
    return own if len(own) >= LEAST else f"{own} {site.t(language, 'data.intro')}".strip()


def _span(site: Site) -> str:
    """First and last year, as ISO 8601 writes a span: "2019/2025"."""
    years = sorted(shelf.id for shelf in site.shelves.of("year") if shelf.id != "none")
    return "/".join(dict.fromkeys((years[0], years[-1]))) if years else ""
