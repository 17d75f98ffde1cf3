"""The golden site of the five seeds: `make golden` accepts what the build makes today.

Kept are the list of all files, the data, the articles as Markdown, and one page of each kind that a change would show on.
Names of assets carry a digest of their content; it is taken out, so that a change of colour is not a change of every page.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from dateline import config, pipeline

ROOT = Path(__file__).parent.parent
GOLDEN = ROOT / "tests" / "golden"
CHANGED = ROOT / "tests" / "golden-changed"
SHOWN = re.compile(
    r"site/(index|vi/index|about|review|statistics|search|404|provinces/hai-phong|provinces/former/hai-duong|topics/edu-teachers|"
    r"years/2023|articles/.*)\.html|site/data/.*|articles/.*"
)
_ASSET = re.compile(rb"(assets/[\w-]+)\.[0-9a-f]{8}\.")
_POLICY = re.compile(rb"'sha256-[A-Za-z0-9+/=]+'")


def made() -> dict[str, bytes]:
    """Path → content of what is compared, of a fresh build of the seeds."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        settings = config.load(root, seeds=str(ROOT / "seeds"), site_url="https://example.org/news/")
        pipeline.build(settings, jobs=1)
        files = {path.relative_to(root).as_posix(): path for path in sorted(root.rglob("*")) if path.is_file()}
        kept = {name: path for name, path in files.items() if name.startswith(("site/", "articles/"))}
        found = {name: _plain(path.read_bytes()) for name, path in kept.items() if SHOWN.fullmatch(name)}
        names = "".join(f"{_plain(name.encode()).decode()}\n" for name in kept)
    return {**found, "files.txt": names.encode()}


def golden() -> dict[str, bytes]:
    return {path.relative_to(GOLDEN).as_posix(): path.read_bytes() for path in sorted(GOLDEN.rglob("*")) if path.is_file()}


def write(folder: Path, files: dict[str, bytes]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _plain(content: bytes) -> bytes:
    return _POLICY.sub(b"'sha256-'", _ASSET.sub(rb"\1.", content))


if __name__ == "__main__":
    write(GOLDEN, made())
    shutil.rmtree(CHANGED, ignore_errors=True)
