"""Rendering: text is never markup, links are relative, equal pages are equal bytes."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from dateline import bodies, pages, render, story
from dateline import strings as strings_module
from dateline.errors import KnowledgeError
from dateline.model import Links, Output, Page
from dateline.render import Renderer
from tests.site_factory import ROOT, World, article_vi, config, plain_card, shipped_strings, world

WORLD = world(tuple(plain_card(n) for n in range(12)), site_url="https://example.org/news/")


def rendered(one: World) -> dict[str, str]:
    site = one.site
    renderer = Renderer(one.config, site.strings)
    found = [story.article_page(site, article, one.links(article.id)) for article in one.articles]
    return {page.path: renderer.render(page).content.decode() for page in [*found, *pages.site_pages(site)]}


HTML = rendered(WORLD)
ARTICLE = "articles/2023/03/hai-quan-101aa.html"
HOSTILE = "articles/undated/officials-met-102bb.html"


class _Reader(HTMLParser):
    """Gathers ids, addresses, inline scripts and attributes, and checks that elements are closed in order."""

    void = frozenset({"meta", "link", "input", "br", "hr", "img", "rect", "path"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.scripts: list[str] = []
        self.open: list[str] = []
        self.kind = ""
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.attributes |= set(values)
        self.ids += [values["id"] or ""] if "id" in values else []
        self.links += [values[name] or "" for name in ("href", "src", "action") if name in values]
        self.kind = f"{tag} {values.get('type') or ''} {'src' if 'src' in values else ''}".strip()
        if tag not in self.void:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """<rect/>"""

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script" and self.kind == "script":
            self.scripts.append(data)


READ = {path: _Reader(html) for path, html in HTML.items()}


# -- safety -------------------------------------------------------------------------------------------------------------
def test_text_is_never_markup() -> None:
    html = HTML[HOSTILE]
    assert "<script>alert" not in html and "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert 'href="javascript:' not in html


def test_structured_data_cannot_end_its_script() -> None:
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', HTML[HOSTILE], re.DOTALL)
    assert data is not None and "\\u003c/script>" in data[1]


def test_the_only_inline_script_is_the_one_the_policy_names() -> None:
    for path, html in HTML.items():
        allowed = re.search(r"script-src 'self' '(sha256-[^']+)'", html)
        for script in READ[path].scripts:
            assert allowed is not None
            assert f"sha256-{b64encode(sha256(script.encode()).digest()).decode()}" == allowed[1], path


def test_the_policy_forbids_everything_from_elsewhere() -> None:
    for path, html in HTML.items():
        policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)
        assert policy is not None and policy[1].startswith("default-src 'none';") and "unsafe" not in policy[1], path


def test_there_is_no_inline_style_and_no_inline_handler() -> None:
    for path, read in READ.items():
        assert "style" not in read.attributes and not [name for name in read.attributes if name.startswith("on")], path


def test_a_hand_written_body_is_sanitised() -> None:
    html = bodies.written("<img src=x onerror=alert(1)> <iframe src='//x'></iframe> [a](javascript:alert(1)) **b**")
    assert "img" not in html and "iframe" not in html and "javascript" not in html and "<strong>b</strong>" in html


# -- links --------------------------------------------------------------------------------------------------------------
def test_every_internal_link_lands() -> None:
    known = set(HTML) | {output.path for output in render.assets(WORLD.config)}
    known |= {"data/articles.jsonl", "data/articles.csv", "feed.xml", "rss.xml", "feed.json", "search/all.js"}
    known |= {card.path for card in WORLD.corpus.cards}    # most cards here have no article of their own
    for path, read in READ.items():
        folder = Path(path).parent
        for link in read.links:
            if link.startswith(("https:", "http:", "data:")):
                continue
            plain, _, fragment = link.partition("#")
            plain = plain.partition("?")[0]
            parts: list[str] = []
            for part in (folder / unquote(plain)).parts if plain else Path(path).parts:
                parts = parts[:-1] if part == ".." else [*parts, part]
            target = "/".join(parts)
            beside = target.startswith(("raw/", "data/")) or target.endswith((".csv", ".xml", ".feed.json"))
            assert target in known or beside, f"{path} → {link}"
            assert not fragment or fragment in READ[target].ids, f"{path} → {link}"


def test_no_link_begins_at_the_servers_root() -> None:
    assert not [link for read in READ.values() for link in read.links if link.startswith("/")]


def test_links_out_are_marked_and_only_those_of_originals() -> None:
    outside = set(re.findall(r'<a href="(https?://[^"]+)"', "".join(HTML.values())))
    assert outside == {"https://nhandan.vn/hai-quan.html", "https://example.org/news/", "https://example.org/news/search.html"}
    assert '<a href="https://nhandan.vn/hai-quan.html" rel="noopener">' in HTML[ARTICLE]


def test_ids_are_not_used_twice() -> None:
    for path, read in READ.items():
        assert len(read.ids) == len(set(read.ids)), path


def test_the_not_found_page_stands_alone() -> None:
    html = HTML["404.html"]
    assert "stylesheet" not in html and "<script" not in html
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style is not None
    assert f"sha256-{b64encode(sha256(style[1].encode()).digest()).decode()}" in html
    assert all(link.startswith("https://example.org/news/") for link in READ["404.html"].links)


# -- layout -------------------------------------------------------------------------------------------------------------
def test_foreign_words_say_their_language() -> None:
    assert '<h3 class="ti" lang="vi">' in HTML["index.html"] and '<html lang="en">' in HTML["index.html"]
    assert '<h3 class="ti" lang="en">' in HTML["vi/index.html"] and '<html lang="vi">' in HTML[ARTICLE]


def test_the_three_views_are_there_without_any_script() -> None:
    html = HTML[ARTICLE]
    assert html.count('type="radio" name="v"') == 3
    assert '<mark>quận Hoàn Kiếm</mark>' in html and '<mark class="t">chia sẻ kinh nghiệm dạy học</mark>' in html
    assert '<li id="L4" value="4"><span><span class="why">' in html and "<del>Thudo24h - </del>Chiều 4/3" in html


def test_an_article_without_marks_offers_no_evidence_view() -> None:
    site = WORLD.site
    article = article_vi()
    bare = replace(article, tags=replace(article.tags, tags=()), raw="")
    html = Renderer(WORLD.config, site.strings).render(story.article_page(site, bare, Links())).content.decode()
    assert 'type="radio" name="v"' not in html


def test_rendering_twice_gives_the_same_bytes() -> None:
    assert rendered(WORLD) == HTML


@pytest.mark.parametrize(("template", "made", "times"), [
    ('<h{{ level }}>{{ item.title }}</h{{ level }}>', "<h3>Tin</h3><h4>Tin</h4><h4>Tin</h4>", 1),
    ("{% if level == 3 %}high{% else %}deep{% endif %}", "highdeepdeep", 2),
    ("<h{{ level + 1 }}>", "<h4><h5><h5>", 2),
    ("{% set size = level %}<h{{ size }}>", "<h3><h4><h4>", 2),
    ('{% include "own.html" %}', "oddeveneven", 2),
])
def test_a_card_is_rendered_once_for_all_levels_where_its_template_only_prints_them(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, template: str, made: str, times: int) -> None:
    renderer = own_site(tmp_path, "card.html", template)
    (tmp_path / "templates/own.html").write_text("{{ 'odd' if level % 2 else 'even' }}", encoding="utf-8")
    (tmp_path / "templates/listing.html").write_text("{% for at in page.levels %}{{ card(page.item, at) }}{% endfor %}", encoding="utf-8")
    calls: list[str] = []
    fragment = Renderer._fragment

    def counted(self: Renderer, name: str, language: str, **values: object) -> str:
        calls.append(name)
        return fragment(self, name, language, **values)

    monkeypatch.setattr(Renderer, "_fragment", counted)
    page = Page("x/y.html", "listing.html", {"item": {"key": "k", "title": "Tin"}, "levels": (3, 4, 4)}, "en")
    assert renderer.render(page).content.decode() == made
    assert calls == ["card.html"] * times


def test_a_card_is_the_same_at_every_depth_but_for_the_way_to_the_root() -> None:
    card = re.search(r'<article class="item">.*?</article>', HTML["provinces/hai-phong.html"])
    deeper = re.search(r'<article class="item">.*?</article>', HTML["provinces/former/hai-duong.html"])
    assert card is not None and deeper is not None and card[0].replace('"../', '"../../') == deeper[0]


# -- assets -------------------------------------------------------------------------------------------------------------
def published(**settings: object) -> dict[str, Output]:
    return {re.sub(r"\.[0-9a-f]{8}\.", ".", output.path): output for output in render.assets(config(**settings))}


def test_assets_carry_their_content_in_their_name() -> None:
    for output in render.assets(config()):
        stamp = output.path.rpartition(".")[0].rpartition(".")[2]
        assert stamp == sha256(output.content).hexdigest()[:8]


def test_the_style_sheet_names_the_published_fonts() -> None:
    found = published()
    named = set(re.findall(rb"url\(([^)]+\.woff2)\)", found["assets/style.css"].content))
    assert {f"assets/{name.decode()}" for name in named} == {one.path for one in found.values() if one.path.endswith("woff2")}


def test_fonts_are_published_byte_for_byte() -> None:
    for path in (ROOT / "assets").glob("*.woff2"):
        assert published()[f"assets/{path.name}"].content == path.read_bytes()


def test_fonts_can_be_left_out() -> None:
    found = published(fonts="none")
    assert not [path for path in found if path.endswith(".woff2")] and b"@font-face" not in found["assets/style.css"].content


def test_headings_leave_room_for_stacked_diacritics() -> None:
    css = (ROOT / "assets/style.css").read_text(encoding="utf-8")
    heights = re.findall(r"/(\d?\.\d+|\d)\s+var\(--serif\)", css)
    assert min(float(height) for height in heights) >= 1.3
    assert "h1,h2,h3,h4{font-family:var(--serif);font-weight:650;line-height:1.3" in css


# -- templates ----------------------------------------------------------------------------------------------------------
def own_site(tmp_path: Path, name: str, text: str) -> Renderer:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / name).write_text(text, encoding="utf-8")
    return Renderer(replace(config(), root=tmp_path), shipped_strings())


def test_a_site_lays_one_block_over_the_shipped_template(tmp_path: Path) -> None:
    renderer = own_site(tmp_path, "article.html", '{% extends "default/article.html" %}{% block cite %}<p>ours</p>{% endblock %}')
    html = renderer.render(story.article_page(WORLD.site, article_vi(), Links())).content.decode()
    assert "<p>ours</p>" in html and "BibTeX" not in html and 'id="v-raw"' in html


def test_a_site_changes_a_colour_by_one_line_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets/site.css").write_text(":root{--accent:light-dark(#0b5a6b,#7fd0e0)}")
    html = Renderer(replace(config(), root=tmp_path), shipped_strings()).render(story.article_page(WORLD.site, article_vi(), Links()))
    sheets = re.findall(r'<link rel="stylesheet" href="../../../assets/(\w+)', html.content.decode())
    assert sheets == ["style", "site"]
    assert "assets/site" not in HTML[ARTICLE]
    accents = re.findall(r"--accent:[^;]+", (ROOT / "assets/style.css").read_text("utf-8"))
    assert len(accents) == 1, "one line must do"


def test_a_site_changes_a_word_by_one_line_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "strings").mkdir()
    (tmp_path / "strings/en.yml").write_text("nav.latest: Fresh today\n", encoding="utf-8")
    (tmp_path / "strings/vi.yml").write_text("nav.latest: Tin hôm nay\n", encoding="utf-8")
    words, problems = strings_module.load([ROOT / "data", tmp_path])
    site = replace(WORLD.site, strings=words)
    html = Renderer(config(), words).render(next(page for page in pages.site_pages(site) if page.path == "about.html")).content.decode()
    assert not problems and ">Fresh today</a>" in html and ">Latest</a>" not in html and ">Provinces</a>" in html


def test_a_templates_digest_follows_what_it_extends(tmp_path: Path) -> None:
    before = Renderer(config(), shipped_strings())
    after = own_site(tmp_path, "footer.html", "<footer>ours</footer>")
    assert before.template_digest("article.html") == Renderer(config(), shipped_strings()).template_digest("article.html")
    assert before.template_digest("article.html") != after.template_digest("article.html")
    assert before.template_digest("moved.html") != before.template_digest("article.html")


READING = [
    "{{ page.source }}", "{{ page|tojson }}", "{{ page.raw|length }}", '{{ page["raw"]|length }}',
    "{% set name = 'facts' %}{{ page[name]|tojson }}", "{% set all = page %}{{ all.facts|tojson }}", '{{ page["items"]()|list }}',
    "{% macro told(it) %}{{ it.citations|tojson }}{% endmacro %}{{ told(page) }}", "{{ meta_tags(page.head) }}",
    "{% for one in [page] %}{{ one.raw|tojson }}{% endfor %}", "{% set head = page.head %}{{ head.jsonld|tojson }}",
    "{{ page['head']|tojson }}", "{{ ld(page.head.jsonld) }}", '{{ [page]|map(attribute="facts.0")|list }}',
    '{% extends "default/article.html" %}{% block cite %}{% endblock %}', '{% include "default/article.html" %}',
    '{{ part("piece.html", page) }}', '{% set name = "piece" %}{{ part(name ~ ".html", page) }}',
]


@pytest.mark.parametrize("text", READING)
def test_what_a_template_does_not_read_makes_no_difference_to_its_page(tmp_path: Path, text: str) -> None:
    renderer = own_site(tmp_path, "article.html", text)
    (tmp_path / "templates/piece.html").write_text("{{ page.facts|tojson }}{{ page.head.properties }}", "utf-8")
    for article in WORLD.articles:
        links = WORLD.links(article.id)
        whole = story.article_page(WORLD.site, article, links)
        needed = story.article_page(WORLD.site, article, links, renderer.reads("article.html"))
        assert renderer.render(needed) == renderer.render(whole)


def test_only_what_a_template_reads_is_planned(tmp_path: Path) -> None:
    renderer = own_site(tmp_path, "article.html", "{{ page.source }} {{ page.head.description }} {{ page.raw|length }}")
    for piece in ("header.html", "footer.html", "card.html"):
        (tmp_path / "templates" / piece).write_text("", "utf-8")
    view = story.article_page(WORLD.site, article_vi(), Links(), renderer.reads("article.html")).view
    assert view["raw"] and view["source"] and view["head"]["description"]
    assert not any((view["facts"], view["tags"], view["names"], view["citations"], view["head"]["properties"], view["head"]["jsonld"]))


def test_the_shipped_templates_are_known_to_read_some_fields_only() -> None:
    renderer = Renderer(config(), shipped_strings())
    assert "page.raw" not in renderer.reads("article.html") and "facts" in renderer.reads("article.html")
    assert "raw" not in renderer.reads("listing.html") and "facets" in renderer.reads("listing.html")


@pytest.mark.parametrize("text", [
    "{% if %}", '{{ t("no.such.text") }}', '{% extends "nothing.html" %}', "{{ page.no_such_fact }}",
])
def test_a_mistake_in_a_template_is_named_with_its_file(tmp_path: Path, text: str) -> None:
    renderer = own_site(tmp_path, "about.html", text)
    page = next(page for page in pages.site_pages(WORLD.site) if page.path == "about.html")
    with pytest.raises(KnowledgeError) as caught:
        renderer.render(page)
    assert caught.value.problems[0].where == "templates/about.html"
