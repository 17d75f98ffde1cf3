"""Publishing for real: a folder, rsync, a bare git repository, an S3 server; what is wrong is told with its remedy."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from dateline import check, compare, config, deploy, deploy_place, deploy_rsync, deploy_s3, serverfiles
from dateline.cli import main
from dateline.errors import DatelineError, OutputError

pytestmark = pytest.mark.slow

PAGE = '<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>Tin</title>{}</head><body><p>{}</p></body></html>'
STYLE = "assets/style.0123abcd.css"
FILES = {"index.html", "tin/mot.html", STYLE, check.MARKER}


@pytest.fixture
def chosen(tmp_path) -> config.Config:
    """A project with a small site."""
    root = tmp_path / "project"
    for name, text in (("index.html", PAGE.format(f'<link rel="stylesheet" href="{STYLE}">', '<a href="tin/mot.html">Một</a>')),
                       ("tin/mot.html", PAGE.format("", "Một")), (STYLE, "p{}"), (check.MARKER, "mark")):
        path = root / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return config.load(root)


def edit(chosen: config.Config) -> None:
    """A new page comes, one changes, one goes."""
    site = chosen.output_dir
    (site / "tin" / "mot.html").unlink()
    (site / "tin" / "hai.html").write_text(PAGE.format("", "Hai"), encoding="utf-8")
    (site / "index.html").write_text(PAGE.format("", '<a href="tin/hai.html">Hai</a>'), encoding="utf-8")


def tree(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def hint(error: pytest.ExceptionInfo[DatelineError]) -> str:
    return error.value.problems[0].hint


# -- a folder -----------------------------------------------------------------------------------------------------------
def test_only_what_changed_travels_and_what_is_gone_goes(chosen, tmp_path):
    target = tmp_path / "www"
    first = deploy.publish(chosen, str(target))
    assert set(first.sent) == FILES and tree(target) == FILES | {deploy_place.LIST}
    (target / "cua-toi.txt").write_text("somebody's")
    edit(chosen)
    second = deploy.publish(chosen, str(target))
    assert second.sent == ("tin/hai.html", "index.html") and second.removed == ("tin/mot.html",) and second.unchanged == 2
    assert tree(target) == FILES - {"tin/mot.html"} | {"tin/hai.html", "cua-toi.txt", deploy_place.LIST}
    assert deploy.publish(chosen, str(target)).sent == ()


def test_a_dry_run_lists_and_does_nothing(chosen, tmp_path):
    target = tmp_path / "www"
    result = CliRunner().invoke(main, ["publish", "--root", str(chosen.root), str(target), "--dry-run"])
    assert result.exit_code == 0 and "+ index.html\n" in result.output and "4 to send" in result.output
    assert not target.exists()


def test_pages_come_after_what_they_need_and_the_home_page_after_all():
    assert deploy_place.in_order(FILES) == [STYLE, "tin/mot.html", "index.html", check.MARKER]


def test_a_folder_of_somebody_elses_is_refused(chosen, tmp_path):
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "luan-van.doc").write_text("work of years")
    with pytest.raises(OutputError, match="did not put there") as told:
        deploy.publish(chosen, str(tmp_path / "www"))
    assert check.MARKER in hint(told) and tree(tmp_path / "www") == {"luan-van.doc"}


def test_a_broken_site_is_not_published(chosen, tmp_path):
    (chosen.output_dir / "tin" / "mot.html").unlink()
    with pytest.raises(OutputError, match=r"(?s)1 faults.*links to tin/mot.html"):
        deploy.publish(chosen, str(tmp_path / "www"))
    assert not (tmp_path / "www").exists()


def test_a_folder_that_is_no_site_is_not_published(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("x")
    with pytest.raises(OutputError, match="holds no site that dateline made"):
        deploy.publish(config.load(tmp_path), str(tmp_path / "www"))


@pytest.mark.parametrize("where", ["site", "site/inner", "."])
def test_the_site_is_not_published_into_itself(chosen, where):
    with pytest.raises(OutputError, match="own folder"):
        deploy.publish(chosen, str(chosen.root / where))


def test_a_try_that_is_broken_off_is_completed_by_the_next(chosen, tmp_path):
    class Breaking(deploy_place.Folder):
        def put(self, path: str, content: bytes) -> None:
            if path == "index.html":
                raise OSError(28, "No space left on device", path)
            super().put(path, content)

    target = tmp_path / "www"
    with pytest.raises(OSError, match="No space"):
        deploy_place.synchronise(chosen, Breaking("www", target), False)
    assert "index.html" not in tree(target) and "tin/mot.html" in tree(target)
    edit(chosen)
    deploy.publish(chosen, str(target))
    assert tree(target) == FILES - {"tin/mot.html"} | {"tin/hai.html", deploy_place.LIST}


def test_a_full_disk_is_told_with_the_remedy(chosen):
    with pytest.raises(OutputError, match="cannot be written") as told:
        deploy.publish(chosen, "/dev/full/www")
    assert "goes on where it stopped" in hint(told)


# -- rsync --------------------------------------------------------------------------------------------------------------
def test_rsync_sends_only_what_changed_and_leaves_other_files(chosen, tmp_path):
    target = str(tmp_path / "www" / "tin")
    assert set(deploy_rsync.publish(chosen, target, True).sent) == FILES and not (tmp_path / "www").exists()
    assert set(deploy_rsync.publish(chosen, target, False).sent) == FILES
    (tmp_path / "www" / "tin" / "cua-toi.txt").write_text("somebody's")
    edit(chosen)
    second = deploy_rsync.publish(chosen, target, False)
    assert set(second.sent) == {"index.html", "tin/hai.html"} and second.removed == ("tin/mot.html",)
    assert tree(Path(target)) == FILES - {"tin/mot.html"} | {"tin/hai.html", "cua-toi.txt", deploy_place.LIST}
    assert deploy_rsync.publish(chosen, target, False).sent == ()


def test_rsync_refuses_a_foreign_folder(chosen, tmp_path):
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "luan-van.doc").write_text("work of years")
    with pytest.raises(OutputError, match="did not put there"):
        deploy_rsync.publish(chosen, str(tmp_path / "www"), False)
    assert tree(tmp_path / "www") == {"luan-van.doc"}


def test_a_server_that_cannot_be_reached_is_told(chosen, monkeypatch, tmp_path):
    shell = tmp_path / "ssh"
    shell.write_text("#!/bin/sh\necho 'ssh: Could not resolve hostname mat.example' >&2\nexit 255\n")
    shell.chmod(0o755)
    monkeypatch.setenv("RSYNC_RSH", str(shell))
    with pytest.raises(OutputError, match="Could not resolve") as told:
        deploy.publish(chosen, "lan@mat.example:www")
    assert "network" in hint(told)


# -- gh-pages -----------------------------------------------------------------------------------------------------------
def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True).stdout


@pytest.fixture
def bare(chosen, tmp_path, monkeypatch) -> Path:
    """A project that is a git repository with a bare one as its origin."""
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "Lan")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "lan@example.org")
    subprocess.run(["git", "init", "--quiet", "--bare", str(tmp_path / "origin.git")], check=True)
    subprocess.run(["git", "init", "--quiet", str(chosen.root)], check=True)
    git(chosen.root, "remote", "add", "origin", str(tmp_path / "origin.git"))
    return tmp_path / "origin.git"


def branch(bare: Path) -> set[str]:
    return set(git(bare, "ls-tree", "-r", "--name-only", "gh-pages").splitlines())


def test_a_branch_gets_the_site_and_then_what_changed(chosen, bare):
    assert set(deploy.publish(chosen, "gh-pages", dry_run=True).sent) == FILES
    assert git(bare, "branch", "--list") == ""
    assert set(deploy.publish(chosen, "gh-pages").sent) == FILES and branch(bare) == FILES
    edit(chosen)
    second = deploy.publish(chosen, "gh-pages")
    assert second.sent == ("tin/hai.html", "index.html") and second.removed == ("tin/mot.html",)
    assert branch(bare) == FILES - {"tin/mot.html"} | {"tin/hai.html"}
    before = git(bare, "rev-parse", "gh-pages")
    assert deploy.publish(chosen, "gh-pages").sent == () and git(bare, "rev-parse", "gh-pages") == before


def test_the_domain_that_the_host_wrote_stays(chosen, bare, tmp_path):
    deploy.publish(chosen, "gh-pages")
    git(tmp_path, "clone", "--quiet", "-b", "gh-pages", str(bare), "other")
    (tmp_path / "other" / "CNAME").write_text("tin.example.org\n")
    git(tmp_path / "other", "add", "CNAME")
    git(tmp_path / "other", "commit", "--quiet", "-m", "domain")
    git(tmp_path / "other", "push", "--quiet", "origin", "gh-pages")
    edit(chosen)
    assert deploy.publish(chosen, "gh-pages").removed == ("tin/mot.html",)
    assert git(bare, "show", "gh-pages:CNAME").strip() == "tin.example.org"


def test_a_rejected_push_is_told_and_the_next_try_goes_through(chosen, bare):
    hook = bare / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(OutputError, match="rejected") as told:
        deploy.publish(chosen, "gh-pages")
    assert "publish again" in hint(told) and git(bare, "branch", "--list") == ""
    hook.unlink()
    deploy.publish(chosen, "gh-pages")
    assert branch(bare) == FILES


def test_a_branch_of_somebody_elses_is_refused(chosen, bare, tmp_path):
    git(tmp_path, "init", "--quiet", "-b", "gh-pages", "other")
    (tmp_path / "other" / "luan-van.md").write_text("work of years")
    git(tmp_path / "other", "add", ".")
    git(tmp_path / "other", "commit", "--quiet", "-m", "mine")
    git(tmp_path / "other", "push", "--quiet", str(bare), "gh-pages")
    with pytest.raises(OutputError, match="did not put there"):
        deploy.publish(chosen, "gh-pages")
    assert branch(bare) == {"luan-van.md"}


def test_a_project_without_a_repository_or_a_remote_is_told(chosen, tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "C")
    with pytest.raises(OutputError, match="not a git repository") as told:
        deploy.publish(chosen, "gh-pages")
    assert "git init" in hint(told)
    subprocess.run(["git", "init", "--quiet", str(chosen.root)], check=True)
    with pytest.raises(OutputError, match="git says") as told:
        deploy.publish(chosen, "gh-pages")
    assert "git remote add origin" in hint(told)


def test_a_remote_that_cannot_be_reached_is_told(chosen, bare, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")
    git(chosen.root, "remote", "set-url", "origin", "http://127.0.0.1:9/tin.git")
    with pytest.raises(OutputError, match="git says") as told:
        deploy.publish(chosen, "gh-pages")
    assert "network" in hint(told) and git(bare, "branch", "--list") == ""


@pytest.mark.parametrize("target, setting, name", [("gh-pages", "", "github-pages"), ("www", "netlify", "netlify"), ("s3://b", "", "s3")])
def test_a_site_that_is_more_than_its_host_takes_is_not_published(chosen, bare, tmp_path, target, setting, name):
    (chosen.root / "data").mkdir()
    (chosen.root / "data" / "hosts.yml").write_text(
        f"hosts:\n  - id: {name}\n    name: Small\n    why: a test\n    site_bytes: 99\n", "utf-8")
    where = str(tmp_path / target) if target == "www" else target
    with pytest.raises(OutputError, match="not published") as told:
        deploy.publish(config.load(chosen.root, host=setting), where)
    assert "Small takes" in str(told.value) and "article_pages: digest" in str(told.value)
    assert not (tmp_path / "www").exists() and git(bare, "branch", "--list") == ""


# -- S3 -----------------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """A real S3 server with a bucket "tin"; gives its address."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3, monkeypatch):
    """The bucket, emptied, and the keys to it."""
    import boto3

    for name, value in (("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test"), ("AWS_DEFAULT_REGION", "us-east-1")):
        monkeypatch.setenv(name, value)
    made = boto3.resource("s3", endpoint_url=s3).Bucket("tin")
    made.create()
    made.objects.all().delete()
    return made


