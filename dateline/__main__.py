"""The command `dateline`, also as `python -m dateline`: an answer that was given before, or else `cli`."""

from __future__ import annotations

import atexit
import os
import sys

from dateline import again

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def program(words: Sequence[str] | None = None, name: str = "dateline") -> None:
    """`main`, and then the process is over at once: Python would first take apart all that is in memory, value by value.

    Where somebody looks on (a profiler, a debugger), or what was said cannot be given out, it ends as any program does.
    """
    try:
        main(words, name)
    except SystemExit as ended:
        code = ended.code or 0
        if isinstance(code, int) and sys.gettrace() is None and sys.getprofile() is None:
            atexit._run_exitfuncs()
            if _given_out():
                os._exit(code)
        raise


def _given_out() -> bool:
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        return False
    return True


def main(words: Sequence[str] | None = None, name: str = "dateline") -> None:
    """Do what a command says (default: the one this process was started with)."""
    asked = sys.argv[1:] if words is None else list(words)
    said = again.answer(asked) if _plain() else None
    if said is None:
        from dateline import cli

        cli.main(words, prog_name=name, obj=tuple(asked))
        return
    out, err, code = said
    try:
        sys.stderr.write(err)
        sys.stdout.write(out)
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stderr.close()
        code = 0
    sys.exit(code)


def _plain() -> bool:
    """Whether text goes out as it stands; where it does not, `cli` knows what to do."""
    return all(stream is not None and stream.encoding.lower() == "utf-8" for stream in (sys.stdout, sys.stderr))


if __name__ == "__main__":
    program()
