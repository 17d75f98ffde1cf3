"""The gh-pages branch of the project's repository, as a place to publish to. Needs ghp-import: pip install "dateline[pages]".

The branch is first brought to what the remote has, then a commit is put on it and pushed; a push that is rejected leaves
the remote as it was, and the next try starts from there.
"""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha1
from importlib.util import find_spec

from dateline import deploy_place
from dateline.config import Config
from dateline.deploy_place import MARKER, Deployed
from dateline.errors import OutputError
from dateline.exports_rows import missing
from dateline.model import Problem


def publish(config: Config, remote: str, branch: str, dry_run: bool) -> Deployed:
    """Commit the site to `branch` and push it to `remote`."""
    git = _Git(deploy_place.program("git", "git"), config, remote, branch)
    git.run("rev-parse", "--git-dir")
    head = git.fetched()
    there = git.tree(head) if head else {}
    if there and MARKER not in there:
        raise deploy_place.foreign(git.target, there)
    site = config.output_dir
    files = sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())
    changed = [path for path in files if _blob((site / path).read_bytes()) != there.get(path)]
    domain = git.run("show", f"{head}:CNAME").strip() if "CNAME" in there and "CNAME" not in files else ""
    gone = tuple(sorted(there.keys() - set(files) - ({"CNAME"} if domain else set())))
    done = Deployed(git.target, tuple(deploy_place.in_order(changed)), gone, len(files) - len(changed))
    if not dry_run and (changed or gone):
        git.commit(head, domain)
        git.push()
    return done


def _blob(content: bytes) -> str:
    """The name git gives to a content."""
    return sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


class _Git:
    """One repository, remote and branch."""

    def __init__(self, program: str, config: Config, remote: str, branch: str) -> None:
        self.program, self.config, self.remote, self.branch = program, config, remote, branch
        self.target = f"{remote}/{branch}"

    def run(self, *arguments: str) -> str:
        return self.call([self.program, *arguments])

    def call(self, command: list[str]) -> str:
        run = subprocess.run(command, cwd=self.config.root, capture_output=True, check=False)
        if run.returncode:
            raise self.error(run.stderr.decode("utf-8", "replace"))
        return run.stdout.decode("utf-8", "surrogateescape")

    def fetched(self) -> str:
        """The commit the remote's branch is at, "" when it has none; it is fetched."""
        said = self.run("ls-remote", self.remote, f"refs/heads/{self.branch}")
        head = said.partition("\t")[0].strip()
        if head:
            self.run("fetch", "--quiet", self.remote, f"refs/heads/{self.branch}")
        return head

    def tree(self, commit: str) -> dict[str, str]:
        rows = (row for row in self.run("ls-tree", "-r", "-z", commit).split("\0") if row)
        return {row.partition("\t")[2]: row.split("\t")[0].split()[2] for row in rows}

    def commit(self, head: str, domain: str) -> None:
        """Put the site's files on top of what the remote has; a CNAME that the host put there stays."""
        if find_spec("ghp_import") is None:
            raise missing("pages", "ghp-import")
        if head:
            self.run("update-ref", f"refs/heads/{self.branch}", head)
        elif self.run("for-each-ref", f"refs/heads/{self.branch}"):
            self.run("update-ref", "-d", f"refs/heads/{self.branch}")
        options = ["-b", self.branch, "-r", self.remote, "-m", "Publish the site", *(["-c", domain] if domain else [])]
        site = str(self.config.output_dir.resolve())
        self.call([sys.executable, "-m", "ghp_import", *options, site])
        if self.run("rev-parse", f"refs/heads/{self.branch}").strip() == head:
            raise self.error("fatal: the commit could not be made")

    def push(self) -> None:
        self.run("push", "--quiet", self.remote, f"refs/heads/{self.branch}:refs/heads/{self.branch}")

    def error(self, said: str) -> OutputError:
        """Turn what git says into what a person can do."""
        lines = [line for line in said.splitlines() if line.strip()]
        telling = [line for line in lines if line.startswith(("fatal", "error", " !", "remote: error"))]
        first = [*telling, *lines, "git failed"][0]
        hints = (
            ("not a git repository", "git init, add the remote, then publish again"),
            ("does not appear to be a git repository", f"git remote add {self.remote} ADDRESS, or name another with --remote"),
            ("rejected", "somebody published in between, or the branch is protected; publish again"),
            *((words, "there is no network, or the remote's address is wrong; nothing was published")
              for words in ("ould not resolve host", "Failed to connect", "onnection refused", "timed out")),
            ("ermission denied", "check that you may push there"),
            ("uthentication failed", "check your key or token for the remote"),
        )
        hint = next((hint for words, hint in hints if words in said), "mend that and publish again; the remote is as it was")
        return OutputError(Problem(self.target, None, f"git says: {first.strip()}", hint))
