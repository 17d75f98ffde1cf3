"""The site of the five seeds is the one that somebody looked at and accepted."""

import pytest

from tests import golden_site

pytestmark = pytest.mark.slow


def test_the_site_is_the_accepted_one():
    made, accepted = golden_site.made(), golden_site.golden()
    if made != accepted:
        golden_site.write(golden_site.CHANGED, made)
    differing = sorted(name for name in made.keys() | accepted.keys() if made.get(name) != accepted.get(name))
    assert not differing, "compare tests/golden with tests/golden-changed; `make golden` accepts the change"
