"""The proof that whatever a Word template prints is well-formed XML, made once when it is compiled.

A result would have to be parsed each time, which takes longer than filling the template. Instead every branch and every
loop is shown to hold whole elements (or to end a run's text and begin another), and every printed value to stand where
text may stand; values are escaped, and the contract lets no character in that XML forbids. A template that cannot be
proved this way may still be right: its results are parsed one by one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from jinja2 import nodes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jinja2 import Environment

_TEXT: Final = "\ue000"
"""Stands for what is text: a printed value, a choice between words."""
_ELEMENTS: Final = "\ue001"
"""Stands for whole elements, which no attribute may hold."""
_BREAK: Final = "\ue002"
"""Stands for what ends the text of a run and begins another."""
_RUN: Final = ("w:r", "w:t")
_ROOT: Final = "x"
"""Around a body: nothing can stand after its end."""


class _UnprovableError(Exception):
    """The template does something that is not looked into here."""


def is_proved(source: str, environment: Environment, markup: frozenset[str]) -> bool:
    """Tell whether all results of a template are well-formed; ``markup`` are the filters that return elements."""
    tree = environment.parse(source)
    if any(found.name in markup for found in tree.find_all(nodes.Filter)):
        return False
    try:
        _want_sound(_shown(tree.body), ())
    except (_UnprovableError, expat.ExpatError):
        return False
    return True


def _shown(body: Sequence[nodes.Node]) -> str:
    """Return what a body prints, with marks for what differs; all bodies inside are proved on the way."""
    return "".join(part for node in body for part in _parts(node))


def _parts(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Output):
        yield from (one.data if isinstance(one, nodes.TemplateData) else _TEXT for one in node.nodes)
    elif isinstance(node, nodes.If | nodes.For):
        branches = node.elif_ if isinstance(node, nodes.If) else []
        yield _kind([_shown(body) for body in (node.body, node.else_, *(branch.body for branch in branches))])
    elif not isinstance(node, nodes.Assign):
        raise _UnprovableError


def _kind(bodies: Sequence[str]) -> str:
    """Return the mark for what is one of these bodies, or some of them in a row."""
    if not any(char in body for body in bodies for char in f"<>&\"'{_ELEMENTS}{_BREAK}"):
        return _TEXT
    try:
        for body in bodies:
            _want_sound(body, (_ROOT,))
    except expat.ExpatError:
        for body in bodies:
            _want_sound(body, (_ROOT, *_RUN))
        return _BREAK
    return _ELEMENTS


def _want_sound(shown: str, around: Sequence[str]) -> None:
    """Want whole elements, and marks where they may stand; raises ExpatError and _UnprovableError."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    opened: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if any(mark in part for part in (name, *attributes) for mark in (_TEXT, _ELEMENTS, _BREAK)):
            raise _UnprovableError
        if any(mark in value for value in attributes.values() for mark in (_ELEMENTS, _BREAK)):
            raise _UnprovableError
        opened.append(name)

    def text(words: str) -> None:
        if _BREAK in words and tuple(opened[-2:]) != _RUN:
            raise _UnprovableError

    def refuse(*_: object) -> None:
        raise _UnprovableError

    parser.StartElementHandler, parser.CharacterDataHandler = start, text
    parser.EndElementHandler = lambda _: opened.pop()
    parser.CommentHandler = parser.StartCdataSectionHandler = parser.ProcessingInstructionHandler = refuse
    before, after = "".join(f"<{name}>" for name in around), "".join(f"</{name}>" for name in reversed(around))
    parser.Parse(f"{before}{shown}{after}".encode(), True)  # noqa: FBT003  expat takes no names
