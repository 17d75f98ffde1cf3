"""What can go wrong, in the reader's words.

    DatelineError               one or more things a person must mend; the command stops, exit 2
    ├── ConfigError             dateline.yml or a command-line value
    ├── KnowledgeError          data/*.yml or templates
    └── OutputError             the output folder cannot or must not be written

A bad *document* is never an error: it becomes a `model.Problem` in the report, and the rest is built.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from dateline.model import Problem


class DatelineError(Exception):
    """Stops the command and says what to mend.

    Takes all problems found, so that a person mends a file in one go and not one line per run.
    """

    def __init__(self, problems: Problem | str | Iterable[Problem]) -> None:
        if isinstance(problems, str):
            problems = Problem(where="", line=None, message=problems, hint="")
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ConfigError(DatelineError):
    """A setting is wrong."""


class KnowledgeError(DatelineError):
    """A file under data/ or templates/ is wrong."""


class OutputError(DatelineError):
    """The site cannot be written where it was asked for."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A remedy for a misspelt name.

    >>> did_you_mean("tittle", ["title", "site_url"])
    'did you mean "title"?'
    >>> did_you_mean("zzz", ["title", "site_url"])
    'known are: site_url, title'
    """
    names = sorted(known)
    close = get_close_matches(word, names, n=1, cutoff=0.6)
    return f'did you mean "{close[0]}"?' if close else f"known are: {', '.join(names)}"
