"""The view models are what `views` says, and the documentation says the same."""

from __future__ import annotations

from typing import Any, get_args, get_origin, get_type_hints, is_typeddict

import pytest

from dateline import pages, story, views
from tests import templates_page
from tests.site_factory import ROOT, left_pages, plain_card, shared, sheet_pages, world

WORLD = world(tuple(plain_card(n) for n in range(120)))
SITE = WORLD.site
FOUND = [
    *(story.article_page(SITE, article, WORLD.links(article.id)) for article in WORLD.articles), *pages.site_pages(SITE),
    *sheet_pages(shared(WORLD)), *left_pages(WORLD),
]


def fits(value: Any, kind: Any, where: str) -> None:
    """The value is of the kind that the class names, all the way down."""
    if hasattr(kind, "__metadata__"):
        kind = kind.__origin__
    origin, parts = get_origin(kind), get_args(kind)
    if is_typeddict(kind):
        hints = get_type_hints(kind, include_extras=True)
        assert isinstance(value, dict), where
        assert value.keys() == hints.keys(), f"{where}: {value.keys() ^ hints.keys()}"
        for name, hint in hints.items():
            fits(value[name], hint, f"{where}.{name}")
    elif origin is tuple and parts[-1] is Ellipsis:
        assert isinstance(value, tuple), where
        for item in value:
            fits(item, parts[0], f"{where}[]")
    elif origin is tuple:
        assert isinstance(value, tuple) and len(value) == len(parts), where
        for item, part in zip(value, parts, strict=True):
            fits(item, part, f"{where}[]")
    elif origin is dict:
        assert isinstance(value, dict), where
    else:
        assert type(value) is kind, f"{where}: {value!r} is no {kind}"


@pytest.mark.parametrize("template", [name for name in sorted(views.TEMPLATES) if name != "moved.html"])
def test_a_templates_pages_have_the_view_it_is_promised(template: str) -> None:
    own = [page for page in FOUND if page.template == template]
    assert own
    for page in own:
        fits(page.view, views.TEMPLATES[template], page.path)


def test_every_template_has_a_view_model_and_the_other_way_round() -> None:
    pieces = {"base.html", "header.html", "footer.html", "card.html", "parts.html"}
    assert {path.name for path in (ROOT / "templates").glob("*.html")} - pieces == set(views.TEMPLATES)


def test_the_documentation_of_the_view_models_is_fresh() -> None:
    written = (ROOT / "docs/templates.md").read_text(encoding="utf-8")
    assert written == templates_page.text(), "run: python -m tests.templates_page"


def test_every_field_says_what_it_is() -> None:
    for name, kind in templates_page.classes().items():
        for field, hint in get_type_hints(kind, include_extras=True).items():
            assert getattr(hint, "__metadata__", ("",))[0], f"{name}.{field}"
