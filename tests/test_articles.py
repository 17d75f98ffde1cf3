"""articles/*.md: what the tool writes, what a person may change, and that nothing of theirs is ever lost."""

import re
from dataclasses import dataclass
from pathlib import Path

import markdown
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline import articles, config, knowledge
from dateline.model import Block
from tests import makes

KNOWN = knowledge.load(config.Config(Path(__file__).parent.parent))


def record(text):
    found, problems = articles.parse(text, "articles/a.md", "a")
    return found, problems


def edited(old, new, *, article=None):
    article = article or makes.article()
    text = articles.write(article)
    assert old in text
    found, problems = record(text.replace(old, new))
    merged, notes = articles.merge(article, found, KNOWN)
    return found, merged, [*problems, *notes]


def test_a_file_as_the_tool_wrote_it_is_not_edited():
    found, problems = record(articles.write(makes.article()))
    assert not found.edited and found.sealed and not problems


def test_windows_newlines_are_not_an_edit():
    text = articles.write(makes.article()).replace("\n", "\r\n")
    found, _ = record(text.replace("\r\n", "\n"))
    assert not found.edited


def test_a_title_that_a_person_wrote_wins_and_is_marked_as_theirs():
    found, merged, notes = edited("title: Nhiều chuyển biến ở Sơn La", "title: Tên đúng")
    assert found.edited_fields and not found.edited_body
    assert merged.metadata.title.value == "Tên đúng" and merged.metadata.title_source == "person"
    assert merged.metadata.title.evidence[0].rule == "person" and merged.edited == ("title",)
    assert "today's rules say Nhiều chuyển biến ở Sơn La" in notes[0].message and notes[0].severity == "note"


def test_a_corrected_body_wins_and_leaves_the_fields_alone():
    found, merged, _ = edited("có nhiều chuyển biến", "có **rất** nhiều chuyển biến")
    assert found.edited_body and not found.edited_fields
    assert merged.body[0].text == "Ngành giáo dục tỉnh Sơn La có rất nhiều chuyển biến trong năm học 2023-2024."
    assert merged.body_markdown and merged.metadata == makes.article().metadata


def test_a_fact_can_be_taken_back():
    _, merged, _ = edited("publisher: nhandan.vn", "publisher: null")
    assert merged.metadata.publisher is None


@pytest.mark.parametrize(("old", "new", "wanted"), [
    ("province: son-la", "province: ha-noi", ("ha-noi", ["ha-noi"])),
    ("province: son-la", "province: national", ("national", [])),
    ("provinces: [son-la]", "provinces: [son-la, lai-chau]", ("son-la", ["son-la", "lai-chau"])),
])
def test_a_province_can_be_corrected(old, new, wanted):
    _, merged, _ = edited(old, new)
    primary, slugs = wanted
    assert merged.tags.province.value == primary
    assert [tag.value for tag in merged.tagged("province")] == slugs


def test_a_topic_can_be_corrected():
    _, merged, _ = edited("topic: edu-policy-administration", "topic: edu-teachers")
    assert next((tag.value, tag.role) for tag in merged.tagged("topic")) == ("edu-teachers", "primary")


@pytest.mark.parametrize(("old", "new", "says"), [
    ("date: 2024-08-13", "date: 13/8/2024", "is not a date"),
    ("province: son-la", "province: son-laa", 'did you mean "son-la"?'),
    ("topic: edu-policy-administration", "topic: edu-teacher", 'did you mean "edu-teachers"?'),
    ("machine_translated: false", "machine_translated: maybe", "must be true or false"),
])
def test_a_wrong_value_is_told_with_its_line_and_the_machines_answer_stays(old, new, says):
    _, merged, problems = edited(old, new)
    told = [problem for problem in problems if problem.severity == "error"]
    assert len(told) == 1 and says in str(told[0]) and told[0].line > 1
    assert merged.metadata.date.value == "2024-08-13" and merged.tags.province.value == "son-la"


def test_an_unknown_field_is_kept_and_told():
    _, _, problems = edited("title:", "tittle: x\ntitle:")
    assert any('unknown field "tittle"' in problem.message for problem in problems)


def test_front_matter_that_does_not_parse_names_the_line():
    found, problems = record("---\ntitle: ok\nbroken: [\n---\n\ntext\n")
    assert found is None and problems[0].where == "articles/a.md" and problems[0].line in {3, 4}


def test_a_nul_is_shown_as_in_seeds():
    found, problems = record('---\ntitle: "x\\0h"\n---\nTo\0hi\n')
    assert (found.fields.get("title").string(), found.body, problems) == ("x\ufffdh", "To\ufffdhi", [])


def test_lines_to_put_back_and_withdrawal_are_read():
    found, _ = record("---\ntitle: x\nrestore: [3, 17]\nwithhold: true\nreason: asked by the family\n---\ntext\n")
    assert found.restore == {3, 17} and found.withheld == "asked by the family"


@dataclass
class Case:
    text: str


AWKWARD = ["1. Mở đầu", "# không phải tiêu đề", "* gạch", "- gạch", "> trích", "a_b_c *d*", "<script>alert(1)</script>", "[x](y)",
           "AT&amp;T &#60;", "---", "===", "+ cộng", "`mã`", "![](x)", "10) mười", "~~~", "\\", "C:\\x\\*", "**", "a  b\u00a0c",
           ": định nghĩa", "| bảng |", "http://a.vn/_b_", "<http://a.vn>", "&lt;b&gt;"]


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_text_survives_any_markdown_reader(text):
    html = markdown.markdown(articles.markdown([Block("paragraph", text, 1)]))
    assert html.startswith("<p>") and html.count("<") == 2
    assert articles.blocks_of(articles.markdown([Block("paragraph", text, 1)]))[0].text.split() == text.split()


@given(st.text(st.one_of(st.sampled_from("\\`*_[]&<#;a1.)\x00\x1f\x7f\t\n\u00a0"), st.characters()), max_size=30))
def test_no_control_and_no_bare_mark_is_left_by_escaping(text):
    escaped = articles.escape(text)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f]", escaped)
    assert not re.search(r"[`*_\[\]<]", re.sub(r"\\.", "", escaped, flags=re.DOTALL))
    left = re.sub(r"\\([\\`*_\[\]#>+=|~.)-])|&(lt|amp);", lambda match: match[1] or {"lt": "<", "amp": "&"}[match[2]], escaped)
    assert left == re.sub("[\x00-\x08\x0b-\x1f\x7f]", "", text)


LINE = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60).filter(lambda text: text.strip())


@given(st.lists(st.tuples(st.sampled_from(["paragraph", "heading", "list-item", "caption"]), LINE), min_size=1, max_size=6))
def test_written_bodies_read_back_as_the_same_blocks(parts):
    blocks = [Block(kind, " ".join(text.split()), 1) for kind, text in parts]
    back = articles.blocks_of(articles.markdown(blocks))
    assert [(block.kind, block.text.split()) for block in back] == [(block.kind, block.text.split()) for block in blocks]


@given(LINE)
def test_any_title_survives_the_front_matter(title):
    title = " ".join(title.split())
    found, problems = record(articles.write(makes.article(title=title)))
    assert not problems and articles.reread(found).fields.get("title").string() == articles.nfc(title)


def test_a_fact_that_a_person_confirms_is_theirs():
    _, merged, problems = edited("topics:", "confirmed: [topic, date]\ntopics:")
    assert not problems and set(merged.edited) == {"topic", "date"}
    assert merged.metadata.date.value == "2024-08-13" and merged.metadata.date.confidence == 1.0
