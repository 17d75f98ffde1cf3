"""What the audit of packages says of what pip-audit could and could not find."""

from tests.audit import CLEAN, FAULTY, UNKNOWN, told

FINE = {"name": "jinja2", "version": "3.1.6", "vulns": []}
FAULT = {"name": "jinja2", "version": "3.1.0", "vulns": [{"id": "GHSA-h5c8-rqwp-cp95", "fix_versions": ["3.1.3"]}]}
NOT_FOUND = {"name": "rensa", "skip_reason": "Dependency not found on PyPI and could not be audited: rensa (0.2)"}


def test_all_looked_up_and_none_faulty_is_clean():
    assert told({"dependencies": [FINE, FINE]}) == ("audit: 2 of 2 packages looked up, no known fault", CLEAN)


def test_a_known_fault_is_named_with_the_version_that_mends_it():
    words, code = told({"dependencies": [FINE, FAULT, NOT_FOUND]})
    assert code == FAULTY and "jinja2 3.1.0: GHSA-h5c8-rqwp-cp95, mended in 3.1.3" in words


def test_a_package_that_could_not_be_looked_up_is_not_clean():
    for rows in ([FINE, NOT_FOUND], [NOT_FOUND], []):
        words, code = told({"dependencies": rows})
        assert code == UNKNOWN and "cannot be had" in words


def test_our_own_package_is_not_looked_up():
    assert told({"dependencies": [FINE, {"name": "dateline", "skip_reason": "not found"}]})[1] == CLEAN