def keys(bucket) -> set[str]:
    return {one.key for one in bucket.objects.all()}


def test_a_bucket_gets_the_site_with_types_and_then_what_changed(chosen, bucket, s3):
    first = deploy.publish(chosen, "s3://tin/kho/2023", endpoint=s3)
    assert set(first.sent) == FILES and keys(bucket) == {f"kho/2023/{path}" for path in FILES | {deploy_place.LIST}}
    style = bucket.Object(f"kho/2023/{STYLE}").get()
    assert (style["ContentType"], style["CacheControl"]) == ("text/css; charset=utf-8", "public, max-age=31536000, immutable")
    page = bucket.Object("kho/2023/index.html").get()
    assert (page["ContentType"], page["CacheControl"]) == ("text/html; charset=utf-8", "no-cache")
    edit(chosen)
    second = deploy.publish(chosen, "s3://tin/kho/2023", endpoint=s3)
    assert second.sent == ("tin/hai.html", "index.html") and second.removed == ("tin/mot.html",)
    assert deploy.publish(chosen, "s3://tin/kho/2023", endpoint=s3).sent == ()
    assert "kho/2023/tin/mot.html" not in keys(bucket)


def test_a_foreign_bucket_is_refused(chosen, bucket, s3):
    bucket.put_object(Key="luan-van.doc", Body=b"work of years")
    with pytest.raises(OutputError, match="did not put there"):
        deploy.publish(chosen, "s3://tin", endpoint=s3)
    assert keys(bucket) == {"luan-van.doc"}


