"""What other programs read from a page's head: schema.org, Dublin Core, citation_*, Open Graph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from dateline import pages, story
from dateline.model import Claim, Page
from tests import schema_org
from tests.site_factory import article_en, article_vi, card_of, corpus_of, plain_card, world

WITH = world(tuple(plain_card(n) for n in range(4)), site_url="https://example.org/news/")
WITHOUT = world(tuple(plain_card(n) for n in range(4)))


def every_page(one: object) -> Iterator[Page]:
    yield from pages.site_pages(one.site)  # type: ignore[attr-defined]
    for article in one.articles:  # type: ignore[attr-defined]
        yield story.article_page(one.site, article, one.links(article.id))  # type: ignore[attr-defined]


@pytest.mark.parametrize("one", [WITH, WITHOUT], ids=["published", "from a disk"])
def test_the_json_ld_of_every_page_is_schema_org(one: object) -> None:
    kinds = set()
    for page in every_page(one):
        data = page.view.get("head", {}).get("jsonld")
        if data:
            assert schema_org.complaints(data) == [], page.path
            kinds |= {node["@type"] for node in data["@graph"]}
    assert kinds == {"NewsArticle", "BreadcrumbList", "Dataset", "WebSite"}


@pytest.mark.parametrize(("broken", "complaint"), [
    ({"@type": "NewsArticle", "headline": "a", "wordCount": "12"}, "NewsArticle.wordCount is '12', no Integer"),
    ({"@type": "NewsArticle", "headline": "a", "datePublished": "2025-08-22/.."}, "NewsArticle.datePublished is '2025-08-22/..', no Date"),
    ({"@type": "NewsArticle", "headline": "a", "isBasedOn": "javascript:alert(1)"},
     "NewsArticle.isBasedOn is 'javascript:alert(1)', no URL"),
    ({"@type": "NewsArticle", "headline": "a", "author": {"@type": "Thing", "name": "x"}}, "NewsArticle.author may not be a Thing"),
    ({"@type": "Recipe"}, "'Recipe' is no type of ours"),
])
def test_a_mistake_in_json_ld_would_be_found(broken: dict[str, object], complaint: str) -> None:
    assert complaint in schema_org.complaints({"@context": "https://schema.org", "@graph": [broken]})


def test_breadcrumbs_are_numbered_from_the_home_page() -> None:
    page = next(page for page in pages.site_pages(WITH.site) if page.path == "provinces/ha-noi.html")
    crumbs = page.view["head"]["jsonld"]["@graph"][-1]["itemListElement"]
    assert [(one["position"], one["name"]) for one in crumbs] == [(1, "Home"), (2, "Provinces and cities"), (3, "Hanoi")]
    assert crumbs[1]["item"] == "https://example.org/news/provinces/"


def names(article_id: str) -> dict[str, str]:
    article = next(one for one in WITH.articles if one.id == article_id)
    return dict(story.article_page(WITH.site, article, WITH.links(article_id)).view["head"]["names"])


def test_zotero_saves_a_newspaper_article() -> None:
    """As its translators "Embedded Metadata" and "RDF" read a page: the type from DC.type (citation_title alone makes it a
    journal article), the paper from prism.publicationName (else it is DC.source), the rest from citation_*."""
    found = names("101_aa")
    assert found["DC.type"] == "NewsItem"
    assert found["prism.publicationName"] == "Báo Nhân Dân"
    assert found["citation_title"] == "Hai quận cùng nhau chăm lo trường lớp"
    assert found["citation_publication_date"] == "2023/03/04"
    assert found["citation_language"] == "vi"
    assert not {"citation_journal_title", "citation_isbn"} & found.keys()


def test_dublin_core_says_what_is_known() -> None:
    found = names("101_aa")
    assert {name: found[name] for name in found if name.startswith("DC.")} == {
        "DC.title": "Hai quận cùng nhau chăm lo trường lớp", "DC.type": "NewsItem", "DC.language": "vi", "DC.date": "2023-03-04",
        "DC.publisher": "Báo Nhân Dân", "DC.source": "https://nhandan.vn/hai-quan.html",
    }


def test_what_is_not_known_is_in_no_metadata() -> None:
    """An open date is no date, an unsafe address no source, an uncertain language no language."""
    found = names("102_bb")
    assert "DC.creator" in found
    assert not {"DC.date", "citation_publication_date", "DC.source"} & found.keys()
    unsure = replace(article_en(), tags=replace(article_en().tags, language=Claim("und", 0.2)))
    one = replace(WITH, articles=(unsure,), corpus=corpus_of([card_of(unsure, "articles/undated/x.html")]))
    page = story.article_page(one.site, unsure, one.links(unsure.id))
    head = page.view["head"]
    assert not {"DC.language", "citation_language"} & dict(head["names"]).keys()
    assert "inLanguage" not in head["jsonld"]["@graph"][0]


def test_open_graph_names_type_title_address_and_language() -> None:
    page = story.article_page(WITH.site, article_vi(), WITH.links("101_aa"))
    found = dict(page.view["head"]["properties"])
    assert found["og:type"] == "article" and found["og:locale"] == "vi_VN"
    assert found["og:url"] == "https://example.org/news/articles/2023/03/hai-quan-101aa.html"
    assert found["article:published_time"] == "2023-03-04"
    assert all(found.values())
