"""What leaves the project: each format is read back by a program that knows it."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sqlite3
import xml.etree.ElementTree as ElementTree
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from dateline import config, edtf, exports, exports_rows, exports_site, exports_tei, mask
from dateline.cli import main
from dateline.model import Output
from tests.growth import assert_linear

ROOT = Path(__file__).parent.parent
RULES, PROBLEMS = mask.load([ROOT / "data"])
TEI = "{http://www.tei-c.org/ns/1.0}"
NASTY = {"id": "9 <b>&\"", "title": "=1+1 & <b>\x00\ufffe \"Đắk Lắk\"", "text": "Một & <hai>\n\n\x01Ba ]]> \u0085bốn",
         "author": "@Lan", "date": "2023-08~"}


@pytest.fixture(scope="session")
def chosen(site):
    return config.load(site.parent, site_url="https://example.org/news/", title='Tin "giáo dục" & khác')


def exported(chosen, tmp_path, name, **options):
    return exports.export(chosen, name, tmp_path / f"made.{exports.FORMATS[name].suffix}", **options).path


@pytest.fixture
def nasty(tmp_path, site):
    """A site whose one article has everything in it that formats must escape, and one that has nothing."""
    data = tmp_path / "project" / "site" / "data"
    data.mkdir(parents=True)
    record = json.loads((site / "data" / "articles.jsonl").read_text("utf-8").splitlines()[0])
    empty = {key: [] if isinstance(value, list) else value if key in {"language", "machine_translated", "title_source"} else None
             for key, value in record.items()}
    rows = [{**record, **NASTY}, {**empty, "id": "trống", "text": ""}]
    (data / "articles.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    with (data / "articles.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["id", "via", "words", "removed_lines", "path"])
        writer.writeheader()
        writer.writerows({"id": row["id"], "via": "", "words": 3, "removed_lines": "", "path": "articles/x.html"} for row in rows)
    return config.load(tmp_path / "project")


def site_rows(site):
    return [json.loads(line) for line in (site / "data" / "articles.jsonl").read_text("utf-8").splitlines()]


# -- rows ---------------------------------------------------------------------------------------------------------------
def test_json_lines_have_the_same_keys_and_kinds_in_every_row(chosen, site, tmp_path):
    rows = [json.loads(line) for line in exported(chosen, tmp_path, "jsonl").read_text("utf-8").splitlines()]
    assert [row["id"] for row in rows] == [row["id"] for row in site_rows(site)]
    assert len({tuple(row) for row in rows}) == 1
    for key in rows[0]:
        assert len({type(row[key]) for row in rows} - {type(None)}) <= 1, key
    assert all(row["url"] == "https://example.org/news/" + row["path"] for row in rows)


@pytest.mark.parametrize("file", ["export", "site"])
def test_every_row_has_the_same_keys_and_types_all_the_way_down(chosen, site, tmp_path, file):
    """What `datasets.load_dataset("json", …)` wants: it infers the types from the first rows and stops at the first other one."""
    path = exported(chosen, tmp_path, "jsonl") if file == "export" else site / "data" / "articles.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert len({tuple(row) for row in rows}) == 1
    for key in rows[0]:
        assert len(kinds := {kind for row in rows for kind in kinds_of(row[key])}) == len({name for name, _ in kinds}), (key, kinds)


def kinds_of(value, name=""):
    """(name, type) of a value and of everything in it; null is of every type, and a list of none has none."""
    if isinstance(value, dict):
        yield name, tuple(value)
        for key, one in value.items():
            yield from kinds_of(one, f"{name}.{key}")
    elif isinstance(value, list):
        yield name, list
        for one in value:
            yield from kinds_of(one, f"{name}[]")
    elif value is not None:
        yield name, type(value)


def test_the_data_page_is_a_data_set_to_search_engines(site):
    """schema.org, and what Google's data set search asks for: name, description of 50 letters, files, licence, creator."""
    text = (site / "data.html").read_text("utf-8")
    graph = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text)[1])["@graph"]
    (found,) = (one for one in graph if one["@type"] == "Dataset")
    assert len(found["description"]) >= 50 and found["license"].endswith("data.html#rights") and found["creator"]["name"]
    assert found["temporalCoverage"] == "2023/2024" and found["inLanguage"] == ["en", "vi"]
    for one in found["distribution"]:
        path = site / one["contentUrl"].removeprefix("https://example.org/news/")
        assert path.is_file() and one["encodingFormat"] in {"application/jsonl", "text/csv"}
    home = json.loads(re.search(r'json">(.*?)</script>', (site / "index.html").read_text("utf-8"))[1])["@graph"]
    assert found["@id"] in {one.get("@id") for one in home}