def test_a_bucket_that_is_not_there_is_told(chosen, bucket, s3):
    with pytest.raises(OutputError, match='no bucket "tinn"') as told:
        deploy.publish(chosen, "s3://tinn", endpoint=s3)
    assert "check the name" in hint(told)


def test_a_server_that_does_not_answer_is_told(chosen, bucket):
    with pytest.raises(OutputError, match="does not answer") as told:
        deploy.publish(chosen, "s3://tin", endpoint="http://127.0.0.1:9")
    assert "network" in hint(told)


def test_without_a_key_the_remedy_names_the_variables(chosen, s3, monkeypatch, tmp_path):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(OutputError, match="no key was given") as told:
        deploy.publish(chosen, "s3://tin", endpoint=s3)
    assert "AWS_ACCESS_KEY_ID" in hint(told)


def test_an_optional_package_that_is_missing_is_named(chosen, bare, monkeypatch):
    monkeypatch.setitem(sys.modules, "boto3.session", None)
    with pytest.raises(DatelineError, match=r"dateline\[s3\]"):
        deploy_s3.bucket("s3://tin", None)
    monkeypatch.setattr("dateline.deploy_git.find_spec", lambda name: None)
    with pytest.raises(DatelineError, match=r"dateline\[pages\]"):
        deploy.publish(chosen, "gh-pages")


