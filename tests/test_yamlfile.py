"""YAML that names the line, and refuses what could harm."""

from dateline import yamlfile


def parse(text):
    complaints = yamlfile.Complaints("data/topics.yml")
    return yamlfile.parse(text, complaints), complaints.problems


def test_a_complaint_names_file_and_line():
    node, problems = parse("topics:\n- id: exams\n  label_en: [a]\n")
    node.get("topics").list()[0].get("label_en").string()
    assert str(problems[0]).startswith("data/topics.yml:3: topics[0].label_en must be text")


def test_an_unknown_key_gets_the_near_miss():
    node, problems = parse("tittle: x\n")
    node.only("title", "site_url")
    assert problems[0].line == 1 and problems[0].hint == 'did you mean "title"?'


def test_a_key_given_twice_is_told():
    _, problems = parse("a: 1\nb: 2\na: 3\n")
    assert problems[0].line == 3


def test_broken_yaml_names_the_line():
    node, problems = parse("title: ok\nbroken: [\n")
    assert not node.present and problems[0].line in {2, 3}


def test_dates_stay_as_written():
    node, _ = parse("date: 2023-02-24\nother: 2023-08~\n")
    assert node.get("date").value == "2023-02-24"


def test_tags_are_not_run():
    node, problems = parse("a: !!python/object/apply:os.system 'true'\nb: 1\n")
    assert "not read" in problems[0].message and node.get("a").value is None and node.get("b").value == 1


def test_a_tag_that_does_not_fit_its_value_is_told():
    node, problems = parse("a: !!int ''\nb: !!bool maybe\nc: !!timestamp soon\n")
    assert [problem.line for problem in problems] == [1, 2] and node.get("c").value == "soon"


def test_an_escaped_nul_is_shown_as_in_texts():
    node, problems = parse('title: "x\\0h \\0/z"\n')
    assert node.get("title").value == "x\ufffdh \ufffd/z" and not problems


def test_plain_words_are_numbers_truth_or_text_as_yaml_says():
    node, _ = parse("a: 12\nb: yes\nc: null\nd: '12'\ne: Nghệ An\nf: 1.5\ng: !!str 12\n")
    assert [node.get(key).value for key in "abcdefg"] == [12, True, None, "12", "Nghệ An", 1.5, "12"]


def test_an_alias_is_the_very_value_it_names():
    node, problems = parse("vi: &terms [học bổng]\nen: *terms\n")
    assert node.get("en").strings() == ("học bổng",) and not problems


def test_an_alias_of_nothing_or_of_its_own_inside_is_refused():
    for text in ("a: *none\n", "a: &a [*a]\n", "a: &x 1\nb: &x 2\n", "a: 1\n---\nb: 2\n"):
        node, problems = parse(text)
        assert not node.present and len(problems) == 1


def test_a_bomb_of_aliases_is_refused():
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for name, before in zip("bcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxy", strict=True):
        lines.append(f"{name}: &{name} [{', '.join(['*' + before] * 9)}]")
    node, problems = parse("\n".join(lines))
    assert not node.present and "aliases" in problems[0].message


def test_a_hundred_levels_are_refused():
    node, problems = parse("a: " + "[" * 100 + "]" * 100)
    assert not node.present and "nested" in problems[0].message


def test_a_later_layer_replaces_an_entry_of_the_same_id(tmp_path):
    shipped, own = tmp_path / "shipped", tmp_path / "own"
    for folder, text in ((shipped, "topics:\n- {id: a, n: 1}\n- {id: b, n: 1}\n"), (own, "topics:\n- {id: b, n: 2}\n")):
        folder.mkdir()
        (folder / "topics.yml").write_text(text)
    found, problems = yamlfile.entries([shipped, own], "topics.yml", "topics")
    assert {key: node.get("n").value for key, node in found.items()} == {"a": 1, "b": 2} and not problems
