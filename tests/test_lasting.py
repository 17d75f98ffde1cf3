"""Python's search for garbage leaves out what stays, for as long as a build lasts and no longer."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest

from dateline import config, lasting, pipeline


class Circle:
    """Garbage that only the search finds."""

    def __init__(self) -> None:
        self.itself = self


def test_what_is_made_inside_is_left_out_until_the_build_is_over() -> None:
    with lasting.build():
        with lasting.values():
            assert not gc.isenabled()
            circle = Circle()
        assert gc.isenabled() and gc.get_freeze_count() > 0
        gone = weakref.ref(circle)
        del circle
        gc.collect()
        assert gone() is not None
        later = weakref.ref(Circle())
        gc.collect()
        assert later() is None
    assert gc.get_freeze_count() == 0
    gc.collect()
    assert gone() is None


def test_a_caller_who_has_switched_the_search_off_finds_it_off() -> None:
    gc.disable()
    try:
        with lasting.build(), lasting.values():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_in_a_build_all_of_it_is_rarely_looked_through() -> None:
    often = gc.get_threshold()
    with lasting.build():
        assert gc.get_threshold() == (*often[:2], lasting.RARELY)
    assert gc.get_threshold() == often


def test_all_is_as_before_when_something_fails() -> None:
    often = gc.get_threshold()
    with pytest.raises(ZeroDivisionError), lasting.build(), lasting.values():
        raise ZeroDivisionError
    assert gc.isenabled() and gc.get_freeze_count() == 0 and gc.get_threshold() == often


@pytest.mark.slow
def test_after_a_build_nothing_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "bai.txt").write_text("Sơn La mở lớp xóa mù chữ\nTối nào lớp học ở bản cũng sáng đèn.\n", encoding="utf-8")
    seen: list[int] = []
    pipeline.build(config.load(tmp_path), jobs=1, progress=lambda *_: seen.append(gc.get_freeze_count()))
    assert seen[-1] > 0 == gc.get_freeze_count() and gc.isenabled()
