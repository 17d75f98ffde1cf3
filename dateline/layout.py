"""Jinja2, compiled for our views: what a template means is unchanged, what it costs is a third.

A page of a list looks up some four hundred fields and calls some hundred functions. Views are dicts and the functions are
ours, so the code that Jinja writes can do both directly; and texts that depend on nothing but the language are written
into the template.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import markupsafe
from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import TemplateSyntaxError
from jinja2.nodes import Node
from jinja2.visitor import NodeVisitor
from markupsafe import Markup, escape

from dateline.strings import Text

DIRECT = frozenset({
    "t", "href", "asset", "card", "part", "clean_text", "raw_text", "written", "quote_list", "meta_tags", "ld", "inline",
    "hash_of",
})  # fmt: skip
"""Functions of ours: they take no context, so Jinja need not ask each time whether they do."""
META_TAGS = frozenset({"names", "properties"})
"""What the function of this name reads of a page's head."""


# Another version of markupsafe may lack it: slower then.
_escaped: Callable[[str], str] = getattr(markupsafe, "_escape_inner", escape)


def shown(value: object) -> str:
    """A value as it stands in the page: escaped, unless it is markup.

    A tenth of what `markupsafe.escape` costs, which looks for __html__ and makes an object.

    >>> shown("Sở <b>"), shown(Markup("<b>")), shown(7)
    ('Sở &lt;b&gt;', Markup('<b>'), '7')
    """
    kind = value.__class__
    if kind is str:
        return _escaped(value)  # type: ignore[arg-type]  # it is a str
    return value if kind is Markup else str(escape(value))  # type: ignore[return-value]  # a Markup is a str


def names_in(tree: nodes.Template) -> frozenset[str] | None:
    """Every name that a template mentions: what it does not mention it cannot read, and need not be planned.

    None when it may read anything: it hands the page or its head on as a whole, or asks it for page["items"]().
    """
    found = tuple(tree.find_all(nodes.Expr))
    looked_into = {id(node.node) for node in found if isinstance(node, nodes.Getattr)}
    looked_into |= {id(node.node) for node in found if isinstance(node, nodes.Getitem)
                    and isinstance(node.arg, nodes.Const) and not hasattr(dict, str(node.arg.value))}
    calls = [node for node in found if isinstance(node, nodes.Call) and _calls(node, "part", "meta_tags")]
    looked_into |= {id(given) for call in calls for given in call.args}
    if any(id(node) not in looked_into for node in found if _is_page(node) or _is_head(node)):
        return None
    names = {node.attr for node in found if isinstance(node, nodes.Getattr)}
    texts = {node.value for node in found if isinstance(node, nodes.Const) and isinstance(node.value, str)}
    of_head = META_TAGS if any(_calls(call, "meta_tags") for call in calls) else frozenset()
    return frozenset(names | {word for text in texts for word in text.split(".")} | of_head)


def _is_page(node: nodes.Expr) -> bool:
    return isinstance(node, nodes.Name) and node.name == "page"


def _is_head(node: nodes.Expr) -> bool:
    """page.head or page["head"]"""
    name = node.attr if isinstance(node, nodes.Getattr) else node.arg if isinstance(node, nodes.Getitem) else None
    return name == "head" or (isinstance(name, nodes.Const) and name.value == "head")


def parts_in(tree: nodes.Template) -> tuple[str | None, ...]:
    """The templates named in part("header.html", page); None for one whose name is not written out."""
    named = [call.args[0] if call.args else None for call in tree.find_all(nodes.Call) if _calls(call, "part")]
    return tuple(name.value if isinstance(name, nodes.Const) else None for name in named)


def only_printed(tree: nodes.Template, name: str) -> bool:
    """Whether a template does nothing with a variable but print it: then something that stands for it may be printed instead."""
    printed = {id(child) for output in tree.find_all(nodes.Output) for child in output.nodes}
    return all(id(node) in printed for node in tree.find_all(nodes.Name) if node.name == name)


def _calls(call: nodes.Call, *functions: str) -> bool:
    return isinstance(call.node, nodes.Name) and call.node.name in functions


class Words(NodeVisitor):
    """A copy of a template with the texts in it that depend on nothing but the language: t("nav.home") → "Home".

    A page has some fifty of them; looking each one up again for every page was a third of the time of rendering. The tree that is
    copied serves the other languages.
    """

    def __init__(self, environment: Environment, texts: Mapping[str, Text]) -> None:
        self.environment, self.texts = environment, texts

    def generic_visit(self, node: Node, *args: Any, **kwargs: Any) -> Node:
        made: Node = object.__new__(type(node))
        for name, value in vars(node).items():
            setattr(made, name, self._copied(value))
        made.environment = self.environment
        return made

    def _copied(self, value: Any) -> Any:
        if isinstance(value, Node):
            return self.visit(value)
        return [self._copied(one) for one in value] if isinstance(value, list) else value

    def visit_Call(self, node: nodes.Call) -> Node:   # the visitor's own naming
        plain = isinstance(node.node, nodes.Name) and node.node.name == "t" and len(node.args) == 1 and not node.kwargs
        if plain and isinstance(node.args[0], nodes.Const):
            return nodes.Const(self.texts[node.args[0].value].other, lineno=node.lineno, environment=self.environment)
        return self.generic_visit(node)


class _Generator(CodeGenerator):
    """Writes `page["title"]` for page.title where page is a dict that has it, and href(…) for href(…)."""

    def blockvisit(self, nodes: Iterable[Node], frame: Frame) -> None:
        """A template, or a block of one, gathers its text in a list and gives it away as a whole: as a generator every piece
        of it would go through those of all the blocks and templates around it."""
        if frame.buffer is not None:
            super().blockvisit(nodes, frame)
            return
        self.buffer(frame)
        super().blockvisit(nodes, frame)
        self.writeline(f"yield concat({frame.buffer})")
        frame.buffer = None

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        name = repr(node.attr)
        self.write("(_d[" + name + "] if (_d := ")
        self.visit(node.node, frame)
        self.write(f").__class__ is dict and {name} in _d else environment.getattr(_d, {name}))")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        ours = isinstance(node.node, nodes.Name) and node.node.name in DIRECT
        if not ours or forward_caller or node.dyn_args or node.dyn_kwargs:
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for given in (*node.args, *node.kwargs):
            self.visit(given, frame)
            self.write(", ")
        self.write(")")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("_shown(")
        else:
            super()._output_child_pre(node, frame, finalize)

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        super().visit_Template(node, frame)
        self.writeline(f"from {__name__} import shown as _shown")


class Layouts(Environment):
    """Templates of one language. Views are dicts: an attribute is looked up as a key first."""

    code_generator_class = _Generator
    texts: Mapping[str, Text]
    trees: dict[str, nodes.Template]
    """Source → what it was read as. Those of all languages may share this."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = self.trees.get(source)
        if tree is None:
            tree = self.trees[source] = super()._parse(source, name, filename)
        return tree

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict:
            return self.undefined(obj=obj, name=attribute) if attribute not in obj else obj[attribute]
        return super().getattr(obj, attribute)

    def _generate(self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False) -> str:
        try:
            worded = Words(self, self.texts).visit(source)
        except KeyError as error:
            raise TemplateSyntaxError(f"there is no text {error}", 1, name, filename) from error
        return super()._generate(worded, name, filename, defer_init)
