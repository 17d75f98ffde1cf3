"""What the documentation says is true: examples in docstrings run, generated pages are fresh, links land."""

import doctest
import importlib
import re
from pathlib import Path

import pytest

from tests import generate

ROOT = Path(__file__).parent.parent
MODULES = sorted(path.stem for path in (ROOT / "dateline").glob("*.py") if path.stem != "__main__")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_hold(name):
    module = importlib.import_module(f"dateline.{name}" if name != "__init__" else "dateline")
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("path", list(generate.MADE), ids=lambda path: path.name)
def test_generated_pages_are_fresh(path):
    assert path.read_text(encoding="utf-8") == generate.MADE[path](), "run: python -m tests.generate"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_between_our_pages_land(page):
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_nothing_tracked_names_this_machine_or_a_registry():
    import subprocess

    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    # written in two halves, so that this line does not find itself
    halves = [("pypi", r"\.org"), ("registry", r"\.npmjs"), ("files\\.python", "hosted"), ("/work", "/"), ("/root", "/")]
    forbidden = re.compile("|".join(first + second for first, second in halves))
    for name in filter(None, names):
        path = ROOT / name
        if path.suffix in {".woff2", ".png"} or name.startswith("seeds/") or not path.is_file():
            continue
        found = forbidden.search(path.read_text(encoding="utf-8", errors="ignore"))
        assert found is None, f"{name}: {found}"
