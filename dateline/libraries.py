"""The libraries that Dateline stands on: an article or a page may look different with others.

in:   what is installed
out:  name → version; the folders they stand in, whose times of change tell that one was installed or removed
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from functools import cache


@cache
def versions() -> Mapping[str, str]:
    """Of all libraries that Dateline needs, those of extras left out; none when it is not installed, only found on the path."""
    from importlib import metadata  # 0.03 s, which a build that has nothing to do need not pay

    try:
        needed = metadata.requires("dateline") or []
    except metadata.PackageNotFoundError:
        return {}
    names = (re.match(r"[\w.-]+", requirement) for requirement in needed if "extra ==" not in requirement)
    return {name[0]: metadata.version(name[0]) for name in names if name}


def folders() -> list[str]:
    """Where libraries are installed."""
    return [path for path in sys.path if os.path.basename(path) in {"site-packages", "dist-packages"}]      # noqa: PTH119
