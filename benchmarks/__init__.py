"""Measurements: each is a ratio against a peer in one run. Nothing here is asserted by the tests."""
