"""The libraries that Dateline stands on: an article or a page may look different with others.

in:   what is installed
out:  name → version; the folders they stand in, whose times of change tell that one was installed or removed
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cache


@cache
def versions() -> Mapping[str, str]:
    """Of all libraries that Dateline needs, those of extras left out; none when it is not installed, only found on the path."""
    from importlib import metadata  # 0.03 s, which a build that has nothing to do need not pay

    found: dict[str, str] = {}
    with suppress(metadata.PackageNotFoundError):
        for requirement in metadata.requires("dateline") or []:
            name = re.match(r"[\w.-]+", requirement)
            if name and "extra ==" not in requirement:
                with suppress(metadata.PackageNotFoundError):        # another system's, or put there without being installed
                    found[name[0]] = metadata.version(name[0])
    return found


def folders() -> list[str]:
    """Where libraries are installed."""
    return [path for path in sys.path if os.path.basename(path) in {"site-packages", "dist-packages"}]      # noqa: PTH119
