"""A site is checked as a reader would: does every link land, is every page whole, will the host take it?"""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from dateline import check, config, hosts
from dateline.cli import main
from dateline.hosts import Size
from tests.growth import assert_linear

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
HOSTS, PROBLEMS = hosts.load([ROOT / "data"])
PAGE = '<!DOCTYPE html>\n<html lang="vi"><head><meta charset="utf-8"><title>Tin</title></head>\n<body>\n{}\n</body></html>'


def site_of(folder: Path, **pages: str) -> config.Config:
    """A site of hand-made pages; "a__b" is the file a/b.html."""
    site = folder / "site"
    site.mkdir()
    (site / check.MARKER).write_text("")
    for name, body in {"index": "<p>Trang nhất</p>", **pages}.items():
        path = site / (name.replace("__", "/") + ".html")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PAGE.format(body), encoding="utf-8")
    return config.load(folder)


def messages(chosen: config.Config) -> list[str]:
    return [str(problem).partition("\n")[0] for problem in check.check(chosen)]


def test_the_site_of_the_seeds_has_no_fault(site):
    chosen = config.load(site.parent, site_url="https://example.org/news/")
    assert check.check(chosen, hosts.named("any", chosen.layers("data"))) == ()


# -- links --------------------------------------------------------------------------------------------------------------
def test_a_link_to_a_page_that_is_not_there_is_told_once_with_its_line(tmp_path):
    link = '<p>Xem</p>\n<a href="tinh/ha-noi.html">Hà Nội</a>'
    found = messages(site_of(tmp_path, index=link, other=link, third=link))
    assert found == ["index.html:5: links to tinh/ha-noi.html, which is not there (and 2 more pages)"]


@pytest.mark.parametrize(("body", "said"), [
    ('<a href="#p9">đoạn 9</a>', "links to #p9, which the page does not have"),
    ('<a href="other.html#p9">đoạn 9</a>', "links to other.html#p9, and that page has no such place"),
    ('<img src="anh.png" alt="">', "links to anh.png, which is not there"),
    ('<img srcset="nho.png 1x, to.png 2x" alt="">', "links to nho.png, which is not there"),
    ('<form action="tim.html"></form>', "links to tim.html, which is not there"),
    ('<a href="/index.html">Trang nhất</a>', "links to /index.html, which is right only at the root of a server"),
    ('<a href="../index.html">Trang nhất</a>', "links to ../index.html, which is outside the site"),
    ('<a href="tin/">Tin</a>', "links to the folder tin/, which does not open from a disk"),
    ('<a href="javascript:alert(1)">Bấm</a>', "has a link that does not belong on a page: javascript:alert(1)"),
    ('<a href="Other.html">Hoa thường</a>', "links to Other.html, which is not there"),
    ('<a href="https://example.org/news/mat.html">Mất</a>', "links to mat.html, which is not there"),
    ('<label for="q">Tìm</label>', 'for names the id "q", which the page does not have'),
    ('<p id="a">1</p><p id="a">2</p>', 'the id "a" is there twice'),
])
def test_what_does_not_land_is_told(tmp_path, body, said):
    chosen = site_of(tmp_path, index=body, other='<p id="p1">Một</p>', tin__mot="<p>Tin</p>")
    chosen = config.load(chosen.root, site_url="https://example.org/news/")
    assert [problem.message for problem in check.check(chosen)][:1] == [said]


@pytest.mark.parametrize("body", [
    '<p id="p1">Một</p><a href="#p1">đoạn 1</a> <a href="#">lên</a>',
    '<a href="other.html#p1">sang</a> <a href="other.html?q=h%E1%BB%8Dc#p1">tìm</a>',
    '<a href="tin/m%E1%BB%99t.html">Tin có dấu</a>',
    '<a href="https://nhandan.vn/khong-can-co.html">Gốc</a> <a href="mailto:a@b.vn">Thư</a> <a href="//cdn.example/x">x</a>',
    '<a href="https://example.org/news/other.html">Tuyệt đối</a>',
    '<script type="application/ld+json">{"@id": "<a href=\\"mat.html\\">"}</script><!-- <a href="mat.html"> <p> -->',
    '<svg><path d="M0 0"/></svg><br><input id="q"><label for="q">Tìm</label>',
    '<p title="a > b">Lớn hơn</p><p>5 < 6 và "href="mat.html" trong chữ</p>',
])
def test_what_lands_is_not_told(tmp_path, body):
    chosen = site_of(tmp_path, index=body, other='<p id="p1">Một</p>', tin__một="<p>Tin</p>")
    assert check.check(config.load(chosen.root, site_url="https://example.org/news/")) == ()


