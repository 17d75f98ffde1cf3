"""The built site → where people read it: a folder, a server by rsync, an S3-compatible bucket, a gh-pages branch.

in:   the site of the output folder, checked first; and a target
out:  Deployed: what was sent, and what was removed; or DatelineError with the remedy

Only what changed travels, and what is not ours is left alone: a place is ours when it is empty or holds our marker, and a
list of what we put there (LIST) lies beside it. Pages come after what they need, removals last, so that a reader never
meets a page whose files are not there yet; a try that is broken off is completed by the next one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dateline import check, deploy_git, deploy_rsync, deploy_s3, hosts
from dateline.config import Config
from dateline.deploy_place import Deployed, Folder, synchronise
from dateline.errors import OutputError
from dateline.model import Problem


def publish(config: Config, target: str, *, dry_run: bool = False, endpoint: str | None = None, remote: str = "origin",
            branch: str = "gh-pages") -> Deployed:
    """Bring the site to `target`: "gh-pages", "s3://bucket/prefix", "user@host:folder" or a folder."""
    ready(config, target)
    if target == "gh-pages":
        return deploy_git.publish(config, remote, branch, dry_run)
    if target.startswith("s3://"):
        return synchronise(config, deploy_s3.bucket(target, endpoint), dry_run)
    if ":" in target.partition("/")[0] and not Path(target).exists():
        return deploy_rsync.publish(config, target, dry_run)
    return synchronise(config, Folder(target, _apart(Path(target), config)), dry_run)


def ready(config: Config, target: str) -> None:
    """The site can be shown to people, and the host takes it; raises with everything that is wrong with it."""
    name = "github-pages" if target == "gh-pages" else "s3" if target.startswith("s3://") else config.host
    host = hosts.named(name, config.layers("data"), "dateline.yml") if name else None
    size = check.size(config.output_dir, check.inventory(config.output_dir))
    told = (*check.check(config), *(hosts.problems(size, host, config.output) if host else ()))
    found = [problem for problem in told if problem.severity == "error"]
    if found:
        shown = found[:10]
        more = f" and {len(found) - 10:,} more" if len(found) > 10 else ""
        message = f"the site has {len(found):,} faults{more}, and was not published"
        raise OutputError([Problem(str(config.output_dir), None, message, "dateline build, then  dateline check"), *shown])


def _apart(folder: Path, config: Config) -> Path:
    """The folder, when it is neither the site nor lies in it, nor the site in it."""
    one, site = folder.resolve(), config.output_dir.resolve()
    if one == site or site in one.parents or one in site.parents:
        raise OutputError(Problem(str(folder), None, "is the site's own folder, or holds it", "name another folder"))
    return folder


def lines(done: Deployed, dry_run: bool) -> Iterator[str]:
    """What is said of a publish."""
    for sign, paths in (("+", done.sent), ("-", done.removed)):
        yield from (f"{sign} {path}" for path in paths if dry_run)
    words = ("to send", "to remove") if dry_run else ("sent", "removed")
    yield f"{done.target}: {len(done.sent):,} {words[0]}, {len(done.removed):,} {words[1]}, {done.unchanged:,} unchanged"
