"""Running a template on values that remember where they came from, so that one layout serves many certificates.

Every text is replaced by a ``Traced`` value. It can be printed and filtered, and tells whether it is empty; all else
that a template may do with a value (compare, cut, count, loop over it, put it into an attribute) ends in
UntraceableError, because then the layout would depend on what somebody wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NoReturn

from jinja2 import FileSystemLoader, Template, nodes
from jinja2.meta import find_referenced_templates
from markupsafe import Markup

from docgen import folders
from docgen.render.environment import TemplateSandbox, sandbox
from docgen.render.filters import FILTERS
from docgen.render.html import version

if TYPE_CHECKING:
    from docgen.forms.form import Form, Wording

_ZERO: Final = 0xE010
_MARK: Final = re.compile("\ue000([\ue010-\ue019]+)\ue001")
"""What stands for a printed value: private characters, which nobody else's text may hold here."""
_PRIVATE: Final = re.compile("[\ue000-\uf8ff]")
_PADDING: Final = re.compile(rf'(?<=[ ;"])padding(?:-top|-left|-right)?: ?(?:0 )?{_MARK.pattern}mm(?=[;"])')
"""The only place for a length that differs from one certificate to the next."""
_TEXT_MAKERS: Final = (nodes.AssignBlock, nodes.FilterBlock, nodes.CallBlock, nodes.Macro)
"""What turns printed values into a text, with which a template could then do anything."""
LENGTHS: Final = frozenset({"above", "recipient_right", "words_right", "notes_right", "issuer_inset"})
"""What ``fitting`` chooses freely for each certificate, in mm; its other numbers come in few steps."""
_FIXED_FACTS: Final = frozenset({"mark", "border"})
"""What issuing decides for a whole batch."""

Path = tuple[str | int, ...]


class UntraceableError(Exception):
    """A template does something that stamping cannot follow. The words are for the log; they hold no values."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a printed text comes from: a path into the values, then filters with their further arguments."""

    path: Path
    filters: tuple[tuple[str, tuple[Any, ...]], ...] = ()

    def value(self, values: Mapping[str, Any]) -> Any:  # noqa: ANN401  whatever the form holds
        """Return what is printed for these values."""
        found: Any = values
        for step in self.path:
            found = found[step]
        for name, more in self.filters:
            found = FILTERS[name](found, *more)
        return found


@dataclass(frozen=True, slots=True)
class Traced:
    """HTML in which every printed value is one of ``sources``; ``parts`` are texts between them and their numbers."""

    parts: tuple[str | int, ...]
    sources: tuple[Source, ...]


def kind(values: Mapping[str, Any]) -> Hashable:
    """Return what the layout of a certificate may depend on: numbers in steps, and which texts are empty."""
    return tuple(_kinds(values))


def _kinds(values: Mapping[str, Any]) -> Iterator[Hashable]:
    for name, value in values.items():
        if name == "fit":
            yield tuple(
                number for each, number in value.items() if isinstance(number, int | float) and each not in LENGTHS
            )
            yield len(value["notes"])
            yield tuple(bool(pair["second"]) for pair in value["pairs"])
        elif name == "issue":
            yield value["mark"], value["border"]
        elif isinstance(value, Mapping):
            yield tuple(_kinds(value))
        else:
            yield bool(value)


class _Value:
    """A value that a template may print, filter and ask for being empty. Jinja keeps off underscored names."""

    __slots__ = ("_book", "_empty", "_source")

    def __init__(self, book: list[Source], source: Source, *, empty: bool | None) -> None:
        self._book, self._source, self._empty = book, source, empty

    def _refuse(self, *_: object) -> NoReturn:
        raise UntraceableError("does more with a value than print it")

    def __bool__(self) -> bool:
        return self._refuse() if self._empty is None else not self._empty

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __str__ = __hash__ = __format__ = _refuse


def _print(value: Any) -> Any:  # noqa: ANN401  jinja's own signature
    """Return what stands for a value in the HTML."""
    if not isinstance(value, _Value):
        return value
    value._book.append(value._source)  # noqa: SLF001  underscored against templates only
    digits = "".join(chr(_ZERO + int(digit)) for digit in str(len(value._book) - 1))  # noqa: SLF001  the same
    return Markup(f"\ue000{digits}\ue001")  # noqa: S704  nobody wrote it


def _filter(name: str, work: Callable[..., object]) -> Callable[..., object]:
    def apply(value: Any, *more: Any) -> object:  # noqa: ANN401  as templates call it
        if any(isinstance(one, _Value) or _is_marked(one) for one in more) or _is_marked(value):
            raise UntraceableError(f"filter {name} on what was printed")
        if isinstance(value, _Value):
            source = value._source  # noqa: SLF001  underscored against templates only
            return _Value(value._book, Source(source.path, (*source.filters, (name, more))), empty=None)  # noqa: SLF001  the same
        return work(value, *more)

    return apply


