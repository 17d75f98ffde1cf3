"""Feeds are well-formed, carry no build time, and hostile titles stay text."""

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

from dateline import feeds, link
from dateline.config import Config
from tests.makes import card


def made(site_url="https://example.org/tin"):
    cards = [replace(card("a", title="</title><script>x</script>\x00", date="2024-08-13", path="articles/a.html"), lead="a & b")]
    corpus = link.corpus(cards, {})
    config = Config(Path(), title="Kho tin", site_url=site_url)
    return {output.path: output.content for output in feeds.outputs(corpus, ["index.html", "articles/a.html"], config)}


def test_without_an_address_there_is_no_feed():
    assert set(made("")) == {".nojekyll", "robots.txt"}


def test_all_xml_is_well_formed_and_titles_stay_text():
    files = made()
    for name in ("feed.xml", "rss.xml", "sitemap.xml"):
        ElementTree.fromstring(files[name])
    entry = ElementTree.fromstring(files["feed.xml"]).find("{*}entry")
    assert entry.find("{*}title").text == "</title><script>x</script>"


def test_addresses_are_absolute_below_a_sub_path():
    item = json.loads(made()["feed.json"])["items"][0]
    assert item["url"] == "https://example.org/tin/articles/a.html"
    assert item["date_published"] == "2024-08-13T12:00:00Z"


def test_a_long_sitemap_is_split(monkeypatch):
    monkeypatch.setattr(feeds, "SITEMAP_LENGTH", 2)
    names = [output.path for output in feeds._sitemaps(["a", "b", "c"], "https://example.org/")]
    assert names == ["sitemap-1.xml", "sitemap-2.xml", "sitemap.xml"]


def test_a_json_feed_is_laid_out_one_blank_a_level_and_in_letters_as_they_are():
    awkward = card("a", title='Lớp "đêm"\x00\t</b>\u2028 \\', date="2024", path="articles/a.html")
    for cards in ([], [awkward], [awkward, awkward]):
        text = feeds.json_feed(cards, "Tin", "https://example.org/", "feed.json", "")
        assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=1) + "\n"
