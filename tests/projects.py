"""Projects that change: the edits people make, one at a time, and what a clean build of the same project would give."""

from __future__ import annotations

import multiprocessing
import random
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from benchmarks import corpus
from dateline import config, knowledge, pipeline
from dateline.errors import DatelineError
from dateline.model import Report

Edit = Callable[[Path, random.Random], str]


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def start(root: Path, chosen: random.Random, documents: int = 8) -> None:
    """A small project of generated documents."""
    (root / "seeds").mkdir(parents=True)
    for _ in range(documents):
        add_seed(root, chosen)
    (root / "dateline.yml").write_text("title: Tin\nsite_url: https://example.org/\ninterface: [en]\n", encoding="utf-8")


def build(root: Path, jobs: int = 1) -> Report:
    return pipeline.build(config.load(root), jobs=jobs)


_KNOWN: dict[tuple[object, ...], knowledge.Knowledge] = {}
"""What the tests of this process have read of data/, by its bytes."""


def read_knowledge_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading data/ is a third of a small build; here it is read again only when a file of it has changed."""
    load = knowledge.load

    def loaded(settings: config.Config) -> knowledge.Knowledge:
        files = [path for folder in settings.layers("data") for path in sorted(folder.rglob("*")) if path.is_file()]
        key = (settings.mask_personal, *((str(path), path.read_bytes()) for path in files))
        if key not in _KNOWN:
            _KNOWN[key] = load(settings)
        return _KNOWN[key]

    monkeypatch.setattr(knowledge, "load", loaded)


def in_a_child(work: Callable[[], object]) -> str:
    """Do `work` in a forked process; "" when it went well, else what it said to the person."""
    fork = multiprocessing.get_context("fork")
    said = fork.SimpleQueue()

    def run() -> None:
        try:
            work()
            said.put("")
        except DatelineError as error:
            said.put(str(error))

    child = fork.Process(target=run)
    child.start()
    child.join(120)
    assert child.exitcode == 0, "a traceback is no message for a person"
    return str(said.get())


def result(root: Path) -> dict[str, bytes]:
    """All that a build makes for people: the site and the articles."""
    return {f"{name}/{path}": content for name in ("site", "articles") for path, content in tree(root / name).items()}


def copy(root: Path, beside: Path) -> None:
    """The project without site and cache."""
    shutil.rmtree(beside, ignore_errors=True)
    shutil.copytree(root, beside, ignore=shutil.ignore_patterns("site", ".dateline", ".site.dateline"))


def differences(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


def told(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """The differences, with the first words that differ in each."""
    found = []
    for path in differences(one, other):
        lines = [one.get(path, b"(missing)").splitlines(), other.get(path, b"(missing)").splitlines()]
        first = next((pair for pair in zip(*lines, strict=False) if pair[0] != pair[1]), (b"(longer)", b"(shorter)"))
        start = next((at for at, pair in enumerate(zip(*first, strict=False)) if pair[0] != pair[1]), 0)
        found.append(f"{path}: {first[0][max(0, start - 40) : start + 80]!r} / {first[1][max(0, start - 40) : start + 80]!r}")
    return found


# -- what people do -------------------------------------------------------------------------------------------------------
def add_seed(root: Path, chosen: random.Random) -> str:
    name, text = corpus.document(chosen.randrange(1000))
    (root / "seeds" / name).write_text(text, encoding="utf-8")
    return f"add seeds/{name}"


def remove_seed(root: Path, chosen: random.Random) -> str:
    """The seed goes, and its article with it, so that a clean build has neither."""
    path = _one(root / "seeds", chosen)
    path.unlink()
    (root / "articles" / f"{path.stem}.md").unlink(missing_ok=True)
    return f"remove {path.name}"


def rename_seed(root: Path, chosen: random.Random) -> str:
    path = _one(root / "seeds", chosen)
    path.rename(path.with_name(f"renamed-{chosen.randrange(1000)}.txt"))
    (root / "articles" / f"{path.stem}.md").unlink(missing_ok=True)
    return f"rename {path.name}"


def change_seed(root: Path, chosen: random.Random) -> str:
    path = _one(root / "seeds", chosen)
    lines = path.read_text(encoding="utf-8").split("\n")
    lines.insert(chosen.randrange(4, len(lines)), f"Đoạn mới về {chosen.choice(corpus.PLACES)[0]} có {chosen.randrange(99)} trường.")
    path.write_text("\n".join(lines), encoding="utf-8")
    return f"change {path.name}"


def change_all_seeds(root: Path, number: int) -> None:
    """A sentence more in the body of each."""
    for path in sorted((root / "seeds").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        longest = max(text.split("\n"), key=len)
        path.write_text(text.replace(longest, f"{longest} Thầy cô giáo kể thêm chuyện thứ {number}.", 1), encoding="utf-8")


def retitle_seed(root: Path, chosen: random.Random) -> str:
    path = _one(root / "seeds", chosen)
    lines = path.read_text(encoding="utf-8").split("\n")
    lines[2 if lines[0].startswith("Đăng") else 4] = f"{chosen.choice(corpus.PLACES)[0]} mở {chosen.randrange(99)} lớp học mới"
    path.write_text("\n".join(lines), encoding="utf-8")
    return f"retitle {path.name}"


def edit_front_matter(root: Path, chosen: random.Random) -> str:
    path = _one(root / "articles", chosen, "*.md")
    field, value = chosen.choice([
        ("province", "nghe-an"), ("title", f"Sửa lần {chosen.randrange(99)}"), ("date", "2021-03-04"), ("topic", "null"),
        ("author", "Thu Hà"), ("withhold", "true"), ("slug", f"duong-dan-{chosen.randrange(9)}"), ("restore", "[1, 3]"),
    ])
    lines = [line for line in path.read_text(encoding="utf-8").split("\n") if not line.startswith(f"{field}:")]
    path.write_text("\n".join([lines[0], f"{field}: {value}", *lines[1:]]), encoding="utf-8")
    return f"edit {field} of {path.name}"


def edit_body(root: Path, chosen: random.Random) -> str:
    path = _one(root / "articles", chosen, "*.md")
    path.write_text(path.read_text(encoding="utf-8") + f"\nThêm {chosen.randrange(99)} câu *quan trọng* ở Sơn La.\n", encoding="utf-8")
    return f"edit body of {path.name}"


def write_article(root: Path, chosen: random.Random) -> str:
    name = f"tay-{chosen.randrange(9)}"
    (root / "articles" / f"{name}.md").write_text(f"---\ntitle: Bài tay {chosen.randrange(99)}\n---\n\nTin từ Huế.\n", encoding="utf-8")
    return f"write {name}"


def set_setting(root: Path, chosen: random.Random) -> str:
    line = chosen.choice(["title: Báo", "related: 1", "fonts: none", "description: Khác", "site_url: https://example.net/a/",
                          "learn_repetition: 3", "interface: [vi, en]", "article_pages: digest", "article_pages: page"])
    path = root / "dateline.yml"
    kept = [old for old in path.read_text(encoding="utf-8").splitlines() if old.partition(":")[0] != line.partition(":")[0]]
    path.write_text("\n".join([*kept, line]) + "\n", encoding="utf-8")
    return f"set {line}"


def set_string(root: Path, chosen: random.Random) -> str:
    (root / "data" / "strings").mkdir(parents=True, exist_ok=True)
    (root / "data" / "strings" / "en.yml").write_text(f"nav.topics: Themes {chosen.randrange(99)}\n", encoding="utf-8")
    return "set a string"


def override_template(root: Path, chosen: random.Random) -> str:
    name = chosen.choice(["article.html", "listing.html", "home.html"])
    (root / "templates").mkdir(exist_ok=True)
    text = f'{{% extends "default/{name}" %}}{{% block scripts %}}<!-- own {chosen.randrange(99)} -->{{% endblock %}}\n'
    (root / "templates" / name).write_text(text, encoding="utf-8")
    return f"override {name}"


def override_fragment(root: Path, chosen: random.Random) -> str:
    """footer.html is put into pages by name, not by extends or include."""
    (root / "templates").mkdir(exist_ok=True)
    text = f'{{% include "default/footer.html" %}}<!-- {chosen.randrange(99)} -->\n'
    (root / "templates" / "footer.html").write_text(text, encoding="utf-8")
    return "override footer.html"


def add_rule(root: Path, chosen: random.Random) -> str:
    word = chosen.choice(["cho biết", "According to", "phòng học"])
    (root / "data").mkdir(exist_ok=True)
    (root / "data" / "cleaning.yml").write_text(
        f"rules:\n  - id: own-line\n    why: our own\n    cut: line\n    pattern: '.{{0,40}}{word}.*'\n"
        f"    drops: {word} x\n    keeps: y\n", encoding="utf-8")
    return f"add a rule about {word}"


def delete_page(root: Path, chosen: random.Random) -> str:
    path = _one(root / "site", chosen, "**/*.html")
    path.unlink()
    return f"delete {path.relative_to(root)}"


def spoil_page(root: Path, chosen: random.Random) -> str:
    path = _one(root / "site", chosen, "**/*.html")
    path.write_text("spoilt", encoding="utf-8")
    return f"spoil {path.relative_to(root)}"


def forget_seed(root: Path, chosen: random.Random) -> str:
    """The seed goes; its article stays until somebody prunes."""
    path = _one(root / "seeds", chosen)
    path.unlink()
    return f"forget {path.name}"


def kill_build(root: Path, chosen: random.Random) -> str:
    """A build that is killed in the middle."""
    child = multiprocessing.get_context("fork").Process(target=build, args=(root,))
    child.start()
    moment = chosen.uniform(0.05, 1.5)
    child.join(moment)
    child.kill()
    child.join()
    return f"kill a build after {moment:.2f} s"


def lose_cache(root: Path, chosen: random.Random) -> str:
    shutil.rmtree(root / ".dateline")
    return "lose the state folder"


EDITS: tuple[Edit, ...] = (
    add_seed, remove_seed, rename_seed, change_seed, retitle_seed, edit_front_matter, edit_body, write_article, set_setting,
    set_string, override_template, override_fragment, add_rule, delete_page, spoil_page, forget_seed, kill_build, lose_cache,
)


class _Below(SimpleHTTPRequestHandler):
    """A folder below a path, with its own 404 page, as static hosts do it."""

    base = ""

    def translate_path(self, path: str) -> str:
        return super().translate_path("/" + path.lstrip("/").removeprefix(self.base))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = (Path(self.directory) / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        """Keep the test output clean."""


@contextmanager
def served(folder: Path, base: str = "") -> Iterator[str]:
    """The folder over HTTP below `base`; gives the address of its root."""
    handler = partial(type("Handler", (_Below,), {"base": base}), directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}/{base}"
        running.shutdown()


def _one(folder: Path, chosen: random.Random, pattern: str = "*.txt") -> Path:
    return chosen.choice(sorted(folder.glob(pattern)))
