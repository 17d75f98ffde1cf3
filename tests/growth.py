"""How the cost of some work grows with its size: the tests ask for a ratio, never for seconds.

What grows with the square takes four times as long for twice the size on every try; linear work is now and then disturbed by
whatever else the machine does, so that one undisturbed try out of a few is proof enough.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

NOISE = 0.02      # seconds of the processor; below that a ratio says nothing


def assert_linear(work: Callable[[int], object], size: int, most: float = 3.0, tries: int = 6) -> None:
    """Fail unless `work(2 * size)` costs less than `most` times `work(size)` in at least one of the tries."""
    work(max(1, size // 100))
    seen = []
    for _ in range(tries):
        once, twice = _cost(work, size), _cost(work, 2 * size)
        if twice < most * once + NOISE:
            return
        seen.append(f"{once:.3f} → {twice:.3f}")
    raise AssertionError(f"grows faster than its size: {', '.join(seen)} s")


def _cost(work: Callable[[int], object], size: int) -> float:
    gc.collect()
    gc.disable()
    try:
        began = time.process_time()
        work(size)
        return time.process_time() - began
    finally:
        gc.enable()
