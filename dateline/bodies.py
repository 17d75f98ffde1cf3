"""Blocks and raw lines → HTML, straight: the bulk of an article page, and the hot path of a build.

Text is escaped here, by markupsafe; markup comes from this module only. What a person wrote as Markdown goes through
`markdown` and then `nh3`, so no edit can bring a script or a foreign image into a page.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from dateline.layout import shown

_MARK = {"p": "<mark>", "t": '<mark class="t">'}
_TAGS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "em", "strong", "a", "code", "pre", "br", "hr", "sup", "sub",
         "table", "thead", "tbody", "tr", "th", "td"}
_ATTRIBUTES = {"a": {"href", "title"}, "th": {"scope"}, "td": {"colspan"}, "ol": {"start"}}


def clean_text(blocks: Sequence[dict[str, Any]], paragraph: str) -> Markup:
    """The clean text with marks and paragraph anchors; `paragraph` is the hidden word before a number.

    >>> clean_text([{"kind": "paragraph", "id": "p1", "text": "Sở <b> Hà Nội", "lang": "", "marks": ((7, 13, "p"),)}], "§")
    Markup('<p id="p1"><a class="pn" href="#p1"><span class="vh">§ </span>1</a>Sở &lt;b&gt; <mark>Hà Nội</mark></p>')
    """
    out: list[str] = []
    listed = False
    hidden = shown(paragraph)
    for block in blocks:
        item = block["kind"] == "list-item"
        if item != listed:
            out.append("<ul>" if item else "</ul>")
            listed = item
        out.append(_block(block, hidden))
    if listed:
        out.append("</ul>")
    return Markup("".join(out))


_OPEN = {"paragraph": ("p", ""), "heading": ("h2", ""), "subheading": ("h3", ""), "list-item": ("li", ""), "note": ("p", ' class="nb"'),
         "caption": ("p", ' class="cap"')}


def _block(block: dict[str, Any], hidden: str) -> str:
    tag, css = _OPEN.get(block["kind"], ("p", ""))
    name = block["id"]
    lang = f' lang="{shown(block["lang"])}"' if block["lang"] else ""
    anchor = f'<a class="pn" href="#{name}"><span class="vh">{hidden} </span>{name[1:]}</a>' if name and tag == "p" else ""
    identity = f' id="{name}"' if name else ""
    return f"<{tag}{identity}{css}{lang}>{anchor}{marked(block['text'], block['marks'])}</{tag}>"


def marked(text: str, marks: Sequence[tuple[int, int, str]]) -> str:
    """Escaped text with <mark>s; the marks are in order and do not overlap."""
    if not marks:
        return shown(text)
    out: list[str] = []
    end = 0
    for start, stop, kind in marks:
        out += (shown(text[end:start]), _MARK[kind], shown(text[start:stop]), "</mark>")
        end = stop
    out.append(shown(text[end:]))
    return "".join(out)


def raw_text(lines: Sequence[dict[str, Any]], removed: str, linked: bool = True) -> Markup:
    """The raw lines as list items, numbered as in the file; `removed` goes before a reason: "Removed:".

    `linked` gives each an id: not where several articles share a page.
    """
    out: list[str] = []
    expected = 1
    before = shown(removed)
    for line in lines:
        number = line["number"]
        value = "" if number == expected else f' value="{number}"'
        expected = number + 1
        css = ' class="cut"' if line["cut"] else ""
        why = f'<span class="why">{before} {shown(line["why"])}</span>' if line["why"] else ""
        text = "".join(f"<del>{_visible(words)}</del>" if is_cut else _visible(words) for words, is_cut in line["parts"])
        name = f' id="L{number}"' if linked else ""
        out.append(f'<li{name}{value}{css}><span>{why}{text}</span></li>')
    return Markup("".join(out))


# Controls, soft hyphens, zero-width and bidi marks, fillers, variation selectors, tags: all that a reader cannot see.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def _visible(words: str) -> str:
    """Escaped, with every hidden character replaced by its number, so that nothing in a raw text misleads.

    >>> _visible("Sở\u200b <b>")
    'Sở<code title="ZERO WIDTH SPACE">U+200B</code> &lt;b&gt;'
    """
    if words.isascii() and words.isprintable():                # most English lines: the expression costs 50 ns a letter
        return shown(words)
    return _HIDDEN.sub(_number, shown(words))


def _number(match: re.Match[str]) -> str:
    number = ord(match[0])
    name = unicodedata.name(match[0], "") or ("CONTROL CHARACTER" if number < 0xA0 else "HIDDEN CHARACTER")
    return f'<code title="{name}">U+{number:04X}</code>'


def meta_tags(head: dict[str, Any]) -> Markup:
    """Open Graph, Dublin Core and citation_* tags."""
    out = [f'<meta property="{name}" content="{shown(content)}">' for name, content in head["properties"]]
    out += [f'<meta name="{name}" content="{shown(content)}">' for name, content in head["names"]]
    return Markup("".join(out))


def quote_list(rows: Sequence[dict[str, Any]], lang: str, paragraph: str, line: str) -> Markup:
    """A claim's evidence as a list; `paragraph` and `line` are the words for a place, with {number} in them.

    >>> print(quote_list([{"quote": "Hà Nội", "rule": "name", "places": (("p3", "3"),)}], "", "para {number}", ""))
    <ul class="ev"><li><q>Hà Nội</q> <span class="w">name, <a href="#p3">para 3</a></span></li></ul>
    """
    out = ['<ul class="ev">']
    spoken = f' lang="{shown(lang)}"' if lang else ""
    for row in rows:
        where: list[str] = [shown(row["rule"])] if row["rule"] else []
        for position, (anchor, number) in enumerate(row["places"]):
            form = line if anchor[0] == "L" else paragraph if position == 0 else "{number}"
            where.append(f'<a href="#{anchor}">{shown(form.format(number=number))}</a>')
        beside = f' <span class="w">{", ".join(where)}</span>' if where else ""
        quote = f"<q{spoken}>{shown(row['quote'])}</q>" if row["quote"] else ""
        out.append(f"<li>{quote}{beside}</li>")
    return Markup("".join((*out, "</ul>")))


def written(text: str) -> Markup:
    """Markdown by a person → safe HTML.

    >>> written('Hà Nội <script>alert(1)</script> [x](javascript:alert(1)) *đẹp*')
    Markup('<p>Hà Nội  <a rel="noopener">x</a> <em>đẹp</em></p>')
    """
    import markdown  # not for what the tool itself has written
    import nh3

    html = markdown.markdown(text, extensions=["tables", "sane_lists"], output_format="html")
    safe = nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https", "mailto"}, link_rel="noopener")
    return Markup(safe)
