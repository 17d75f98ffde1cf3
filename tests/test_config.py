"""dateline.yml: every key optional, every mistake told at once."""

import pytest

from dateline import config
from dateline.errors import ConfigError


def write(folder, text):
    (folder / "dateline.yml").write_text(text, encoding="utf-8")
    return folder


def test_no_file_means_all_defaults(tmp_path):
    assert config.load(tmp_path).interface == ("en", "vi")


def test_the_command_line_wins_over_the_file(tmp_path):
    write(tmp_path, "output: public\n")
    assert config.load(tmp_path).output == "public"
    assert config.load(tmp_path, output="elsewhere").output == "elsewhere"


def test_an_unknown_setting_gets_the_near_miss_with_its_line(tmp_path):
    write(tmp_path, "title: Kho tin\nsite_ulr: https://example.org\n")
    with pytest.raises(ConfigError) as error:
        config.load(tmp_path)
    assert 'dateline.yml:2: unknown key "site_ulr"' in str(error.value)
    assert 'did you mean "site_url"?' in str(error.value)


def test_all_mistakes_are_told_in_one_run(tmp_path):
    write(tmp_path, "site_url: example.org\ninterface: [en, fr]\nfonts: comic\nrelated: many\n")
    with pytest.raises(ConfigError) as error:
        config.load(tmp_path)
    assert len(error.value.problems) == 4


@pytest.mark.parametrize("setting", ["output: seeds", "output: .", "output: seeds/site", "articles: site/articles"])
def test_folders_that_would_eat_each_other_are_refused(tmp_path, setting):
    with pytest.raises(ConfigError):
        config.load(write(tmp_path, setting))


def test_every_setting_has_a_sentence_of_documentation():
    import ast
    import inspect

    body = ast.parse(inspect.getsource(config.Config)).body[0].body
    for this, following in zip(body, [*body[1:], None], strict=True):
        if isinstance(this, ast.AnnAssign) and this.target.id != "root":
            assert isinstance(following, ast.Expr) and len(following.value.value) > 15, this.target.id
