"""A server that rsync reaches, as a place to publish to: `user@host:folder`."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from dateline import deploy_place
from dateline.config import Config
from dateline.deploy_place import LIST, MARKER, Deployed
from dateline.errors import OutputError
from dateline.model import Problem

_MISSING = 23
"""rsync's exit code when a named file is not there."""


def publish(config: Config, target: str, dry_run: bool) -> Deployed:
    """Bring the site there; only files whose content differs travel, and take their places together at the end."""
    rsync = deploy_place.program("rsync", "rsync, here and on the server")
    site, place = config.output_dir, target.rstrip("/") + "/"
    files = sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())
    with tempfile.TemporaryDirectory(prefix="dateline-") as folder:
        ours = _ours(rsync, place, Path(folder))
        gone = sorted(ours - set(files))
        said = _send(rsync, site, place, [*files, *gone], Path(folder), dry_run=True)
        sent = tuple(deploy_place.in_order(path for path in files if path in said))
        done = Deployed(target, sent, tuple(gone), len(files) - len(sent))
        if not dry_run and (sent or gone):
            _put_list(rsync, place, Path(folder), ours | set(files))
            _send(rsync, site, place, [*files, *gone], Path(folder), dry_run=False)
            _put_list(rsync, place, Path(folder), files)
    return done


def _ours(rsync: str, place: str, folder: Path) -> set[str]:
    """What we put there before; raises when something is there that is not ours."""
    if _call(rsync, ["-q", place + LIST, str(folder / "list")], place, allowed=_MISSING) == 0:
        return deploy_place.listed((folder / "list").read_bytes())
    if _call(rsync, ["-q", place + MARKER, str(folder / "marker")], place, allowed=_MISSING) == 0:
        return set()
    run = subprocess.run([rsync, "--list-only", place], capture_output=True, text=True, check=False)
    names = [line.split(None, 4)[-1] for line in run.stdout.splitlines() if line]
    there = [name for name in names if name != "."] if run.returncode == 0 else []
    if there:
        raise deploy_place.foreign(place, there)
    return set()


def _send(rsync: str, site: Path, place: str, paths: list[str], folder: Path, *, dry_run: bool) -> set[str]:
    """Send what differs of `paths`, remove those that are not in the site. Gives what was, or would be, sent."""
    (folder / "paths").write_bytes("".join(f"{path}\0" for path in paths).encode())
    options = ["-lc", "--from0", f"--files-from={folder / 'paths'}", "--delete-missing-args", "--delay-updates",
               "--chmod=D755,F644", "--mkpath", "--out-format=%i %n", *(["--dry-run"] if dry_run else [])]
    run = subprocess.run([rsync, *options, f"{site}/", place], capture_output=True, text=True, check=False)
    if run.returncode:
        raise _error(place, run.returncode, run.stderr)
    return {line.partition(" ")[2] for line in run.stdout.splitlines() if line[:2] in {"<f", ">f", "cf"}}


def _put_list(rsync: str, place: str, folder: Path, paths: set[str] | list[str]) -> None:
    (folder / LIST).write_bytes(deploy_place.listing(paths))
    _call(rsync, ["-q", "--mkpath", str(folder / LIST), place], place)


def _call(rsync: str, arguments: list[str], place: str, allowed: int = 0) -> int:
    run = subprocess.run([rsync, *arguments], capture_output=True, text=True, check=False)
    if run.returncode not in {0, allowed}:
        raise _error(place, run.returncode, run.stderr)
    return run.returncode


def _error(place: str, code: int, said: str) -> OutputError:
    """Turn what rsync says into what a person can do."""
    first = next((line for line in said.splitlines() if line.strip()), f"exit code {code}")
    hint = "mend that and publish again: it goes on where it stopped"
    if code == 255 or "ssh" in first.lower() or "resolve" in said.lower():
        hint = "check the address and the network; try  ssh  to that server first"
    elif "ermission denied" in said:
        hint = "you need to be allowed to write to that folder"
    elif "o space left" in said:
        hint = "the server's disk is full; free some space and publish again: it goes on where it stopped"
    return OutputError(Problem(place, None, f"rsync says: {first}", hint))