def test_json_lines_load_with_arrow_as_data_set_loaders_do(chosen, tmp_path):
    import pyarrow.json

    table = pyarrow.json.read_json(exported(chosen, tmp_path, "jsonl"))
    assert table.num_rows == 5 and {"id", "text", "provinces", "removed"} <= set(table.column_names)


def test_a_spreadsheet_reads_the_table_and_runs_nothing(nasty, tmp_path):
    path = exported(nasty, tmp_path, "csv", bom=True)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        first, second = csv.DictReader(file)
    assert first["title"].startswith("'=1+1") and first["author"] == "'@Lan"
    assert first["text"] == NASTY["text"] and first["machine_translated"] in {"true", "false"}
    assert second["title"] == "" and second["date"] == ""


def test_without_the_option_the_table_has_no_byte_order_mark(chosen, tmp_path):
    assert exported(chosen, tmp_path, "csv").read_bytes().startswith(b"id,title,")


def test_parquet_keeps_types_evidence_and_text(chosen, site, tmp_path):
    import pyarrow.parquet

    rows = pyarrow.parquet.read_table(exported(chosen, tmp_path, "parquet")).to_pylist()
    for made, stored in zip(rows, site_rows(site), strict=True):
        assert {key: made[key] for key in stored} == stored


def test_parquet_without_its_package_says_what_to_install(chosen, tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(exports.DatelineError, match=r"dateline\[parquet\]"):
        exported(chosen, tmp_path, "parquet")
    assert list(tmp_path.iterdir()) == []


# -- SQLite -------------------------------------------------------------------------------------------------------------
def found(path: Path, query: str) -> list[str]:
    with closing(sqlite3.connect(path)) as base:
        sql = "SELECT id FROM articles WHERE rowid IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?) ORDER BY id"
        return [row[0] for row in base.execute(sql, [query])]


def test_sqlite_is_searched_with_and_without_diacritics(chosen, tmp_path):
    path = exported(chosen, tmp_path, "sqlite")
    accented = found(path, '"quận Hoàn Kiếm"')
    assert accented == found(path, '"quan hoan kiem"') == ["003_7d0563742930568a"]
    assert found(path, '"đào tạo"') and set(found(path, '"đào tạo"')) <= set(found(path, '"dao tao"'))
    assert found(path, "quán") == []           # another word than quận


def test_the_settings_for_datasette_name_tables_and_columns_that_are_there(chosen, tmp_path):
    path = exported(chosen, tmp_path, "sqlite")
    found = json.loads(path.with_name(f"{path.name}.metadata.json").read_text("utf-8"))
    assert found["title"] == chosen.title and found["source_url"] == "https://example.org/news/"
    tables = found["databases"][path.stem]["tables"]
    with closing(sqlite3.connect(path)) as base:
        for name, settings in tables.items():
            columns = {row[1] for row in base.execute(f"PRAGMA table_info({name})")}
            named = {*settings["facets"], *settings.get("columns", ()), settings.get("sort_desc"), settings.get("label_column")}
            assert named - {None} <= columns, name


def test_sqlite_has_tables_that_belong_together(chosen, site, tmp_path):
    with closing(sqlite3.connect(exported(chosen, tmp_path, "sqlite"))) as base:
        base.execute("PRAGMA foreign_keys = ON")
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        count = base.execute("SELECT count(*) FROM provinces").fetchone()[0]
        assert count == sum(len(row["provinces"]) for row in site_rows(site))
        # how Datasette finds the search of a table
        sql = base.execute("SELECT sql FROM sqlite_master WHERE name = 'articles_fts'").fetchone()[0]
        assert re.search(r'content="articles"', sql)


# -- TEI ----------------------------------------------------------------------------------------------------------------
CHILDREN = {
    "teiCorpus": ["teiHeader", "TEI*"], "TEI": ["teiHeader", "text"],
    "teiHeader": ["fileDesc", "encodingDesc?", "profileDesc?"],
    "fileDesc": ["titleStmt", "extent?", "publicationStmt", "sourceDesc"], "titleStmt": ["title", "author*"],
    "extent": ["measure"], "publicationStmt": ["p"], "encodingDesc": ["samplingDecl"], "samplingDecl": ["p"],
    "profileDesc": ["langUsage", "textClass?"], "langUsage": ["language"], "textClass": ["keywords"], "keywords": ["term*"],
    "text": ["body"], "body": ["head", "p*"],
    "bibl": ["title", "author?", "publisher?", "date?", "ref?", "note?"],
}
"""The order and number of elements that TEI's content models of these elements allow; others hold text."""


def tei_faults(element: ElementTree.Element) -> list[str]:
    name = element.tag.removeprefix(TEI)
    found = [child.tag.removeprefix(TEI) for child in element]
    faults = [fault for child in element for fault in tei_faults(child)]
    if name == "sourceDesc" and found not in (["p"], ["bibl"]):
        faults.append(f"{name}: {found}")
    if name in CHILDREN:
        pattern = "".join(f"(?:{re.escape(one.rstrip('*?'))} ){one[-1] if one[-1] in '*?' else ''}" for one in CHILDREN[name])
        if not re.fullmatch(pattern, "".join(f"{one} " for one in found)):
            faults.append(f"{name}: {found}")
    elif name not in {"sourceDesc", "p"} and found:
        faults.append(f"{name} holds {found}")
    return faults


@pytest.mark.parametrize("kind", ["seeds", "nasty"])
def test_tei_is_well_formed_and_in_order(kind, chosen, nasty, tmp_path):
    root = ElementTree.parse(exported(chosen if kind == "seeds" else nasty, tmp_path, "tei")).getroot()
    assert tei_faults(root) == []
    names = [one.get("{http://www.w3.org/XML/1998/namespace}id") for one in root.iter(f"{TEI}TEI")]
    assert len(names) == len(set(names)) == (5 if kind == "seeds" else 2)
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", name) for name in names)


def test_tei_has_the_whole_text(chosen, site, tmp_path):
    root = ElementTree.parse(exported(chosen, tmp_path, "tei")).getroot()
    for tei, row in zip(root.iter(f"{TEI}TEI"), site_rows(site), strict=True):
        assert "\n\n".join(p.text for p in tei.find(f"{TEI}text").iter(f"{TEI}p")) == row["text"]


@pytest.mark.parametrize("date", ["2023-02-24T09:44", "2024-08-13", "2023-08", "2023", "2023-08~", "2025-08-22/..", "../2023-05",
                                  "2023-05/2023-08"])
def test_tei_dates_are_dates_to_a_validator(date):
    said = ElementTree.fromstring(exports_tei.date(date))
    assert edtf.parse(date) and said.text == date
    for value in (said.get("when"), said.get("notBefore"), said.get("notAfter")):
        assert value is None or re.fullmatch(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d)?)?)?", value)


