"""What the search index promises before any browser opens it."""

from __future__ import annotations

import base64
import random
import re
import zlib
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from dateline import search, search_scripts, search_terms, search_tokens
from dateline.model import Output
from dateline.search_chunks import Chunk
from dateline.search_index import Index
from dateline.search_reading import Reader
from dateline.search_shards import HEAVY
from tests.growth import assert_linear
from tests.search_site import ROOT, RULES, document, strings

EXAMPLES = yaml.safe_load((ROOT / "data/search.yml").read_text("utf-8"))["examples"]
WORDS = [
    "giáo", "dục", "đào", "tạo", "học", "sinh", "trường", "lớp", "thầy", "cô",
    "Hà", "Nội", "Nghệ", "An", "Huế", "school", "teacher", "university", "hanoi", "district",
]


def corpus(size: int, seed: int = 1) -> list[search.SearchDocument]:
    """Documents of made-up sentences: the words of our subject and a rare one of their own."""
    chance = random.Random(seed)
    return [
        document(
            number, " ".join(chance.choices(WORDS, k=6)), " ".join([*chance.choices(WORDS, k=60), f"rare{number}"]),
            date=f"{2000 + number // 300}-{number // 25 % 12 + 1:02d}", provinces34=(f"p{number % 34}",),
        )
        for number in range(size)
    ]  # fmt: skip


def built(documents: list[search.SearchDocument], **more: int) -> dict[str, bytes]:
    return {output.path: output.content for output in search.outputs(documents, {}, RULES, **more)}


@pytest.mark.parametrize(("word", "key"), EXAMPLES["key"].items())
def test_examples_of_keys(word: str, key: str) -> None:
    assert RULES.key(RULES.form(word)) == key


@pytest.mark.parametrize(("one", "other"), EXAMPLES["same_form"])
def test_two_spellings_of_one_word_are_one_form(one: str, other: str) -> None:
    assert RULES.form(one) == RULES.form(other)


def test_examples_of_syllables() -> None:
    assert [word for word in EXAMPLES["syllable"] if word not in RULES.syllables] == []
    assert [word for word in EXAMPLES["no_syllable"] if word in RULES.syllables] == []


@pytest.mark.parametrize(("word", "ways"), EXAMPLES["split"].items())
def test_words_written_together_come_apart(word: str, ways: list[str]) -> None:
    assert list(RULES.splits(word)) == ways


def test_no_stop_word_is_part_of_the_names_of_places() -> None:
    assert not RULES.stop & {"an", "huế", "hà", "hue", "ha", "nam", "sơn", "đà"}


def test_vietnamese_syllables_are_never_stemmed() -> None:
    words = ["tay", "tai", "lanh", "khanh", "thuyen", "nghieng"]
    assert [RULES.key(word) for word in words] == words


def test_the_key_depends_on_the_letters_alone_and_not_on_the_marks() -> None:
    for word in ("cafés", "résumés", "trường", "Plông", "universités"):
        form = RULES.form(word)
        assert RULES.key(form) == RULES.key(RULES.fold(form))


def test_a_missing_table_is_named_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "search.yml").write_text("stop: []\n", "utf-8")
    with pytest.raises(search_terms.KnowledgeError, match=r'data/search\.yml:1: "d_letters" is missing'):
        search_terms.load([tmp_path])


def test_the_same_documents_give_the_same_bytes() -> None:
    assert built(corpus(320)) == built(corpus(320))


def test_three_hundred_articles_are_one_file_and_more_are_many() -> None:
    assert list(built(corpus(300))) == [search.entry(300)] == ["search/all.js"]
    assert search.entry(301) in built(corpus(301))
    assert len(built(corpus(301))) > 50


def test_one_file_has_everything_that_many_files_have() -> None:
    together = built(corpus(40))["search/all.js"].decode()
    apart = built(corpus(40), small=0)
    names = set(re.findall(r'^_S\("([^"]+)"', together, re.M))
    assert names >= {"m", "w", "d/0/0", "c/province/0", "c/words/0", "v/0/0"}
    assert apart["search/d/0/9.js"].decode() in together


def test_numbers_only_in_names_and_no_crowded_folder() -> None:
    paths = list(built(corpus(4500), small=0))
    assert [path for path in paths if not re.fullmatch(r"search/([mw]|[uvd]/\d+/\d+|h/\d+/\d+-\d+|c/[a-z0-9]+/\d+)\.js", path)] == []
    assert max(Counter(path.rpartition("/")[0] for path in paths).values()) <= 1000


