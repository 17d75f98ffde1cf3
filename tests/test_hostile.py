"""No text ever becomes code: a corpus of hostile texts through the whole build, and a real browser on every page."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest

from dateline import bodies, config, pipeline, read, search, search_terms
from dateline.errors import DatelineError
from dateline.text import nfc
from tests import hostile_corpus
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

TORTURE = bool(os.environ.get("DATELINE_TORTURE"))
PAYLOADS = hostile_corpus.payloads()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, object]:
    """The project of all payloads, built once; its root and the build's report."""
    root = tmp_path_factory.mktemp("hostile")
    formulas = [payload for payload in PAYLOADS if payload[0] in "=+-@＝"]
    hostile_corpus.write(root, hostile_corpus.packed(PAYLOADS, 1 if TORTURE else 6), formulas)
    return root, pipeline.build(config.load(root), jobs=1)


@pytest.fixture(scope="module")
def pages(hostile) -> list[Path]:
    return sorted((hostile[0] / "site").rglob("*.html"))


def test_there_are_enough_payloads_and_no_two_are_one():
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 200


def test_the_build_reads_them_all_and_tells_what_it_refused(hostile):
    root, report = hostile
    told = "\n".join(problem.where for problem in report.problems if problem.severity == "error")
    records = {str(row["id"]) for row in rows(root)}
    made = {path.stem for path in (root / "articles").glob("*.md")}
    assert report.articles > 100 and len(records) == report.articles
    assert records <= made and all(f"{name}.md" in told for name in made - records)
    lost = [path.name for path in (root / "seeds").glob("*.txt")
            if read.safe_id(nfc(path.name[:-4])) not in records and nfc(path.name) not in told]
    assert lost == []
    assert all(problem.message for problem in report.problems)


# -- in the browser ---------------------------------------------------------------------------------------------------------
AUDIT = """() => {
  const own = {style: "/404.html", noscript: ".html"};
  const found = [], safe = new Set(["file:", "http:", "https:", "mailto:"]);
  const never = new Set(("iframe frame frameset object embed applet base portal video audio marquee math template style" +
    " plaintext xmp listing keygen image picture source img dialog noscript bgsound layer area x xss custom-element").split(" "));
  for (const element of document.querySelectorAll("*")) {
    const name = element.localName;
    if (never.has(name) && !(location.pathname.endsWith(own[name]))) found.push("element " + name);
    for (const {name: attribute, value} of element.attributes) {
      if (/^on|^style$|^srcdoc$|^formaction$|^background$|^ping$|^poster$|^shadowroot/i.test(attribute))
        found.push(`${name} ${attribute}=${value}`);
      if (/^(xlink:)?href$|^src$|^action$|^data$/i.test(attribute)) {
        let scheme = "none";
        try { scheme = new URL(value, document.baseURI).protocol } catch {}
        const foreign = scheme != "file:" && !value.startsWith("https://example.org/n/")
          && !(name == "a" && element.rel.includes("noopener")) && !(name == "link" && /^(icon|canonical|alternate)$/.test(element.rel));
        if (!(safe.has(scheme) || name == "link" && element.rel == "icon") || foreign) found.push(`${name} ${attribute}=${value}`);
      }
    }
    if (name == "meta" && element.httpEquiv && element.httpEquiv != "Content-Security-Policy") found.push("meta " + element.httpEquiv);
    if (name == "script") {
      const inside = element.src ? /\\/assets\\/[a-z.-]+\\.[0-9a-f]+\\.js$|\\/search\\/.*\\.js$/.test(element.src)
        : element.type == "application/ld+json" || element.type == "application/json" || element.textContent.includes("localStorage");
      if (!inside) found.push("script " + element.outerHTML.slice(0, 200));
    }
  }
  return [found, window.heard || []];
}"""


