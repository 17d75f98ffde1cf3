"""The data files of a site → what describes them, so that other tools find, check and cite them.

data/datapackage.json (Frictionless), data/croissant.json (MLCommons), data/CITATION.cff and data/SHA256SUMS are made
from the very bytes that are published; no time and no name of a machine is in them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from dateline.config import Config
from dateline.index import COLUMNS
from dateline.model import Output, Standing, Stream
from dateline.text import slug

KINDS = {
    "jsonl": ("jsonl", "application/jsonl",
              "One record for each article: every fact with its confidence and evidence, the text, what was cut"),
    "csv": ("csv", "text/csv", "One row for each article, without the texts"),
}
PACKED = "application/gzip"
_BOOLEANS = frozenset({"machine_translated"})
_NUMBERS = frozenset({"words", "removed_lines"})


@dataclass(frozen=True, slots=True)
class DataFile:
    """A published file of data/: what is known of it without reading it again."""

    name: str
    bytes: int
    sha256: str


def described(outputs: Iterable[Output | Stream | Standing], config: Config
              ) -> Iterator[Output | Stream | Standing]:
    """Every output as it comes; then the descriptions of those in data/."""
    listed: list[Output | Stream] = []
    for output in outputs:
        if not isinstance(output, Standing) and output.path.startswith("data/") and output.path.count("/") == 1:
            listed.append(output)
        yield output
    files = [DataFile(one.path.removeprefix("data/"), one.size, one.sha256) for one in listed]       # a stream is read by now
    files.sort(key=lambda one: one.name)
    made = [
        Output("data/CITATION.cff", citation(config).encode()),
        Output("data/croissant.json", _json(croissant(files, config))),
        Output("data/datapackage.json", _json(datapackage(files, config))),
    ]
    yield from made
    sums = [(one.sha256, one.name) for one in files]
    sums += [(one.sha256, one.path.removeprefix("data/")) for one in made]
    lines = [f"{digest}  {name}\n" for digest, name in sorted(sums, key=lambda one: one[1])]
    yield Output("data/SHA256SUMS", "".join(lines).encode())


def _json(value: dict[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _suffix(name: str) -> str:
    """What a file holds: "csv" of articles.csv and of articles-001.csv.gz."""
    return name.removesuffix(".gz").rpartition(".")[2]


def encoding(name: str) -> str:
    """The media type of a data file."""
    return PACKED if name.endswith(".gz") else KINDS.get(_suffix(name), ("", "application/octet-stream"))[1]


def _name(config: Config) -> str:
    return slug(config.title) or "corpus"


def _described(config: Config) -> str:
    return config.description or f"News texts collected, cleaned and tagged: {config.title}"


def datapackage(files: Iterable[DataFile], config: Config) -> dict[str, Any]:
    """Frictionless Data Package 1.0: each file with its size and hash, the table with its columns."""
    package: dict[str, Any] = {
        "profile": "data-package", "name": _name(config), "title": config.title, "description": _described(config),
        "keywords": ["news", "Vietnam", "corpus"],
    }
    if config.site_url:
        package["homepage"] = config.site_url
    return {**package, "resources": [_resource(one) for one in files]}


def _resource(file: DataFile) -> dict[str, Any]:
    suffix = _suffix(file.name)
    form, _, what = KINDS.get(suffix, (suffix, "", file.name))
    resource: dict[str, Any] = {
        "name": slug(file.name.replace(".", "-")), "path": file.name, "title": file.name, "description": what, "format": form,
        "mediatype": encoding(file.name), "encoding": "utf-8", "bytes": file.bytes, "hash": f"sha256:{file.sha256}",
    }
    if suffix != "csv":
        return {**resource, "profile": "data-resource"}
    fields = [{"name": name, "type": _type(name, "boolean", "integer", "string")} for name in COLUMNS]
    schema = {"fields": fields, "primaryKey": "id", "missingValues": [""]}
    return {**resource, "profile": "tabular-data-resource", "schema": schema}


def _type(name: str, boolean: str, number: str, text: str) -> str:
    return boolean if name in _BOOLEANS else number if name in _NUMBERS else text


def croissant(files: Iterable[DataFile], config: Config) -> dict[str, Any]:
    """Croissant 1.0: the files with their hashes, and the table's columns as a record set."""
    listed = list(files)
    found: dict[str, Any] = {
        "@context": _CONTEXT, "@type": "sc:Dataset", "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": _name(config), "description": _described(config), "inLanguage": ["vi", "en"],
    }
    if config.site_url:
        found["url"] = config.site_url
    found["distribution"] = [
        {"@type": "cr:FileObject", "@id": one.name, "name": one.name, "contentUrl": one.name, "contentSize": f"{one.bytes} B",
         "encodingFormat": encoding(one.name), "sha256": one.sha256}
        for one in listed
    ]
    tables = [one.name for one in listed if _suffix(one.name) == "csv"]
    found["recordSet"] = [
        {"@type": "cr:RecordSet", "@id": (stem := table.partition(".")[0]), "name": stem, "key": {"@id": f"{stem}/id"}, "field": [
            {"@type": "cr:Field", "@id": f"{stem}/{column}", "name": column,
             "dataType": _type(column, "sc:Boolean", "sc:Integer", "sc:Text"),
             "source": {"fileObject": {"@id": table}, "extract": {"column": column}}}
            for column in COLUMNS
        ]}
        for table in tables
    ]
    return found


_CONTEXT: dict[str, Any] = {
    "@language": "en", "@vocab": "https://schema.org/", "citeAs": "cr:citeAs", "column": "cr:column",
    "conformsTo": "dct:conformsTo", "cr": "http://mlcommons.org/croissant/", "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"}, "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract", "field": "cr:field",
    "fileObject": "cr:fileObject", "fileProperty": "cr:fileProperty", "fileSet": "cr:fileSet", "format": "cr:format",
    "includes": "cr:includes", "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath", "key": "cr:key", "md5": "cr:md5",
    "parentField": "cr:parentField", "path": "cr:path", "rai": "http://mlcommons.org/croissant/RAI/", "recordSet": "cr:recordSet",
    "references": "cr:references", "regex": "cr:regex", "repeated": "cr:repeated", "replace": "cr:replace",
    "sc": "https://schema.org/", "separator": "cr:separator", "source": "cr:source", "subField": "cr:subField",
    "transform": "cr:transform",
}


def citation(config: Config) -> str:
    """CITATION.cff 1.2.0: how to cite the collection as a whole."""
    quoted = json.dumps(config.title, ensure_ascii=False)
    lines = ["cff-version: 1.2.0", 'message: "If you use this collection, please cite it as follows."', "type: dataset",
             f"title: {quoted}", "authors:", f"  - name: {quoted}",
             f"abstract: {json.dumps(_described(config), ensure_ascii=False)}"]
    if config.site_url:
        lines.append(f"url: {json.dumps(config.site_url)}")
    return "\n".join(lines) + "\n"
