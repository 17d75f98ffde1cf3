"""A project on a disk that is too small, for real: `python -m tests.full_disk <folder> <room> …` builds it there with so many
bytes free, again and again, and writes what happened as JSON. It mounts the disk itself, so it is run in a name space of its own:

    unshare --map-root-user --mount python -m tests.full_disk /tmp/small 0 100000
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from dateline.errors import DatelineError
from tests import projects

SIZE = 48 << 20
ALONE = ("unshare", "--map-root-user", "--mount")
PIECE = 1 << 16


def possible() -> bool:
    """Whether this machine lets us mount a disk that nobody else sees."""
    try:
        done = subprocess.run([*ALONE, "mount", "-t", "tmpfs", "-o", "size=1m", "none", "/mnt"], capture_output=True, check=False)
    except FileNotFoundError:
        return False
    return done.returncode == 0


def fill(folder: Path, room: int) -> Path:
    """A file that leaves about so many bytes of its disk free."""
    path = folder / "filler"
    with path.open("wb", buffering=0) as filler:
        try:
            while True:
                filler.write(b"\0" * PIECE)
        except OSError:
            pass
        filler.truncate(max(0, filler.tell() - room))
    return path


def build(root: Path) -> str:
    try:
        projects.build(root)
    except DatelineError as error:
        return str(error)
    return ""


def one(root: Path, room: int) -> dict[str, object]:
    """Change something, build with little room, then with enough, and compare."""
    chosen = random.Random(room)
    mine = projects.edit_body(root, chosen).removeprefix("edit body of ")
    words = (root / "articles" / mine).read_bytes()
    before = projects.tree(root / "site")
    projects.change_all_seeds(root, room)
    projects.set_setting(root, chosen)
    filler = fill(root.parent, room)
    said = build(root)
    same = projects.tree(root / "site") == before
    filler.unlink()
    kept = (root / "articles" / mine).read_bytes() == words
    again = build(root)
    beside = root.parent / "clean"
    projects.copy(root, beside)
    build(beside)
    told = projects.told(projects.result(root), projects.result(beside))
    left = [path.name for path in root.parent.rglob(".dateline-*.tmp")]
    return {"room": room, "said": said, "same": same, "kept": kept, "again": again, "told": told, "left": left}


def main() -> None:
    folder, rooms = Path(sys.argv[1]), [int(room) for room in sys.argv[2:]]
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", str(folder)], check=True)
    root = folder / "project"
    with pytest.MonkeyPatch.context() as quick:
        projects.read_knowledge_once(quick)
        projects.start(root, random.Random(11), 5)
        projects.build(root)
        print(json.dumps([one(root, room) for room in rooms]))


if __name__ == "__main__":
    main()
