"""Jinja source to its syntax tree, and jinja's own complaints as Chinese sentences."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from jinja2.exceptions import TemplateSyntaxError

from docgen.errors import TemplateFinding
from docgen.render.environment import sandbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import nodes

    from docgen.errors import Place
    from docgen.render.environment import TemplateSandbox

MOST_TAGS: Final = 20_000
"""Jinja's tags in one source; real ones have fewer than a hundred, and parsing a million takes minutes."""

_SENTENCES: Final = (
    (
        r"Encountered unknown tag '(.+?)'. .*innermost block that needs to be closed is '(.+?)'",
        "{1} 还没有结束，却出现了 {0}",
    ),
    (r"Encountered unknown tag '(.+?)'", "不认识的语句 {0}，或它没有对应的开头"),
    (r"Unexpected end of template.*innermost block that needs to be closed is '(.+?)'", "{0} 没有对应的 end{0}"),
    (r"expected token '(.+?)', got '(.+?)'", "此处应为 {0}，却是 {1}"),
    (r"unexpected char (.+?) at", "不认识的字符 {0}，引号和括号须用半角"),
    (r"unexpected '(.+?)'", "此处不应有 {0}"),
    (r"block '(.+?)' defined twice", "块 {0} 写了两次"),
)
_REMEDY: Final = "请对照其他模板改正：{{ 字段 }}、{% for … %}…{% endfor %}、{% if … %}…{% endif %}"


@cache
def _environment() -> TemplateSandbox:
    return sandbox()


def parse(source: str, place: Callable[[int, str], Place]) -> nodes.Template | TemplateFinding:
    """Return the tree of a source, or what is wrong with it; ``place`` turns a line into a place."""
    if source.count("{{") + source.count("{%") > MOST_TAGS:
        return TemplateFinding(
            "too-large", place(1, ""), f"占位符超过 {MOST_TAGS:,} 个", "请删去多余的占位符，重复的行用循环"
        )
    try:
        return _environment().parse(source)
    except TemplateSyntaxError as error:
        return TemplateFinding("jinja-syntax", place(error.lineno, ""), _in_chinese(error.message or ""), _REMEDY)
    except RecursionError:
        return TemplateFinding("jinja-syntax", place(1, ""), "括号或语句嵌套太深", "请拆成几个简单的占位符")


def _in_chinese(message: str) -> str:
    for pattern, sentence in _SENTENCES:
        if found := re.search(pattern, message, re.DOTALL):
            return "模板语法有误：" + sentence.format(*(group[:40] for group in found.groups()))
    return "模板语法有误，这里读不下去"
