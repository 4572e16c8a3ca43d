"""An HTML template against its form and the house."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

from jinja2 import nodes

from docgen import folders
from docgen.contract.composed import PageWalker, Source
from docgen.contract.coverage import unused
from docgen.contract.placeholders import Site
from docgen.contract.spots import excerpt, tag_spans
from docgen.contract.syntax import parse
from docgen.contract.values import must_print, names_of_engine, on_paper
from docgen.errors import Place, TemplateFinding
from docgen.render.html import ASSET_URL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from docgen.forms.form import Form

ASSET: Final = f"{ASSET_URL}qr"
"""The only address that a template may name: docgen.render.pdf serves it."""

_FORBIDDEN: Final = frozenset(
    {
        "script",
        "style",
        "link",
        "base",
        "iframe",
        "frame",
        "object",
        "embed",
        "applet",
        "form",
        "meta",
        "font",
        "svg",
        "math",
    }
)
_ADDRESSES: Final = frozenset(
    {"src", "href", "srcset", "data", "action", "formaction", "poster", "background", "cite", "xlink:href"}
)
_PRINTED: Final = "\ue000"
_QUOTED: Final = re.compile(r"\"[^\"]*\"|'[^']*'")
_OUTSIDE: Final = re.compile(r"(?:https?|file|ftp|data|javascript):|//|url\(", re.IGNORECASE)


def check(data: bytes, path: Path, form: Form) -> Iterator[TemplateFinding]:
    """Walk the findings of an HTML template."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        yield TemplateFinding("damaged", Place("正文", f"第 {line} 行"), "不是 UTF-8 编码的文字", "请另存为 UTF-8 编码")
        return
    text = text.replace("\r\n", "\n")
    place = _places("正文", text)
    tree = parse(text, place)
    if not isinstance(tree, nodes.Template):
        yield tree
        return
    source = Source(tree, Site(place))
    walker = PageWalker(form.printed, form.shape, names_of_engine(form, html=True), source, _house(path))
    walker.page(source)
    yield from walker.findings
    yield from unused(must_print(form), on_paper(form, walker.used))
    markup = _Markup(text)
    markup.feed(_without_tags(text))
    markup.close()
    yield from markup.findings


def _places(part: str, text: str) -> Callable[[int, str], Place]:
    """Return what turns a line into a place; where the words are not known, the line itself is quoted."""
    lines = text.split("\n")

    def place(line: int, words: str) -> Place:
        return Place(part, f"第 {line} 行", excerpt(words or (lines[line - 1] if 0 < line <= len(lines) else "")))

    return place


def _house(path: Path) -> Callable[[str], Source | None]:
    """Return a finder of files of the house: beside the checked file's notice, else where the engine looks."""
    roots = (path.resolve().parent.parent, *folders.templates("html"))

    def find(name: str) -> Source | None:
        file = next((root / name for root in roots if (root / name).is_file()), None)
        if file is None:
            return None
        text = file.read_text(encoding="utf-8")
        place = _places(name, text)
        tree = parse(text, place)
        return Source(tree, Site(place)) if isinstance(tree, nodes.Template) else None

    return find


def _without_tags(text: str) -> str:
    """Return the markup with jinja's tags blanked, lines kept; a mark stands for what a placeholder prints."""
    pieces, end = [], 0
    for start, stop in tag_spans(text):
        blank = _PRINTED if text.startswith("{{", start) else " "
        pieces += [text[end:start], "".join("\n" if char == "\n" else blank for char in text[start:stop])]
        end = stop
    return "".join([*pieces, text[end:]])


class _Markup(HTMLParser):
    """Reads the annex's own markup: what it looks like is said by the house, and nothing comes from outside."""

    def __init__(self, text: str) -> None:
        """Take the text that places quote from."""
        super().__init__()
        self.findings: list[TemplateFinding] = []
        self._place = _places("正文", text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Check one element."""
        if tag in _FORBIDDEN:
            self._report(
                "markup-not-allowed",
                f"不可使用 <{tag}>",
                "样式写在 _house 的样式表里，脚本和外部内容一律不用",
                f"<{tag}",
            )
        if _PRINTED in _QUOTED.sub("", self.get_starttag_text() or ""):
            self._report("markup-not-allowed", "占位符写在标签里却不在引号内", '写成 class="{{ … }}" 的样式', f"<{tag}")
        for name, value in attrs:
            if name in {"style", "face", "font-family", "bgcolor", "color"}:
                self._report(
                    "markup-not-allowed",
                    f"不可使用 {name}= 属性",
                    "用 class= 引用 _house 样式表里的样式",
                    f"{name}={value}",
                )
            elif name.startswith("on"):
                self._report("markup-not-allowed", f"不可使用事件属性 {name}=", "请删除", f"{name}={value}")
            elif name in _ADDRESSES and value != ASSET:
                self._report("outside-link", f"{name}= 引用了别处的内容", f"图片只可用 {ASSET}", f"{name}={value}")
            elif _OUTSIDE.match((value or "").strip()):
                self._report("outside-link", f"{name}= 引用了外部地址", "请删除外部地址", f"{name}={value}")

    def _report(self, code: str, detail: str, remedy: str, words: str) -> None:
        self.findings.append(TemplateFinding(code, self._place(self.getpos()[0], words), detail, remedy))