# -- what hosts read ----------------------------------------------------------------------------------------------------
def test_hosts_are_told_what_to_keep_and_where_pages_went(chosen):
    made = {one.path: one.content.decode() for one in serverfiles.outputs([("a/cũ.html", "a/mới.html")], chosen)}
    assert made["_redirects"] == "/a/c%C5%A9.html /a/m%E1%BB%9Bi.html 301\n"
    assert "/assets/*\n  Cache-Control: public, max-age=31536000, immutable\n" in made["_headers"]
    assert [one.path for one in serverfiles.outputs([], chosen)] == ["_headers"]


def test_redirects_know_the_path_the_site_is_published_under_and_the_hosts_limit(chosen):
    below = config.load(chosen.root, site_url="https://example.org/news/")
    many = [(f"a/{number}.html", "b.html") for number in range(3_000)]
    said = {one.path: one.content.decode() for one in serverfiles.outputs(many, below)}["_redirects"].splitlines()
    assert said[0] == "/news/a/0.html /news/b.html 301" and len(said) == 1_000


def test_a_new_project_comes_with_what_hosts_need_to_build_it(tmp_path):
    assert CliRunner().invoke(main, ["new", str(tmp_path / "kho")]).exit_code == 0
    github = yaml.safe_load((tmp_path / "kho" / ".github" / "workflows" / "pages.yml").read_text("utf-8"))
    gitlab = yaml.safe_load((tmp_path / "kho" / ".gitlab-ci.yml").read_text("utf-8"))
    steps = [step["run"] for step in github["jobs"]["publish"]["steps"] if "run" in step] + gitlab["pages"]["script"]
    commands = [step.split() for step in steps if step.startswith("dateline ")]
    assert len(commands) == 4 and gitlab["pages"]["artifacts"]["paths"] == ["public"]
    for command in commands:                   # every option is one that we have
        said = CliRunner().invoke(main, [command[1], "--help"]).output
        assert all(word in said for word in command if word.startswith("--"))