def test_a_style_sheet_names_files_that_are_there(tmp_path):
    chosen = site_of(tmp_path)
    (chosen.output_dir / "a.css").write_text("@font-face{src:url(chu.woff2)} p{background:url('data:image/png;base64,x')}")
    assert messages(chosen) == ["a.css:1: links to chu.woff2, which is not there"]


# -- the page -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("body", "said"), [
    ("<ul><li>Một</ul>", "index.html:4: </ul> closes what is not open: <li> of line 4 is open"),
    ("<div>\n<p>Tin</p>", "index.html:6: </body> closes what is not open: <div> of line 4 is open"),
    ("</section>", "index.html:4: </section> closes what is not open: <body> of line 3 is open"),
])
def test_a_tag_that_is_not_closed_is_told_with_its_line(tmp_path, body, said):
    assert messages(site_of(tmp_path, index=body)) == [said]


def test_a_page_cut_short_is_told(tmp_path):
    chosen = site_of(tmp_path)
    (chosen.output_dir / "index.html").write_text("<p>Tin")
    assert [one.partition(": ")[2] for one in messages(chosen)] == [
        "does not begin with <!DOCTYPE html>", "does not say its language: <html lang=…>",
        "does not say its encoding: <meta charset=…>", "has no <title>", "<p> is never closed",
    ]


def test_a_hostile_page_is_read_in_linear_time(tmp_path):
    chosen = site_of(tmp_path)

    def checked(size: int) -> None:
        for name, unit in (("a", '<a b="'), ("b", "<" * 8), ("c", "<!--"), ("d", "<script ")):
            (chosen.output_dir / f"{name}.html").write_text(unit * size)
        assert check.check(chosen)

    assert_linear(checked, 10_000)


# -- hosts --------------------------------------------------------------------------------------------------------------
def test_the_figures_of_the_hosts_can_be_read():
    assert PROBLEMS == []
    assert [host.id for host in HOSTS] == ["github-pages", "gitlab-pages", "cloudflare-pages", "netlify", "s3"]


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.id)
def test_a_host_takes_what_it_says_and_not_more(host):
    def errors(sample):
        return [one for one in hosts.problems(Size(*sample), host, "site") if one.severity == "error"]

    assert errors(host.fits) == [] and errors(host.full)


def test_nearly_full_is_a_warning():
    github = hosts.named("github-pages", [ROOT / "data"])
    found = list(hosts.problems(Size(10, 850_000_000, 5), github, "site"))
    assert [one.severity for one in found] == ["warning"] and "nearly the 1,000.0 MB" in found[0].message


def test_any_host_is_the_tightest_of_all():
    tightest = hosts.named("any", [ROOT / "data"])
    assert (tightest.files, tightest.file_bytes, tightest.site_bytes) == (20_000, 26_214_400, 1_000_000_000)
    assert tightest.needs == (".nojekyll", "404.html")


def test_a_host_that_is_misspelt_gets_the_near_miss(site):
    result = CliRunner().invoke(main, ["check", "--root", str(site.parent), "--host", "github-page"])
    assert result.exit_code == 2 and 'did you mean "github-pages"?' in result.output


def test_a_host_misses_the_file_it_needs(tmp_path):
    chosen = site_of(tmp_path)
    found = check.check(chosen, hosts.named("cloudflare-pages", chosen.layers("data")))
    assert [one.message for one in found] == ["is missing; Cloudflare Pages (free plan) needs it"]


# -- the command and the quick form -------------------------------------------------------------------------------------
def test_the_command_exits_with_one_when_there_is_a_problem(tmp_path):
    chosen = site_of(tmp_path, index='<a href="mat.html">Mất</a>')
    result = CliRunner().invoke(main, ["check", "--root", str(chosen.root)])
    assert result.exit_code == 1 and "mat.html, which is not there" in result.output and "1 files" in result.output


def test_a_folder_without_a_site_is_told_with_the_remedy(tmp_path):
    result = CliRunner().invoke(main, ["check", "--root", str(tmp_path)])
    assert result.exit_code == 2 and "dateline build" in result.output


def test_the_quick_form_looks_at_the_pages_just_written(tmp_path):
    chosen = site_of(tmp_path, one='<a href="mat.html">Mất</a>', two='<a href="khac.html">Khác</a>')
    assert [problem.message for problem in check.quick(chosen, ["one.html"], {})] == ["links to mat.html, which is not there"]
    assert check.quick(chosen, [], {}) == ()


def test_the_quick_form_names_hosts_that_cannot_take_the_site(tmp_path):
    chosen = site_of(tmp_path)
    found = check.quick(chosen, ["index.html"], {"index.html": (700, 0), "to.bin": (30_000_000, 0)})
    assert [one.severity for one in found] == ["note"]
    assert "too much for Cloudflare Pages (free plan)" in found[0].message
