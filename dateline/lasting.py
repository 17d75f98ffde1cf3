"""Values that stay to the end of a build: Python need not look through them for garbage, again and again as they grow in number.

After a change of one seed, of 10,000, that search took a tenth of the processor's time; of laying out 100,000 articles, 7 %, half
of it in looking through everything, a hundred times.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

RARELY = 1000
"""Python looks through everything after so many looks at what is young; by itself, after ten. What a build makes and lets go of
is young, and of what is old most stays."""


@contextmanager
def values() -> Iterator[None]:
    """What is made inside stays to the end of the `build`. For code that makes much and leaves no garbage in circles."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if enabled:
            gc.enable()


@contextmanager
def build() -> Iterator[None]:
    """A build, after which all is looked through again: the process may go on, and build again."""
    often = gc.get_threshold()
    gc.set_threshold(*often[:2], RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*often)
        gc.unfreeze()