def test_a_later_article_leaves_the_files_of_others_alone() -> None:
    later = document(9999, "Zylinder", "qwertz xylophon", date="2030-01")
    before, after = built(corpus(4000)), built([*corpus(4000), later])
    changed = {path for path in before if before[path] != after.get(path)}
    assert not {path for path in changed if path.startswith("search/d/")}
    posting_files = [path for path in before if path[7] in "uvh"]
    assert len([path for path in changed if path[7] in "uvh"]) <= 0.1 * len(posting_files)


def test_documents_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="out of order"):
        built(list(reversed(corpus(3))))


def test_the_index_holds_composed_text_even_when_it_is_given_decomposed() -> None:
    import unicodedata

    plain = document(0, "Nghệ An", "Học sinh Nghệ An")
    apart = document(0, unicodedata.normalize("NFD", "Nghệ An"), unicodedata.normalize("NFD", "Học sinh Nghệ An"))
    assert built([plain]) == built([apart])


def test_an_empty_corpus_has_an_index() -> None:
    assert list(built([])) == ["search/all.js"]


def test_hostile_words_stay_inside_the_string() -> None:
    text = "</script><script>alert(1)</script> \u2028 \u2029 _S(1)"
    hostile = document(0, '"); alert(1); ("', text, url='a");//.html')
    content = built([hostile])["search/all.js"].decode()
    assert "alert" not in content
    for line in content.splitlines()[1:]:
        assert re.fullmatch(r'_S\("[\w/]+","[A-Za-z0-9+/=]*"\)', line)


@pytest.mark.slow
def test_a_hostile_line_is_indexed_in_linear_time() -> None:
    assert_linear(lambda size: built([document(0, "x", "a" * size + " " + "'s" * size + " " + "-" * size)]), 200_000)


def test_postings_of_common_terms_have_a_file_of_their_own() -> None:
    often = [document(number, f"giáo{number}", "giáo dục") for number in range(HEAVY + 1)]
    files = built([replace(one, date="2020-01") for one in often], small=0)
    own = [path for path in files if path.startswith("search/h/")]
    assert len(own) == 3                       # "giáo", "dục" and the two together
    assert all(len(files[path]) < 700 for path in own)
    fewer = built([replace(one, date="2020-01") for one in often[1:]], small=0)
    assert not [path for path in fewer if path.startswith("search/h/")]


def indexed(text: str) -> Index:
    """The index of one text."""
    chunk = Chunk.decoded(Reader(RULES, str, 4).words([("", text)]), 1)
    assert chunk is not None
    index = Index(RULES)
    index.add_chunk(chunk)
    index.finish()
    return index


def test_borders_are_in_the_order_in_which_a_browser_compares() -> None:
    index = indexed("ﬁ 𝟘𝟙 zz 你 aa")
    assert index.words.keys == sorted(index.words.keys, key=lambda key: key.encode("utf-16-be")) != sorted(index.words.keys)


def test_ranges_of_words_do_not_depend_on_other_ranges() -> None:
    def borders(words: list[str]) -> set[str]:
        index = indexed(" ".join(words))
        return {index.words.keys[at] for at in index.words.cuts(64)}

    words = [f"k{number:04d}" for number in range(2000)]
    assert 10 < len(borders(words)) < 100
    assert borders(words[:1000] + words[1001:]) - borders(words) == set()


def words_of(texts: list[str]) -> list[list[str]]:
    """What `Tokens` finds, as strings again."""
    names = ["."]

    def number(word: str) -> int:
        assert word not in names
        names.append(word)
        return len(names) - 1

    found = search_tokens.Tokens(number)
    for text in texts:
        found.add(text)
    return [part.split() for part in " ".join(names[n] for n in found.take().tolist()).split(".")][: len(texts)]


def test_many_texts_at_once_have_the_words_of_each_alone() -> None:
    chance = random.Random(5)
    letters = "aAsSđĐếộ0²½Ⅳ'’’'  _-./\n\u0301\u200b\ud800你好ßİ\U0001d7d8\U0001f600"
    texts = ["".join(chance.choices(letters, k=chance.randint(0, 60))) for _ in range(3000)]
    texts += ["x's's's s's", "Hanoi's 71-NQ/TW", "s", "'s", "", "\n", "a" * 39 + "b", "a" * 100, "giáo dục " * 20_000]
    wanted = [[word[: search_terms.MAX_TOKEN] for word in search_terms.tokens(text)] for text in texts]
    assert words_of(texts) == wanted