@contextmanager
def listening(browser):
    """A tab without a security policy, and what is heard in it that no page of ours does."""
    heard: list[str] = []
    context = browser.new_context(bypass_csp=True)
    context.add_init_script("window.heard = []; window.hit = number => { window.heard.push(number) }")
    page = context.new_page()
    page.on("dialog", lambda dialog: (heard.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("popup", lambda popup: heard.append(f"popup {popup.url}"))
    page.on("pageerror", lambda error: heard.append(f"error {error}"))
    page.on("request", lambda request: None if request.url.startswith(("file:", "data:image/svg+xml,%3Csvg%20xmlns="))
            else heard.append(f"request {request.url}"))
    yield page, heard
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("part", range(4))
def test_no_script_runs_and_nothing_is_asked_for_on_any_page(hostile, pages, browser, part):
    assert len(pages) > 200
    with listening(browser) as (page, heard):
        for path in pages[part::4]:
            page.goto(path.as_uri())
            wrong, ran = page.evaluate(AUDIT)
            heard += [f"{path.name}: {one}" for one in (*wrong, *(f"ran {number}" for number in ran))]
    assert heard == []


@pytest.mark.browser
def test_the_alarm_rings_when_a_script_does_run(browser, tmp_path):
    """The test above would see it: the same audit on a page that escapes nothing."""
    (tmp_path / "bare.html").write_text("<title>x</title>" + PAYLOADS[0] + "<a onclick=hit(1) href='javascript:hit(2)'>x</a>")
    with listening(browser) as (page, _):
        page.goto((tmp_path / "bare.html").as_uri())
        wrong, ran = page.evaluate(AUDIT)
    assert ran == [0] and len(wrong) == 3


# -- in the files -----------------------------------------------------------------------------------------------------------
def test_every_page_is_of_our_elements_and_its_linked_data_holds_the_text(pages):
    said = set()
    for path in pages:
        parsed = hostile_corpus.Parsed(path.read_text(encoding="utf-8"))
        ours = OURS | ({"style"} if path.name == "404.html" else set())
        assert parsed.elements <= ours, (path.name, parsed.elements - ours)
        said |= {json.dumps(data, ensure_ascii=False) for data in parsed.data}
    texts = " ".join(said)
    for payload in ("</script><script>", "{{ 7*191 }}", "<svg onload="):
        assert payload in texts


OURS = {
    "html", "head", "meta", "title", "link", "script", "body", "a", "div", "nav", "ol", "ul", "li", "main",
    "article", "p", "h1", "h2", "h3", "h4", "span", "b", "time", "fieldset", "legend", "label", "input", "aside",
    "section", "details", "summary", "q", "dl", "dt", "dd", "pre", "button", "footer", "header", "em", "strong", "code",
    "table", "thead", "tbody", "tr", "th", "td", "caption", "mark", "del", "svg", "rect", "path", "circle", "line",
    "text", "g", "use", "figure", "figcaption", "form", "select", "option", "datalist", "i", "hr", "br", "blockquote", "cite",
    "small", "output", "search", "symbol", "sup", "sub", "abbr", "textarea", "noscript",
}


def rows(root: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (root / "site/data/articles.jsonl").read_text(encoding="utf-8").split("\n") if line]


def test_the_data_files_hold_the_texts_as_they_are(hostile):
    root, report = hostile
    found = rows(root)
    assert len(found) == report.articles
    text = "\n".join(f"{row['title']}\n{row['text']}" for row in found)
    for payload in ('<script>hit(0)</script>', "{{ 7*191 }}", '"><script>', "]]><script>"):
        assert payload in text


def test_no_cell_of_any_table_is_a_formula(hostile):
    tables = sorted((hostile[0] / "site").rglob("*.csv"))
    cells = [cell for path in tables for row in csv.reader(io.StringIO(path.read_text("utf-8"), newline="")) for cell in row]
    assert tables and any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert not {cell[0] for cell in cells if cell} & set("=+-@\t\r\n＝＋－＠")


def test_every_feed_is_whole_xml_of_known_elements(hostile):
    feeds = sorted((hostile[0] / "site").rglob("*.xml"))
    assert len(feeds) >= 3
    for path in feeds:
        names = {element.tag.rpartition("}")[2] for element in ElementTree.parse(path).iter()}
        assert names <= XML, (path.name, names - XML)


XML = {
    "feed", "title", "id", "link", "updated", "entry", "summary", "author", "name", "rss", "channel", "item", "guid",
    "pubDate", "description", "urlset", "url", "loc", "icon", "logo", "category", "subtitle", "language", "published",
    "content", "contributor", "rights", "source",
}


def test_every_json_file_is_whole(hostile):
    files = [path for path in (hostile[0] / "site").rglob("*.json") if path.is_file()]
    assert files and all(json.loads(path.read_text(encoding="utf-8")) is not None for path in files)


@pytest.mark.browser
def test_a_query_that_is_a_script_is_words(hostile, browser):
    """What is typed into the search box, or stands in a link to it, becomes text: results, snippets, suggestions."""
    with listening(browser) as (page, heard):
        for name in ("search.html", "concordance.html"):
            for payload in [*PAYLOADS[::20], "hit", "svg onload", "<mark>hit</mark>"]:
                page.goto(f"{(hostile[0] / 'site' / name).as_uri()}?{urlencode({'q': payload, 'province': payload, 'sort': payload})}")
                page.wait_for_timeout(150)
                wrong, ran = page.evaluate(AUDIT)
                heard += [f"{name}?{payload}: {one}" for one in (*wrong, *ran)]
    assert heard == []


def test_links_out_of_the_site_are_of_the_web(pages):
    """No href of any page is a script, whatever case, entity or blank it hides behind."""
    out = re.compile(r'(?:href|src|action)="([^"]*)"')
    schemes = {re.match(r"[a-z]*:?", link.lower())[0] for path in pages for link in out.findall(path.read_text(encoding="utf-8"))}
    assert {scheme for scheme in schemes if scheme.endswith(":")} <= {"https:", "http:", "data:", "mailto:"}


def test_search_shards_hold_the_texts_as_they_are():
    documents = [
        search.SearchDocument(f"{number:04}", f"articles/{number}.html", payload, f"{payload}\n{payload}", None, "vi", source=payload)
        for number, payload in enumerate(PAYLOADS)
    ]
    rules = search_terms.load([ROOT / "data"])
    outputs = list(search.outputs(documents, {}, rules))
    parts = {name: part for output in outputs for name, part in hostile_corpus.shards(output.content).items()}
    records = [row for name, part in sorted(parts.items()) if name.startswith("d/") for row in json.loads(part)]
    titles = {row[10]: row[1] for row in records}
    assert titles == {document.id: nfc(document.title) for document in documents}
    for output in outputs:
        assert output.content.isascii() or b'_S("m",' in output.content


def test_our_scripts_never_make_markup_of_text():
    """What a reader types, and what a record holds, reaches the page as text: no script parses HTML or evaluates."""
    risky = re.compile(r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\s*\(|new Function|setHTML|DOMParser)")
    scripts = sorted((ROOT / "assets").glob("*.js"))
    assert len(scripts) >= 4
    assert [(path.name, found[0]) for path in scripts if (found := risky.search(path.read_text(encoding="utf-8")))] == []


# -- what is not to be seen ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("letter", "name"), [
    ("\u202e", "U+202E"), ("\u2066", "U+2066"), ("\u2069", "U+2069"), ("\u200b", "U+200B"), ("\u200d", "U+200D"),
    ("\u2060", "U+2060"), ("\ufeff", "U+FEFF"), ("\u00ad", "U+00AD"), ("\u061c", "U+061C"), ("\x1b", "U+001B"), ("\x07", "U+0007"),
    ("\U000e0068", "U+E0068"), ("\u180e", "U+180E"), ("\u3164", "U+3164"), ("\x9b", "U+009B"),
])
def test_what_hides_in_a_raw_line_is_shown_by_its_number(letter, name):
    line = {"number": 1, "cut": False, "why": "", "parts": ((f"Trường{letter} học", False),)}
    shown = bodies.raw_text([line], "Removed:")
    assert letter not in shown and f">{name}<" in shown and "Trường<" in shown


def test_a_raw_line_without_anything_hidden_stays_as_it_is():
    line = {"number": 1, "cut": False, "why": "", "parts": (("Trường học\u00a0— \u201cHà Nội\u201d\tđ", False),)}
    assert "Trường học\u00a0— \u201cHà Nội\u201d\tđ" in bodies.raw_text([line], "Removed:")


# -- names that are no names ------------------------------------------------------------------------------------------------
NAMES = ("Con", "AUX", "nul", "Com1", "Index", "none", "..", "/", "\u202e", "…", "a" * 400, "con", "2023", "Con.html")


def test_authors_and_outlets_may_have_any_name(tmp_path):
    (tmp_path / "articles").mkdir()
    (tmp_path / "seeds").mkdir()
    for number, name in enumerate(NAMES):
        front = "".join(f"{field}: {json.dumps(name)}\n" for field in ("title", "author", "publisher", "via", "slug"))
        (tmp_path / f"articles/{number}.md").write_text(f"---\n{front}---\n\nTin số {number} ở Huế.\n", encoding="utf-8")
    assert pipeline.build(config.load(tmp_path), jobs=1).articles == len(NAMES)


LANGUAGES = ("<b>", "../../x", "con", "VI", "index", "vi/en")


def test_a_language_that_is_none_is_told_and_the_machines_is_used(tmp_path):
    (tmp_path / "articles").mkdir()
    (tmp_path / "seeds").mkdir()
    for number, language in enumerate(LANGUAGES):
        text = f"---\ntitle: Huế\nlanguage: {json.dumps(language)}\n---\n\nHọc sinh tỉnh Thừa Thiên Huế đến trường.\n"
        (tmp_path / f"articles/{number}.md").write_text(text, encoding="utf-8")
    report = pipeline.build(config.load(tmp_path), jobs=1)
    assert sum("no language code" in problem.message for problem in report.problems) == len(LANGUAGES)
    assert {row["language"] for row in rows(tmp_path)} == {"vi"}


def test_a_template_in_a_setting_is_text(tmp_path):
    (tmp_path / "seeds").mkdir()
    (tmp_path / "dateline.yml").write_text("title: '{{ 7*191 }}</title><script>hit(1)</script>'\n")
    pipeline.build(config.load(tmp_path), jobs=1)
    html = (tmp_path / "site/index.html").read_text(encoding="utf-8")
    assert "{{ 7*191 }}&lt;/title&gt;" in html and "<script>hit" not in html and "1337" not in html


def test_a_setting_that_is_a_script_for_an_address_is_refused(tmp_path):
    (tmp_path / "dateline.yml").write_text("site_url: 'javascript:hit(1)'\n")
    with pytest.raises(DatelineError, match="is not a web address"):
        config.load(tmp_path)
