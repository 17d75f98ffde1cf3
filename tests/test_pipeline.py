"""The whole build, as a stranger uses it: good input, bad input, a person's edits."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from dateline import gather, link, prepare, press, read, records
from dateline.cli import main

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
STORY = (
    "Nghệ An trao học bổng cho học sinh vượt khó\n\n12/09/2024 08:30\n\n"
    "Sáng 12/9/2024, Hội Khuyến học tỉnh Nghệ An trao 120 suất học bổng cho học sinh nghèo vượt khó của huyện Kỳ Sơn.\n\n"
    "Theo lãnh đạo Hội Khuyến học tỉnh Nghệ An, quỹ khuyến học năm nay tăng gấp đôi so với năm học trước.\n"
)


@pytest.fixture
def project(tmp_path):
    (tmp_path / "seeds").mkdir()
    return tmp_path


def run(*arguments, **options):
    return CliRunner().invoke(main, [str(argument) for argument in arguments], **options)


def build(project, *arguments):
    return run("build", "--root", project, *arguments)


def seed(project, name, content):
    path = project / "seeds" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def rows(project):
    text = (project / "site" / "data" / "articles.jsonl").read_text(encoding="utf-8")
    return {row["id"]: row for row in map(json.loads, text.splitlines())}


def tree(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_summary_says_what_was_done_and_where_the_site_is(project):
    seed(project, "a.txt", STORY)
    result = build(project)
    assert result.exit_code == 0, result.output
    for word in ("documents read", "articles", "lines removed", "problems", "pages", "seconds", "site: "):
        assert word in result.output
    assert (project / "site" / "index.html").is_file()


def test_an_empty_folder_builds_an_empty_site(project):
    assert build(project).exit_code == 0
    assert rows(project) == {}


def test_a_record_has_just_the_promised_keys(project):
    seed(project, "a.txt", STORY)
    build(project)
    assert list(rows(project)["a"]) == [
        "id", "title", "title_source", "date", "language", "machine_translated", "province", "provinces", "topic", "topics",
        "author", "publisher", "source_url", "text", "removed"]
    province = rows(project)["a"]["provinces"][0]
    assert list(province) == ["id", "name", "era", "successor", "role", "confidence", "evidence"]
    assert (province["id"], province["role"]) == ("nghe-an", "primary")


@pytest.mark.parametrize(("name", "content", "says"), [
    ("empty.txt", b"", "empty"),
    ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "picture.txt"),
    ("noise.txt", "Comment (0)\n\nNo data\nNo data\n\nSame category\n", "noise.txt"),
])
def test_a_bad_document_is_told_with_its_file_and_the_rest_is_built(project, name, content, says):
    seed(project, name, content)
    seed(project, "good.txt", STORY)
    result = build(project)
    assert result.exit_code == 0 and name in result.output and says in result.output, result.output
    assert "good" in rows(project)
    assert build(project, "--strict").exit_code == 1


@pytest.mark.parametrize(("encoding", "name"), [("utf-16", "u16.txt"), ("utf-8-sig", "bom.txt"), ("utf-16-le", "u16le.txt")])
def test_other_encodings_read_the_same(project, encoding, name):
    seed(project, name, STORY.encode(encoding))
    build(project)
    row = next(iter(rows(project).values()))
    assert row["title"] == "Nghệ An trao học bổng cho học sinh vượt khó" and row["province"] == "nghe-an"


def test_windows_1258_reads_the_same(project):
    # Windows-1258 holds Vietnamese as base letters with combining tones
    import unicodedata

    def to_1258(text):
        parts = []
        for letter in text:
            try:
                parts.append(letter.encode("cp1258"))
            except UnicodeEncodeError:
                base = unicodedata.normalize("NFD", letter)
                tone = next(mark for mark in base if mark in "\u0300\u0301\u0303\u0309\u0323")
                parts.append(unicodedata.normalize("NFC", base.replace(tone, "")).encode("cp1258") + tone.encode("cp1258"))
        return b"".join(parts)

    seed(project, "old.txt", to_1258(STORY))
    build(project)
    assert rows(project)["old"]["title"] == "Nghệ An trao học bổng cho học sinh vượt khó"


def test_two_documents_with_one_title_get_two_pages(project):
    seed(project, "a.txt", STORY)
    seed(project, "b.txt", STORY.replace("gấp đôi", "gấp ba"))
    build(project)
    pages = list((project / "site" / "articles").rglob("*.html"))
    assert len(pages) == 2 and set(rows(project)) == {"a", "b"}


def test_two_documents_with_one_name_are_both_kept(project):
    seed(project, "one/tin.txt", STORY)
    seed(project, "two/tin.txt", STORY.replace("gấp đôi", "gấp ba"))
    build(project)
    assert len(rows(project)) == 2 and any(name == "tin" for name in rows(project))


def test_a_name_with_spaces_and_accents_works(project):
    seed(project, "Bài viết số 1.txt", STORY)
    assert build(project).exit_code == 0
    assert "Bài viết số 1" in rows(project)
    assert (project / "articles" / "Bài viết số 1.md").is_file()


def test_building_twice_gives_identical_bytes_and_writes_nothing(project):
    for source in sorted((ROOT / "seeds").iterdir()):
        seed(project, source.name, source.read_bytes())
    build(project)
    first = tree(project / "site")
    result = build(project)
    assert tree(project / "site") == first
    assert "files written           0" in result.output, result.output


def test_a_clean_build_elsewhere_gives_the_same_bytes(project, tmp_path_factory):
    seed(project, "a.txt", STORY)
    build(project)
    other = tmp_path_factory.mktemp("elsewhere")
    shutil.copytree(project / "seeds", other / "seeds")
    build(other)
    assert tree(other / "site") == tree(project / "site")
    assert tree(other / "articles") == tree(project / "articles")


def test_an_edited_article_is_kept_and_shown(project):
    seed(project, "a.txt", STORY)
    build(project)
    path = project / "articles" / "a.md"
    path.write_text(path.read_text(encoding="utf-8").replace("title: Nghệ An trao", "title: Sửa lại, Nghệ An trao", 1)
                    .replace('"', "'"), encoding="utf-8")
    before = path.read_bytes()
    result = build(project)
    assert path.read_bytes() == before and "kept as edited" in result.output
    assert rows(project)["a"]["title"].startswith("Sửa lại") and rows(project)["a"]["title_source"] == "person"


def test_front_matter_that_does_not_parse_is_told_and_left_alone(project):
    seed(project, "a.txt", STORY)
    build(project)
    path = project / "articles" / "a.md"
    broken = path.read_text(encoding="utf-8").replace("language: vi", "language: [vi")
    path.write_text(broken, encoding="utf-8")
    result = build(project)
    assert result.exit_code == 0 and "articles/a.md:" in result.output
    assert path.read_text(encoding="utf-8") == broken and "a" in rows(project)


def test_a_removed_line_can_be_put_back(project):
    seed(project, "a.txt", STORY + "\nBÌNH LUẬN (0)\n")
    build(project)
    removed = rows(project)["a"]["removed"]
    line = next(row["line"] for row in removed if "BÌNH LUẬN" in row["text"])
    path = project / "articles" / "a.md"
    path.write_text(path.read_text(encoding="utf-8").replace("\nseal:", f"\nrestore: [{line}]\nseal:"), encoding="utf-8")
    build(project)
    assert "BÌNH LUẬN (0)" in rows(project)["a"]["text"]
    assert all("BÌNH LUẬN" not in row["text"] for row in rows(project)["a"]["removed"])


def test_an_article_that_a_person_added_needs_no_seed(project):
    (project / "articles").mkdir()
    (project / "articles" / "mine.md").write_text(
        "---\ntitle: Hải Phòng mở lớp học thông minh\ndate: 2024-05-02\n---\n\n"
        "Sở Giáo dục và Đào tạo Hải Phòng khai giảng lớp học thông minh tại quận Lê Chân.\n", encoding="utf-8")
    build(project)
    row = rows(project)["mine"]
    assert (row["title"], row["date"], row["province"], row["language"]) == (
        "Hải Phòng mở lớp học thông minh", "2024-05-02", "hai-phong", "vi")


def test_a_vanished_seed_loses_nothing_until_prune(project):
    seed(project, "a.txt", STORY)
    seed(project, "b.txt", STORY.replace("gấp đôi", "gấp ba"))
    build(project)
    (project / "seeds" / "b.txt").unlink()
    result = build(project)
    assert "--prune" in result.output and set(rows(project)) == {"a", "b"}
    build(project, "--prune")
    assert set(rows(project)) == {"a"} and not (project / "articles" / "b.md").exists()


def test_a_withheld_article_leaves_no_word_behind(project):
    seed(project, "a.txt", STORY)
    build(project)
    path = project / "articles" / "a.md"
    path.write_text(path.read_text(encoding="utf-8").replace("\nseal:", "\nwithhold: true\nreason: theo yêu cầu\nseal:"),
                    encoding="utf-8")
    build(project)
    for name, content in tree(project / "site").items():
        assert "gấp đôi so với năm học trước".encode() not in content, name


def test_an_unknown_setting_stops_with_the_near_miss(project):
    (project / "dateline.yml").write_text("tittle: x\n", encoding="utf-8")
    result = build(project)
    assert result.exit_code == 2 and 'did you mean "title"?' in result.output


def test_tag_writes_records_for_lines_and_nothing_else(project):
    line = json.dumps({"id": "x", "text": STORY, "url": "https://baonghean.vn/hoc-bong-post1.html"})
    result = run("tag", "--root", project, input=line + "\nnot json\n")
    out = [json.loads(text) for text in result.stdout.splitlines()]
    assert [row["id"] for row in out] == ["x"] and out[0]["province"] == "nghe-an" and out[0]["date"].startswith("2024-09-12")
    assert "2" in result.stderr and result.exit_code == 1
    assert sorted(path.name for path in project.iterdir()) == ["seeds"]


def test_tag_reads_files(project):
    seed(project, "a.txt", STORY)
    result = run("tag", "--root", project, project / "seeds" / "a.txt")
    assert json.loads(result.stdout)["id"] == "a"


def test_explain_shows_facts_tags_and_cuts(project):
    seed(project, "a.txt", STORY + "\nBÌNH LUẬN (0)\n")
    result = run("explain", "--root", project, "a")
    for word in ("title", "date", "nghe-an", "BÌNH LUẬN", "line"):
        assert word in result.output, result.output


def test_new_makes_a_project_that_builds(tmp_path):
    folder = tmp_path / "my-corpus"
    assert run("new", folder).exit_code == 0
    assert {path.name for path in folder.iterdir()} >= {"seeds", "articles", "templates", "dateline.yml"}
    seed(folder, "a.txt", STORY)
    result = build(folder, "--strict")
    assert result.exit_code == 0, result.output
    assert run("new", folder).exit_code == 2


PAPER = "Trường mở lớp xóa mù chữ số {0}\n\n{0}/09/2024 08:30\n\n" \
        "Lớp học thứ {0} có {0} học viên, phần lớn là phụ nữ trong bản đi làm nương về học buổi tối.\n\n" \
        "Cô giáo của lớp thứ {0} cho biết học viên lớn tuổi nhất đã sáu mươi ba và chưa vắng buổi nào.\n\n" \
        "{1}\n\nNguồn: https://nhandan.vn/lop-hoc-post{0}.html\n"


def papers(project, furniture):
    for number, line in enumerate(furniture, 10):
        seed(project, f"{number}.txt", PAPER.format(number, line))


def cleaned_again(monkeypatch):
    """Ids of the documents that are cleaned with learnt lines, and names of the seeds that are opened."""
    again, opened = [], []
    once, reading = prepare.prepared, read._opened

    def noted(item, known, *more):
        again.extend([item[0].id] if item[2] else [])
        return once(item, known, *more)

    monkeypatch.setattr(prepare, "prepared", noted)
    monkeypatch.setattr(read, "_opened", lambda file, *more: opened.append(file.path.name) or reading(file, *more))
    return again, opened


def test_only_documents_with_a_line_that_no_rule_has_cut_are_cleaned_again(project, monkeypatch):
    monkeypatch.setattr(gather, "FRESH", 3)
    (project / "dateline.yml").write_text("learn_repetition: 20\n")
    papers(project, ["Bình luận"] * 14 + ["Đọc báo giấy"] * 6)
    again, opened = cleaned_again(monkeypatch)
    assert build(project, "--jobs", "1").exit_code == 0
    assert sorted(again) == [str(number) for number in range(24, 30)]
    assert sorted(opened) == sorted([f"{number}.txt" for number in [*range(10, 30), *range(24, 30)]])
    assert {removal["text"]: removal["rule"] for removal in rows(project)["24"]["removed"]}["Đọc báo giấy"] == "learnt"
    assert "Bình luận" in [removal["text"] for removal in rows(project)["10"]["removed"]]


def test_a_seed_that_changes_before_it_is_cleaned_again_is_built_next_time(project, monkeypatch):
    monkeypatch.setattr(gather, "FRESH", 3)
    (project / "dateline.yml").write_text("learn_repetition: 20\n")
    papers(project, ["Đọc báo giấy"] * 20)
    find = gather.repetition.furniture

    def meddle(*given):
        seed(project, "15.txt", PAPER.format(15, "Đọc báo giấy").replace("sáu mươi ba", "bảy mươi"))
        return find(*given)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(gather.repetition, "furniture", meddle)
        assert build(project, "--jobs", "1").exit_code == 0
    assert "sáu mươi ba" in rows(project)["15"]["text"]
    build(project, "--jobs", "1")
    assert "bảy mươi" in rows(project)["15"]["text"] and "giấy" not in rows(project)["15"]["text"]


def test_a_seed_that_is_not_what_an_earlier_build_knew_is_read_anew(project, monkeypatch):
    monkeypatch.setattr(gather, "FRESH", 0)
    (project / "dateline.yml").write_text("learn_repetition: 20\n")
    papers(project, ["Đọc báo giấy"] * 19)
    build(project, "--jobs", "1")
    seed(project, "29.txt", PAPER.format(29, "Đọc báo giấy"))
    find = gather.repetition.furniture

    def meddle(*given):
        seed(project, "15.txt", PAPER.format(15, "Đọc báo giấy").replace("sáu mươi ba", "bảy mươi"))
        return find(*given)

    monkeypatch.setattr(gather.repetition, "furniture", meddle)
    assert build(project, "--jobs", "1").exit_code == 0
    assert "bảy mươi" in rows(project)["15"]["text"] and "giấy" not in rows(project)["15"]["text"]


def test_a_rebuild_makes_only_what_the_changed_article_is_part_of(project, monkeypatch):
    for number, place in enumerate(("Nghệ An", "Hà Tĩnh", "Cà Mau", "An Giang")):
        seed(project, f"{number}.txt", STORY.replace("Nghệ An", place).replace("12/9", f"{number + 2}/9"))
    assert build(project, "--jobs", 1).exit_code == 0
    seed(project, "3.txt", STORY.replace("Nghệ An", "An Giang") + "\nPhong trào được nhiều trường hưởng ứng.\n")
    recorded, laid_out = [], []
    published, page = records.published, press.Press.page
    monkeypatch.setattr(records, "published", lambda article, gazetteer: recorded.append(article.id) or published(article, gazetteer))
    monkeypatch.setattr(press.Press, "page", lambda self, wanted, *rest: laid_out.append(wanted) or page(self, wanted, *rest))
    assert build(project, "--jobs", 1).exit_code == 0
    assert recorded == ["3"]
    lists = [wanted.path for wanted in laid_out if not isinstance(wanted, tuple)]
    assert "provinces/an-giang.html" in lists and "provinces/nghe-an.html" not in lists
    assert rows(project)["3"]["text"].endswith("hưởng ứng.") and len(rows(project)) == 4


def test_related_articles_are_found_again_only_when_what_they_share_has_changed(project, monkeypatch):
    asked = []
    found = link.kin
    monkeypatch.setattr(link, "kin", lambda *given: asked.append(1) or found(*given))
    seed(project, "a.txt", STORY)
    seed(project, "b.txt", STORY.replace("120 suất", "90 suất").replace("Kỳ Sơn", "Quế Phong"))
    build(project)
    seed(project, "b.txt", STORY.replace("120 suất", "95 suất").replace("Kỳ Sơn", "Quế Phong"))
    build(project)
    assert asked == [1] and "95 suất" in rows(project)["b"]["text"]
    seed(project, "b.txt", STORY.replace("Nghệ An", "Sơn La"))
    build(project)
    assert asked == [1, 1]
    incremental = tree(project / "site")
    shutil.rmtree(project / ".dateline")
    build(project)
    assert tree(project / "site") == incremental
