"""Whose is what we ship: docs/licences.md names every file and every package, and the fonts are the ones it says."""

import re
import tomllib
from hashlib import sha256

import pytest

from tests.conftest import ROOT

TEXT = (ROOT / "docs/licences.md").read_text(encoding="utf-8")
TOLD = set(re.findall(r"`([\w./-]+)`", TEXT))
SHIPPED = sorted(path.relative_to(ROOT / folder).as_posix() for folder in ("assets", "data")
                 for path in (ROOT / folder).rglob("*") if path.is_file())
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_file_has_an_owner_and_a_licence(name):
    assert name in TOLD


@pytest.mark.parametrize("package", [re.match(r"[\w-]+", one)[0] for one in PROJECT["dependencies"]])
def test_every_package_that_is_installed_with_it_has_its_licence_named(package):
    assert f"\n| {package} | " in TEXT


def test_the_fonts_are_unchanged_and_have_their_licence_beside_them():
    fonts = sorted((ROOT / "assets").glob("*.woff2"))
    for path in fonts:
        assert f"{sha256(path.read_bytes()).hexdigest()}  {path.name}" in TEXT
    licence = (ROOT / "assets/source-serif-4-OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence and "Reserved Font Name ‘Source’" in licence and len(fonts) == 2


def test_a_site_with_the_fonts_has_their_licence(site):
    found = {path.name.split(".")[0] for path in (site / "assets").iterdir()}
    assert "source-serif-4-OFL" in found and "source-serif-4-latin-wght-normal" in found