# -- vertical -----------------------------------------------------------------------------------------------------------
def test_the_vertical_is_balanced_and_has_the_words_of_the_text(chosen, site, tmp_path):
    path = exported(chosen, tmp_path, "vertical")
    open_, words, documents = [], [], 0
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("</"):
            assert open_.pop() == line[2:-1]
        elif line.startswith("<") and line != "<g/>":
            name = line[1:].split(" ")[0].rstrip(">")
            documents += name == "doc"
            open_.append(name)
        elif line != "<g/>":
            word, folded = line.split("\t")
            assert folded.isascii() or not word.isascii()
            words.append(word)
    assert open_ == [] and documents == 5
    printed = "".join((row["title"] or "") + row["text"] for row in site_rows(site))
    letters = "".join(words).replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    assert letters == "".join(printed.split())


def test_the_registry_names_every_attribute_of_the_vertical(chosen, tmp_path):
    path = exported(chosen, tmp_path, "vertical")
    said = path.with_name(path.name + ".registry").read_text("utf-8")
    first = path.read_text("utf-8").splitlines()[0]
    for name in re.findall(r' (\w+)="', first):
        assert f'ATTRIBUTE "{name}"' in said
    assert said.count("{") == said.count("}") and 'MULTISEP "|"' in said


def test_markup_in_a_text_is_no_structure(nasty, tmp_path):
    lines = exported(nasty, tmp_path, "vertical").read_text("utf-8").splitlines()
    assert "&lt;\t&lt;" in lines and sum(line.startswith("<doc ") for line in lines) == 2