# -- diff ---------------------------------------------------------------------------------------------------------------
@pytest.fixture
def changed(site, tmp_path) -> Path:
    """A copy of the seeds' site in which one article has another date and a cut less, one is gone and one is new."""
    shutil.copytree(site, tmp_path / "new")
    path = tmp_path / "new" / "data" / "articles.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    rows[0] |= {"date": "2025-08", "removed": rows[0]["removed"][1:]}
    rows[1]["id"] = "mới"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    (tmp_path / "new" / "about.html").unlink()
    return tmp_path / "new"


def test_a_difference_names_what_changed(site, changed):
    found = compare.compare(site, changed)
    assert [one.field for one in found.changes] == ["date", "cuts", "cut rules"] and found.articles == 4
    assert (found.added, len(found.removed), found.pages_removed) == (("mới",), 1, ("about.html",))
    assert (found.changes[0].old, found.changes[0].new) == ("2025-08-22/..", "2025-08")


def test_the_command_shows_a_table_or_json(site, changed):
    old, new = str(site / "data" / "articles.jsonl"), str(changed / "data" / "articles.jsonl")
    result = CliRunner().invoke(main, ["diff", old, new])
    assert result.exit_code == 1 and "articles in both 4, added 1, removed 1" in result.output
    assert "2025-08-22/.." in result.output
    said = json.loads(CliRunner().invoke(main, ["diff", old, new, "--json"]).output)
    assert said["added"] == ["mới"] and said["changes"][0]["field"] == "date"


def test_no_difference_is_said_and_exits_with_zero(site):
    result = CliRunner().invoke(main, ["diff", str(site), str(site)])
    assert result.exit_code == 0 and "no article of both has changed" in result.output


def test_a_file_that_is_no_record_is_told(tmp_path, site):
    (tmp_path / "x.jsonl").write_text('{"id": "a"}\n[]\n')
    result = CliRunner().invoke(main, ["diff", str(tmp_path / "x.jsonl"), str(site)])
    assert result.exit_code == 2 and "x.jsonl:2: is not a record" in result.output


# -- the documentation --------------------------------------------------------------------------------------------------
DOCS = Path(__file__).parent.parent / "docs"


def test_the_page_on_hosts_and_formats_is_complete():
    from dateline import exports, hosts

    known, _ = hosts.load([DOCS.parent / "data"])
    publishing, data = ((DOCS / name).read_text("utf-8") for name in ("publishing.md", "data.md"))
    assert all(f"| `{host.id}` |" in publishing for host in known)
    assert all(f"`{name}`" in data for name in exports.FORMATS)
