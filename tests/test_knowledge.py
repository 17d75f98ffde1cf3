"""What data/ says is kept from one build to the next: the same value, or none."""

from dataclasses import fields, is_dataclass

import pytest

from dateline import config, knowledge, rules
from dateline.errors import KnowledgeError


@pytest.fixture
def settings(tmp_path):
    (tmp_path / ".dateline").mkdir()
    return config.load(tmp_path)


@pytest.fixture
def read_again(monkeypatch):
    """How often files were read."""
    times = []
    load = rules.load
    monkeypatch.setattr(rules, "load", lambda folders: times.append(folders) or load(folders))
    return times


def loaded(settings):
    known = knowledge.load(settings)
    knowledge.keep(settings, known)
    return known


def plain(value, kind=type):
    """A value with its types: what was 1 and is 1.0 has changed, unless other kinds are asked for."""
    if is_dataclass(value):
        return kind(value), [(field.name, plain(getattr(value, field.name), kind)) for field in fields(value)]
    if isinstance(value, (tuple, list)):
        return kind(value), [plain(one, kind) for one in value]
    if isinstance(value, (set, frozenset)):
        return kind(value), sorted(value)
    return kind(value), value


def loosely(value):
    return float if isinstance(value, int) else type(value)      # a weight of 1 in a file is one of 1.0


def test_what_was_kept_is_what_was_read(settings, read_again):
    first, second = loaded(settings), loaded(settings)
    assert len(read_again) == 1 and plain(first) == plain(second) and second.digest


def test_nothing_of_what_the_files_say_is_lost(settings):
    folders = settings.layers("data")
    files = knowledge._read(folders, knowledge._digest(folders))
    for kept in (loaded(settings), loaded(settings)):
        assert plain(kept, loosely) == plain(files, loosely)


def test_a_changed_file_is_read_again(settings, tmp_path, read_again):
    before = loaded(settings)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "cleaning.yml").write_text("rules: []\n", encoding="utf-8")
    after = loaded(config.load(tmp_path))
    assert len(read_again) == 2 and after.digest != before.digest


def test_settings_that_ask_for_more_are_answered_with_more(settings, tmp_path):
    assert not loaded(settings).personal.rules
    assert loaded(config.load(tmp_path, mask_personal=True)).personal.rules
    assert not loaded(settings).personal.rules


def test_complaints_are_made_each_time(settings, tmp_path):
    loaded(settings)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "cleaning.yml").write_text("rules: [\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(KnowledgeError, match=r"cleaning\.yml:"):
            loaded(config.load(tmp_path))


@pytest.mark.parametrize("damage", [
    lambda kept: b"",
    lambda kept: kept[:-1],
    lambda kept: kept[: len(kept) // 2],
    lambda kept: kept[:40_000] + bytes([kept[40_000] ^ 1]) + kept[40_001:],
    lambda kept: bytes([kept[0] ^ 1]) + kept[1:],
    lambda kept: kept + b"x",
])  # fmt: skip
def test_what_is_damaged_is_read_again(settings, tmp_path, read_again, damage):
    first = loaded(settings)
    path = tmp_path / ".dateline" / "knowledge"
    kept = path.read_bytes()
    path.write_bytes(damage(kept))
    assert plain(loaded(settings)) == plain(first) and len(read_again) == 2
    assert path.read_bytes() == kept


def test_what_other_code_has_kept_is_read_again(settings, monkeypatch, read_again):
    loaded(settings)
    monkeypatch.setattr(knowledge, "code", lambda: "another")
    loaded(settings)
    assert len(read_again) == 2


def test_whole_bytes_of_another_form_are_read_again(settings, tmp_path, read_again):
    digest = loaded(settings).digest
    for value in (b"", b"m", b"m000000000000 Knowledge\n\x80", b"\xff" * 50):
        (tmp_path / ".dateline" / "knowledge").write_bytes(knowledge._head(digest, value) + value)
        assert loaded(settings).rules.rules
    assert len(read_again) == 5


def test_it_is_kept_only_where_a_build_keeps_things(tmp_path):
    known = knowledge.load(config.load(tmp_path))
    assert list(tmp_path.iterdir()) == []
    (tmp_path / ".dateline").write_text("x")     # cannot be a folder
    knowledge.keep(config.load(tmp_path), known)
    assert (tmp_path / ".dateline").read_text() == "x"