# -- citations and news objects -------------------------------------------------------------------------------------------
def test_bibtex_keys_are_there_once(chosen, tmp_path):
    text = exported(chosen, tmp_path, "bibtex").read_text("utf-8")
    keys = re.findall(r"@misc\{([^,]+),", text)
    assert len(keys) == len(set(keys)) == 5 and text.count("{") == text.count("}")


def test_keys_that_would_be_one_are_told_apart():
    from dateline.exports_cite import _Unique

    unique = _Unique()
    assert [unique("a"), unique("a"), unique("a-2"), unique("a")] == ["a", "a-2", "a-2-2", "a-3"]


def test_ris_records_begin_and_end(chosen, tmp_path):
    lines = exported(chosen, tmp_path, "ris").read_bytes().decode().split("\r\n")
    assert lines.count("TY  - NEWS") == lines.count("ER  - ") == 5
    assert all(line == "" or re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines)


def test_csl_is_a_list_of_items_with_ids_of_their_own(chosen, tmp_path):
    items = json.loads(exported(chosen, tmp_path, "csl").read_text("utf-8"))
    assert len({item["id"] for item in items}) == 5 and {item["type"] for item in items} == {"article-newspaper"}


def test_ninjs_has_the_fields_and_kinds_of_its_schema(nasty, chosen, tmp_path):
    for setting in (chosen, nasty):
        for item in json.loads(exported(setting, tmp_path, "ninjs").read_text("utf-8")):
            assert set(item) <= {
                "uri", "standard", "type", "profile", "representationType", "contentCreated", "pubStatus", "language", "by",
                "copyrightHolder", "headlines", "bodies", "places", "subjects", "altIds",
            }
            assert re.match(r"(https?|urn):\S+$", item["uri"]) and item["pubStatus"] in {"usable", "withheld"}
            assert all(isinstance(one["value"], str) for one in item.get("headlines", []) + item["bodies"])
            assert all(0 <= one["confidence"] <= 100 for one in item.get("subjects", []))
            moment = item.get("contentCreated", "2023-02-24T09:44:00+07:00")
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:00\+07:00", moment)


# -- masking ------------------------------------------------------------------------------------------------------------
def test_the_rules_of_personal_data_can_be_read():
    assert PROBLEMS == [] and {rule.id for rule in RULES.rules} == {"mail", "phone", "id-number"}


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.id)
def test_personal_data_is_masked_and_other_numbers_stay(rule):
    for text in rule.masks:
        assert rule.id in RULES.text(text)[1], text
    for text in rule.keeps:
        assert RULES.text(text) == (text, {}), text


def test_a_masked_export_counts_and_leaves_the_site_alone(nasty, tmp_path):
    data = nasty.output_dir / "data" / "articles.jsonl"
    first, second = data.read_text("utf-8").splitlines()
    record = {**json.loads(first), "text": "Gọi 0912 345 678 hoặc lan@vinh.edu.vn, 0912345678."}
    data.write_text(json.dumps(record) + "\n" + second + "\n", "utf-8")
    done = exports.export(nasty, "jsonl", tmp_path / "made.jsonl", masked=True)
    assert done.masked == {"mail": 1, "phone": 2} and done.articles == 2
    made = json.loads(done.path.read_text("utf-8").splitlines()[0])
    assert made["text"] == "Gọi [phone] hoặc [mail], [phone]." and "0912" in data.read_text("utf-8")
    assert made["id"] == record["id"] and made["source_url"] == record["source_url"]


@pytest.mark.slow
def test_a_hostile_line_is_masked_quickly():
    for unit, end in (("0912 ", ""), ("a.", "@"), ("0", ""), ("a@", ""), ("cccd ", "")):
        assert_linear(lambda size, unit=unit, end=end: RULES.text(unit * size + end), 50_000)


