"""Fuzz one target with atheris: `python -m tests.fuzz.run reader --seconds 600`; what crashes goes to tests/fuzz/cases/."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import atheris

CASES = Path(__file__).parent / "cases"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("target")
    parser.add_argument("--seconds", type=int, default=600)
    chosen = parser.parse_args()
    with atheris.instrument_imports(include=["dateline"]):
        from tests.fuzz.targets import TARGETS
    grown = Path("/tmp") / f"dateline-fuzz-{chosen.target}"
    grown.mkdir(exist_ok=True)
    (CASES / chosen.target).mkdir(parents=True, exist_ok=True)
    arguments = [sys.argv[0], str(grown), str(CASES / chosen.target), "seeds", f"-max_total_time={chosen.seconds}", "-max_len=4096",
                 "-timeout=10", f"-artifact_prefix={CASES / chosen.target}/", "-print_final_stats=1", "-rss_limit_mb=4096"]
    atheris.Setup(arguments, TARGETS[chosen.target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
