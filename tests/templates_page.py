"""Write docs/templates.md from `dateline.views`: `python -m tests.templates_page`."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints, is_typeddict

from dateline import views

PAGE = Path(__file__).parent.parent / "docs" / "templates.md"
HEAD = """# Templates

A site changes how it looks by files in its own `templates/`. A file there wins over the shipped one of the same name;
`default/<name>` is always the shipped one, so one block can be changed and the rest kept:

```jinja
{% extends "default/article.html" %}
{% block cite %}{% endblock %}
```

Colours and type are variables of `assets/style.css`. A site's own `assets/site.css` is loaded after it, so one line changes the
accent everywhere, in both themes:

```css
:root{--accent:light-dark(#0b5a6b,#7fd0e0)}
```

A word is one line of the site's own `data/strings/en.yml` and `vi.yml`, by its key: `nav.latest: Fresh`.

Templates are Jinja2 with autoescape on; a name that does not exist stops the build. They lay out and decide nothing:
`page` has the facts, computed, and these functions do the rest.

| function | gives |
|---|---|
| `t("key", n=3)` | the text of `data/strings/<language>.yml`, in the page's language |
| `href(path)` | a link from this page to a path of the site |
| `asset("style.css")` | the link to a file of `assets/` under its published name; `""` when it is not there |
| `card(view)` | an article in a list (`card.html`), rendered once and reused |
| `part("header.html", page)` | a piece of the frame that stands on many pages, rendered once for each section |
| `clean_text(blocks, word)`, `raw_text(lines, word)`, `quote_list(rows, lang, paragraph, line)`, `written(markdown)` | \
the bulk of an article page, as safe HTML |
| `meta_tags(head)`, `ld(data)` | tags of `<head>`; JSON-LD |
| `inline("theme.js")`, `hash_of("theme.js")` | a script in the page itself, and its hash for the security policy |

`header.html` and `footer.html` are rendered once for each language and section, so they may use only the fields of
“Every page” below.

What costs most (the raw lines, tags and facts with their evidence, citations, the data in `<head>`, ways to narrow a list down) is
planned only when `article.html` or `listing.html`, or a template they extend or include, names the field. One that hands `page` on as
a whole, as in `{{ page|tojson }}`, gets everything.

## View models

Made from `dateline/views.py` by `python -m tests.templates_page`. A field holds text unless it says otherwise.
"""


def text() -> str:
    """The whole page."""
    named = {kind: name for name, kind in views.TEMPLATES.items()}
    parts = [HEAD]
    for kind in classes().values():
        base = _base(kind)
        title = f"`{named[kind]}`" if kind in named else kind.__name__
        also = f" It has the fields of {base}, too." if base else ""
        parts.append(f"### {title}\n\n{' '.join((inspect.getdoc(kind) or '').split())}{also}\n\n{_table(kind, base)}")
    return "\n".join(parts)


def classes() -> dict[str, Any]:
    """The view models in the order of the module."""
    return {name: kind for name, kind in vars(views).items() if is_typeddict(kind)}


def _base(kind: Any) -> str:
    """The largest class whose fields are all among this one's: typed dicts do not remember what they extend."""
    own = get_type_hints(kind, include_extras=True)
    known = {name: get_type_hints(other, include_extras=True) for name, other in classes().items() if other is not kind}
    inside = [name for name, hints in known.items() if hints.items() <= own.items() and len(hints) < len(own)]
    return max(inside, key=lambda name: len(known[name]), default="")


def _table(kind: Any, base: str) -> str:
    hints = get_type_hints(kind, include_extras=True)
    inherited = get_type_hints(classes()[base]) if base else {}
    rows = [
        f"| `{name}` | {_kind(hint)} | {hint.__metadata__[0]} |" for name, hint in hints.items() if name not in inherited
    ]
    return "\n".join(["| field | kind | what it is |", "|---|---|---|", *rows, ""])


def _kind(hint: Any) -> str:
    if hasattr(hint, "__metadata__"):
        hint = hint.__origin__
    origin, parts = get_origin(hint), get_args(hint)
    if origin is tuple and parts[-1] is Ellipsis:
        return f"list of {_kind(parts[0])}"
    if origin is tuple:
        return f"({', '.join(_kind(part) for part in parts)})"
    if origin is dict:
        return "mapping"
    return {str: "text", int: "number", bool: "yes or no"}.get(hint, getattr(hint, "__name__", str(hint)))


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