# -- when it cannot be done -------------------------------------------------------------------------------------------------
def test_every_format_is_whole_or_not_there_on_a_full_disk(chosen, tmp_path, monkeypatch):
    def full(rows, path, setting):
        path.write_text("half")
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setitem(exports.FORMATS, "csv", exports.Format("csv", "", full))
    (tmp_path / "made.csv").write_text("before")
    with pytest.raises(exports.OutputError, match="No space left on device") as told:
        exported(chosen, tmp_path, "csv")
    assert "free some space" in told.value.problems[0].hint
    assert [path.name for path in tmp_path.iterdir()] == ["made.csv"] and (tmp_path / "made.csv").read_text() == "before"


def test_files_that_do_not_belong_together_are_refused(nasty, tmp_path):
    path = nasty.output_dir / "data" / "articles.csv"
    path.write_text(path.read_text("utf-8").replace("trống", "khác"), "utf-8")
    with pytest.raises(exports.OutputError, match="not the same article"):
        exported(nasty, tmp_path, "jsonl")
    assert not (tmp_path / "made.jsonl").exists()


def test_an_export_into_the_site_is_refused(chosen):
    with pytest.raises(exports.OutputError, match="lies in the site"):
        exports.export(chosen, "jsonl", chosen.output_dir / "data" / "x.jsonl")


def test_the_command_writes_the_file_and_says_where(site, tmp_path):
    target = tmp_path / "t.jsonl"
    result = CliRunner().invoke(main, ["export", "--root", str(site.parent), "jsonl", "-o", str(target), "--mask"])
    assert result.exit_code == 0, result.output
    assert f"5 articles: {target}" in result.output and "masked: " in result.output
    assert len(target.read_text("utf-8").splitlines()) == 5


@pytest.mark.parametrize("name", sorted(exports.FORMATS))
def test_the_same_site_gives_the_same_bytes(chosen, tmp_path, name):
    (tmp_path / "again").mkdir()
    assert exported(chosen, tmp_path, name).read_bytes() == exported(chosen, tmp_path / "again", name).read_bytes()


# -- what describes the data files ----------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def described(site, chosen, tmp_path_factory):
    """The data files of the site with their descriptions, on disk."""
    folder = tmp_path_factory.mktemp("described")
    outputs = [Output(f"data/{name}", (site / "data" / name).read_bytes()) for name in ("articles.jsonl", "articles.csv")]
    made = list(exports_site.described([*outputs, Output("raw/x.txt", b"x")], chosen))
    assert made[:2] == outputs
    for output in made:
        path = folder / output.path
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(output.content)
    return folder / "data"


def test_the_checksums_are_those_of_the_files(described):
    lines = (described / "SHA256SUMS").read_text().splitlines()
    assert {line[66:] for line in lines} == {path.name for path in described.iterdir()} - {"SHA256SUMS"}
    for line in lines:
        assert hashlib.sha256((described / line[66:]).read_bytes()).hexdigest() == line[:64]


def test_frictionless_finds_the_package_and_its_table_valid(described):
    import frictionless

    report = frictionless.validate(str(described / "datapackage.json"))
    assert report.valid, report.flatten(["type", "message"])
    package = json.loads((described / "datapackage.json").read_text("utf-8"))
    assert {one["path"]: one["bytes"] for one in package["resources"]} == {
        name: (described / name).stat().st_size for name in ("articles.csv", "articles.jsonl")}


def test_croissant_is_valid_and_gives_the_rows(described):
    import mlcroissant

    found = mlcroissant.Dataset(jsonld=str(described / "croissant.json"))
    assert not found.metadata.ctx.issues.errors
    rows = list(found.records("articles"))
    assert len(rows) == 5 and all(row["articles/id"] for row in rows)


def test_the_citation_file_is_yaml_with_what_the_format_needs(described):
    import yaml

    said = yaml.safe_load((described / "CITATION.cff").read_text("utf-8"))
    assert said["cff-version"] == "1.2.0" and said["title"] == 'Tin "giáo dục" & khác' and said["authors"]


def test_the_descriptions_know_no_time_and_no_machine(described, chosen, site):
    outputs = [Output(f"data/{name}", (site / "data" / name).read_bytes()) for name in ("articles.jsonl", "articles.csv")]
    again = {output.path: output.content for output in exports_site.described(outputs, chosen)}
    assert all(again[f"data/{path.name}"] == path.read_bytes() for path in described.iterdir())


def test_every_column_of_the_table_export_is_filled_from_a_row(chosen):
    row = next(exports.read(chosen))
    assert set(exports_rows.COLUMNS) - {"url"} <= set(row)
