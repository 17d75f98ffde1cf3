"""What `pip install .` puts on a machine works in any folder, with nothing of the checkout beside it."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-P", "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder),
               str(ROOT)]
    subprocess.run(command, check=True, cwd=folder)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(folder / "site-packages")
    return folder / "site-packages"


def dateline(installed, folder, *arguments):
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    command = [sys.executable, "-P", "-m", "dateline", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)


def test_a_new_project_builds_from_the_wheel_alone(installed, tmp_path):
    dateline(installed, tmp_path, "new", "my-corpus")
    (tmp_path / "my-corpus" / "seeds" / "a.txt").write_text(
        "Cà Mau khai giảng năm học mới\n\n05/09/2024\n\nSáng 5/9, học sinh tỉnh Cà Mau khai giảng năm học mới.\n", encoding="utf-8")
    done = dateline(installed, tmp_path / "my-corpus", "build", "--strict")
    assert "articles                1" in done.stdout
    assert (tmp_path / "my-corpus" / "site" / "index.html").is_file()


def test_the_wheel_carries_knowledge_templates_and_fonts(installed):
    shipped = installed / "dateline" / "shipped"
    assert {path.name for path in shipped.iterdir()} == {"data", "templates", "assets"}
    assert (shipped / "data" / "provinces.yml").is_file() and list((shipped / "assets").glob("*.woff2"))


def test_the_wheel_holds_no_article_and_no_test(installed):
    names = [path.relative_to(installed).parts[0] for path in installed.rglob("*") if path.is_file()]
    assert {name for name in names if not name.endswith(".dist-info")} == {"dateline"}
