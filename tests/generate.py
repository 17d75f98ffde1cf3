"""Write the files that are made from the code: `python -m tests.generate`. A test fails when one is out of date."""

from __future__ import annotations

import ast
import inspect
import itertools
from dataclasses import MISSING, fields
from pathlib import Path

from dateline.config import Config

DOCS = Path(__file__).parent.parent / "docs"


def settings() -> str:
    """docs/settings.md: every setting of dateline.yml with its default and what it does."""
    body = next(node for node in ast.parse(inspect.getsource(Config)).body if isinstance(node, ast.ClassDef)).body
    told = {
        this.target.id: following.value.value
        for this, following in itertools.pairwise(body)
        if isinstance(this, ast.AnnAssign) and isinstance(this.target, ast.Name)
        and isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
    }
    rows = []
    for field in fields(Config):
        if field.default is MISSING:
            continue
        default = field.default
        shown = f"[{', '.join(default)}]" if isinstance(default, tuple) else str(default).lower() if isinstance(default, bool) else default
        meaning = " ".join(str(told[field.name]).split())
        rows.append(f"| `{field.name}` | `{shown if shown != '' else '(none)'}` | {meaning} |")
    return "\n".join([
        "# Settings", "",
        "`dateline.yml` in the project's folder. Every key is optional; an unknown one stops the build and gets the near miss.",
        "Made from `dateline/config.py` by `python -m tests.generate`.", "",
        "| key | default | what it does |", "|---|---|---|", *rows, "",
    ])


MADE = {DOCS / "settings.md": settings}

if __name__ == "__main__":
    for path, make in MADE.items():
        path.write_text(make(), encoding="utf-8")
