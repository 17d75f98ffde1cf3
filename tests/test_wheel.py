"""What `pip install` puts on a machine works in any folder, without a network and with nothing of the checkout beside it."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from dateline import __version__

ROOT = Path(__file__).parent.parent
PIP = [sys.executable, "-P", "-m", "pip", "--disable-pip-version-check", "--no-input"]
STORY = "Cà Mau khai giảng năm học mới\n\n05/09/2024\n\nSáng 5/9, học sinh tỉnh Cà Mau khai giảng năm học mới.\n"

pytestmark = pytest.mark.slow


def wheel_of(source, folder):
    command = [*PIP, "wheel", "--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(source)]
    subprocess.run(command, check=True, cwd=folder)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return wheel_of(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def machine(wheel, tmp_path_factory):
    """An environment that has our dependencies and not us, into which the wheel is installed from a folder."""
    folder = tmp_path_factory.mktemp("machine")
    (folder / "dependencies").mkdir()
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if not path.name.startswith(("dateline", "_editable", "__editable__")) and path.suffix != ".pth":
            (folder / "dependencies" / path.name).symlink_to(path)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], check=True)
    packages = next((folder / "venv").glob("lib/python*/site-packages"))
    (packages / "dependencies.pth").write_text(f"{folder / 'dependencies'}\n")
    offline = {**os.environ, "PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1"}
    command = [*PIP, "--python", str(folder / "venv/bin/python"), "install", "--quiet", "--no-index", "--find-links", str(wheel.parent)]
    subprocess.run([*command, "dateline"], check=True, cwd=folder, env=offline)
    return folder / "venv"


def dateline(machine, folder, *arguments):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run([machine / "bin/dateline", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=True)


def test_a_new_project_builds_from_the_wheel_alone(machine, tmp_path):
    dateline(machine, tmp_path, "new", "my-corpus")
    (tmp_path / "my-corpus" / "seeds" / "a.txt").write_text(STORY, encoding="utf-8")
    done = dateline(machine, tmp_path / "my-corpus", "build", "--strict")
    assert "articles                1" in done.stdout
    assert (tmp_path / "my-corpus" / "site" / "index.html").is_file()


def test_what_runs_is_what_was_installed(machine, tmp_path):
    code = "import dateline, sys; print(dateline.__file__); print(dateline.__version__)"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    said = subprocess.run([machine / "bin/python", "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    where, version = said.stdout.split()
    assert Path(where).is_relative_to(machine) and version == __version__


def test_the_wheel_carries_knowledge_templates_and_fonts(wheel):
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())
    shipped = {name.split("/")[2] for name in names if name.startswith("dateline/shipped/")}
    assert shipped == {"data", "templates", "assets"} and "dateline/shipped/data/provinces.yml" in names
    assert [name for name in names if name.startswith("dateline/shipped/assets/") and name.endswith(".woff2")]


def test_the_wheel_holds_no_article_and_no_test(wheel):
    with zipfile.ZipFile(wheel) as packed:
        tops = {name.split("/")[0] for name in packed.namelist()}
    assert {name for name in tops if not name.endswith(".dist-info")} == {"dateline"}


def test_the_source_archive_builds_the_same_wheel(wheel, tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path)]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    again = wheel_of(next(tmp_path.glob("*.tar.gz")), tmp_path)
    with zipfile.ZipFile(wheel) as one, zipfile.ZipFile(again) as other:
        assert {name: one.read(name) for name in one.namelist()} == {name: other.read(name) for name in other.namelist()}
