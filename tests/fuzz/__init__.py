"""Fuzzing with coverage feedback (atheris, for development only): `python -m tests.fuzz.run reader --seconds 600`."""
