"""Known faults of what is installed: `pip-audit --format json … | python -m tests.audit`.

pip-audit counts a package that its database did not answer for as one without faults. Here that is said, and is no "clean":
exit 0 when every package was looked up and none has a known fault, 1 when one has, 3 when not all could be looked up.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

CLEAN, FAULTY, UNKNOWN = 0, 1, 3
OURS = frozenset({"dateline"})


def told(report: Mapping[str, Any]) -> tuple[str, int]:
    """What pip-audit found, in words, and the exit code."""
    rows = [row for row in report["dependencies"] if row["name"] not in OURS]
    faults = [f"{row['name']} {row['version']}: {fault['id']}, mended in {', '.join(fault['fix_versions']) or 'no version'}"
              for row in rows for fault in row.get("vulns", ())]
    unknown = [row for row in rows if "skip_reason" in row]
    known = f"{len(rows) - len(unknown)} of {len(rows)} packages looked up"
    if faults:
        return "\n".join([f"audit: {known}, known faults:", *faults]), FAULTY
    if unknown or not rows:
        return f"audit: {known}; the database of known faults cannot be had here, so nothing is said of the others", UNKNOWN
    return f"audit: {known}, no known fault", CLEAN


def main() -> None:
    text = sys.stdin.read()
    words, code = told(json.loads(text)) if text.strip() else ("audit: pip-audit gave no answer; is there a network?", UNKNOWN)
    print(words)
    sys.exit(code)


if __name__ == "__main__":
    main()