def test_hashes_that_meet_in_a_table_are_still_told_apart() -> None:
    known = search_tokens._Known()
    hashes = np.arange(1, 90_000, dtype=np.uint64) << np.uint64(17)       # few different slots
    for some in np.array_split(hashes, 50):
        known.put(some, (some >> np.uint64(17)).astype(np.uint32))
    assert known.get(hashes).tolist() == (hashes >> np.uint64(17)).tolist()
    assert not known.get(hashes + np.uint64(1)).any()


@pytest.mark.parametrize("text", ["", " ", "…", "a\x00b \x1f c", "x." * 70_000, "Hà\u200bNội \ufeffHuế", "hanoi " * 300])
def test_any_text_can_be_indexed_alone(text: str) -> None:
    assert "search/all.js" in built([document(0, text, text)])
    assert "search/m.js" in built([document(0, text, text)], small=0)


def record_of(output: Output) -> bytes:
    packed = output.content.split(b'"')[3]
    return zlib.decompress(base64.b64decode(packed), -15)


def test_records_hold_four_articles_as_printed() -> None:
    outputs = list(search.outputs(corpus(10), {}, RULES, small=0))
    records = [record_of(output) for output in outputs if output.path.startswith("search/d/")]
    assert len(records) == 3
    assert corpus(10)[0].text.encode() in records[0]


def test_the_interface_has_the_same_words_in_both_languages() -> None:
    assert strings("en").keys() == strings("vi").keys()
    slots = {name: set(re.findall(r"\{\w+\}", text)) for name, text in strings("en").items()}
    assert {name: set(re.findall(r"\{\w+\}", text)) for name, text in strings("vi").items()} == slots


def test_every_word_that_the_scripts_say_is_in_the_strings() -> None:
    source = "".join((ROOT / "assets" / name).read_text("utf-8") for name in ("search.js", "concordance.js"))
    said = set(re.findall(r'\bt\("(\w+)"[,)]', source))
    said |= {f"{name}_{n}" for name in re.findall(r'many\("(\w+)"', source) for n in ("one", "many")}
    assert said <= strings("en").keys()
    assert {f"facet_{name}" for name in (*search.FACETS, "year")} <= strings("en").keys()


def test_scripts_for_every_search_page_are_within_fifteen_kilobytes() -> None:
    sizes = [
        len(zlib.compress(search_scripts.publish((ROOT / "assets" / name).read_text("utf-8"), RULES).encode(), 9))
        for name in ("search-engine.js", "search.js")
    ]
    assert sum(sizes) <= 15 * 1024


@pytest.mark.parametrize(
    ("written", "short"),
    [
        ("{ while (x()); }", "{while(x());}"),
        ("{ if (x) { y(); } z(); }", "{if(x){y()}z()}"),
        ("f(function (x) { return x + 1; });", "f(a=>a+1);"),
        ("f(function (x, y) { return x(y, 1); }, 2);", "f((a,b)=>a(b,1),2);"),
        ("f(function () { g(); });", "f(()=>{g()});"),
        ("f(function (x) { return { y: x }; });", "f(a=>{return{y:a}});"),
        ("f(function (x) { return x, 1; });", "f(a=>{return a,1});"),
        ("f(function (x) { return this; });", "f(function(a){return this});"),
        ("f(function (x) { g(function () { return this; }); });", "f(a=>{g(function(){return this})});"),
        ("f(function (x) { return g(function (y) { return y; }); });", "f(b=>g(a=>a));"),
        ("f(function (x) { if (x) return 1; return 2; });", "f(a=>{if(a)return 1;return 2});"),
        ("f(function (x) { return x; }.call(1));", "f(function(a){return a}.call(1));"),
    ],
)
def test_functions_that_are_values_become_arrows(written: str, short: str) -> None:
    assert search_scripts.shorten(written) == short


def test_shortening_keeps_strings_regular_expressions_and_properties() -> None:
    source = """function f(word) {
      var length = word.length; /* no */ return /a\\/[/ b]/.test("word // x") ? length++ + +word : { word: word };
    }"""
    short = search_scripts.shorten(source)
    assert short == 'function c(a){var b=a.length;return/a\\/[/ b]/.test("word // x")?b++ + +a:{word:a}}'