def _is_marked(value: object) -> bool:
    return isinstance(value, str) and bool(_PRIVATE.search(value))


def _test(name: str, work: Any) -> Callable[..., object]:  # noqa: ANN401  jinja leaves it open
    def apply(*given: object) -> object:
        if any(isinstance(one, _Value) for one in given):
            raise UntraceableError(f"test {name} on a value")
        return work(*given)

    return apply


def _environment() -> TemplateSandbox:
    environment = sandbox(FileSystemLoader([str(folder) for folder in folders.templates("html")]))
    environment.finalize = _print
    for name, work in FILTERS.items():
        environment.filters[name] = _filter(name, work)
    for name, test in list(environment.tests.items()):
        if name not in {"defined", "undefined"}:
            environment.tests[name] = _test(name, test)
    return environment


@lru_cache(maxsize=64)
def _template(form: Form, wording: Wording, _version: str) -> Template:
    environment = _environment()
    loader = environment.loader
    assert loader  # noqa: S101  _environment gives one
    worded = form.worded(loader.get_source(environment, f"{form.id}.html")[0], wording)
    _want_plain(environment, worded, set())
    return environment.from_string(worded)


def _want_plain(environment: TemplateSandbox, source: str, seen: set[str]) -> None:
    """Refuse a template, or one that it uses, that makes texts of printed values and goes on with them."""
    tree = environment.parse(source)
    shown = {id(node) for output in tree.find_all(nodes.Output) for node in output.nodes}
    if next(tree.find_all(_TEXT_MAKERS), None) or any(id(call) not in shown for call in tree.find_all(nodes.Call)):
        raise UntraceableError("makes texts of printed values")
    for name in find_referenced_templates(tree):
        if name is None:
            raise UntraceableError("chooses templates by a value")
        if name not in seen:
            seen.add(name)
            loader = environment.loader
            assert loader  # noqa: S101  _environment gives one
            _want_plain(environment, loader.get_source(environment, name)[0], seen)


@dataclass
class _Page:
    """One run of a template."""

    values: Mapping[str, Any]
    book: list[Source] = field(default_factory=list)

    def traced(self) -> dict[str, Any]:
        """Return values that a template runs on."""
        return {name: self._one((name,), value) for name, value in self.values.items()}

    def _one(self, path: Path, value: Any) -> Any:  # noqa: ANN401  whatever the form holds
        if path == ("blank",):
            return value
        if path == ("fit",):
            return {name: self._fit((*path, name), number) for name, number in value.items()}
        if isinstance(value, Mapping):
            is_issue = path == ("issue",)
            return {
                name: each if is_issue and name in _FIXED_FACTS else self._one((*path, name), each)
                for name, each in value.items()
            }
        return _Value(self.book, Source(path), empty=not value)

    def _fit(self, path: Path, value: Any) -> Any:  # noqa: ANN401  numbers and lists
        if path[-1] == "notes":
            return [self._one((*path, place), note) for place, note in enumerate(value)]
        if path[-1] == "pairs":
            return [self._one((*path, place), pair) for place, pair in enumerate(value)]
        return _Value(self.book, Source(path), empty=None) if path[-1] in LENGTHS else value


def trace(form: Form, values: Mapping[str, Any], wording: Wording) -> Traced:
    """Run a form's template on values like these; raises UntraceableError."""
    page = _Page(values)
    facts = {"title": form.worded(form.title, wording), "annex": form.annex}
    try:
        html = _template(form, wording, version(form.id)).render(page.traced(), form=facts, page=form.page.value)
    except UntraceableError:
        raise
    except Exception as error:  # noqa: BLE001  whatever a template does with values that are none; its own faults come up later
        raise UntraceableError(f"does more with a value than print it ({type(error).__name__})") from None
    found = _MARK.split(html)
    parts = [_number(part) if place % 2 else part for place, part in enumerate(found)]
    numbers = [part for part in parts if isinstance(part, int)]
    if sorted(numbers) != list(range(len(page.book))) or any(_is_marked(part) for part in parts):
        raise UntraceableError("loses or cuts printed values")
    lengths = {
        place for place, source in enumerate(page.book) if source.path[0] == "fit" and source.path[-1] in LENGTHS
    }
    if lengths != {_number(mark) for mark in _PADDING.findall(html)}:
        raise UntraceableError("uses a length elsewhere than in a padding")
    return Traced(tuple(parts), tuple(page.book))


def _number(mark: str) -> int:
    return int("".join(str(ord(char) - _ZERO) for char in mark))
