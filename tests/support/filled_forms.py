"""Filled forms for reading back: submissions changed at random, and files as other editors leave them."""

from __future__ import annotations

import copy
import io
import zipfile
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from lxml import etree

from docgen import service
from docgen.errors import SubmissionError
from docgen.forms import checking
from docgen.forms.shape import Group, Leaf, LeafKind, Node, Series
from docgen.reading.folding import fold

if TYPE_CHECKING:
    from collections.abc import Callable

    from docgen.forms.form import Form
    from docgen.reading import Reading

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WORDS = st.text(
    st.sampled_from("甲乙丙丁质量小组公司班车间改进率ABCxyz0123456789-·（）《》“”%+=<&"), min_size=1, max_size=14
)
LINES = st.builds(" ".join, st.lists(WORDS, min_size=1, max_size=2))
TEXTS = st.builds("\n".join, st.lists(st.one_of(LINES, st.just("")), min_size=1, max_size=4))
MONTHS = st.builds("{:04d}-{:02d}".format, st.integers(1990, 2030), st.integers(1, 12))


def printed(form: Form, submission: object) -> Any:
    """Return the printed fields of a valid submission as JSON-like data, without what is empty and without pictures."""
    return _printed(form.printed, checking.validate(form, submission).model_dump(mode="json"))


def _printed(node: Node, value: Any) -> Any:
    match node:
        case Group():
            found = {name: _printed(child, (value or {}).get(name)) for name, child in node.fields.items()}
            return {name: one for name, one in found.items() if one not in (None, [], {}, "")}
        case Series():
            return [one for item in value or [] if (one := _printed(node.item, item)) not in (None, {}, "")]
        case Leaf(kind=LeafKind.PICTURE):
            return None
        case Leaf():
            return value


def read_printed(form: Form, reading: Reading) -> Any:
    """Return what was read in the same shape; it need not be a valid submission."""
    return _printed(form.printed, reading.submission)


@st.composite
def submissions(draw: Callable[..., Any], form: Form) -> dict[str, Any]:
    """Draw the form's sample with values changed, left out, and lists of other lengths, all within the schema."""
    data = copy.deepcopy(service.sample(form))
    for path, node in _places(form.printed, data):
        before = copy.deepcopy(data)
        _change(draw, data, path, node)
        try:
            checking.validate(form, data)
        except SubmissionError:
            data = before
    return data


def _places(node: Node, value: Any, path: tuple[Any, ...] = ()) -> list[tuple[tuple[Any, ...], Node]]:
    match node:
        case Group() if isinstance(value, dict):
            return [
                one for name, child in node.fields.items() for one in _places(child, value.get(name), (*path, name))
            ]
        case Series() if isinstance(value, list):
            inner = [one for at, item in enumerate(value) for one in _places(node.item, item, (*path, at))]
            return [*inner, (path, node)]
        case Leaf():
            return [(path, node)]
    return []


def _change(draw: Callable[..., Any], data: dict[str, Any], path: tuple[Any, ...], node: Node) -> None:
    home: Any = data
    for step in path[:-1]:
        if isinstance(home, dict) and step not in home:
            return
        home = home[step]
    what = draw(st.sampled_from(["keep", "change", "leave out"]))
    if what == "leave out" and isinstance(home, dict):
        home.pop(path[-1], None)
    elif what == "change":
        if isinstance(node, Series):
            home[path[-1]] = home[path[-1]][: draw(st.integers(0, len(home[path[-1]])))]
        elif isinstance(node, Leaf) and node.kind is not LeafKind.PICTURE and isinstance(home, dict | list):
            # Names in a list have no spaces here: several words beside each other may be several people.
            home[path[-1]] = draw(WORDS if isinstance(home, list) else _value(node))


def _value(leaf: Leaf) -> st.SearchStrategy[Any]:
    known: dict[LeafKind, st.SearchStrategy[Any]] = {
        LeafKind.TEXT: TEXTS,
        LeafKind.DATE: st.dates().map(str),
        LeafKind.MONTH: MONTHS,
        LeafKind.PERIOD: st.tuples(MONTHS, MONTHS).map(lambda both: {"start": min(both), "end": max(both)}),
        LeafKind.INTEGER: st.integers(0, 3000),
        LeafKind.NUMBER: st.integers(0, 200).map(lambda half: half / 2),
    }
    if leaf.options:
        one = st.sampled_from(leaf.options)
        several = st.sets(one).map(lambda some: [option for option in leaf.options if option in some])
        return several if leaf.kind is LeafKind.CHOICES else one
    return known.get(leaf.kind, LINES)


def untold(want: Any, got: Any, told: set[str], usual: frozenset[str], pointer: str = "") -> list[str]:
    """Return the places where something else was read and no problem says so.

    ``usual`` are the form's printed words, folded: a value that says what an empty form prints reads as empty.
    """
    if isinstance(want, str) and isinstance(got, str):
        want, got = want.strip("\n"), got.strip("\n")  # room that the form leaves, as far as a place tells
    if want == got or pointer in told or (got is None and isinstance(want, str) and fold(want) in usual):
        return []
    if isinstance(want, dict) and isinstance(got, dict):
        return [
            one
            for name in {**want, **got}
            for one in untold(want.get(name), got.get(name), told, usual, f"{pointer}/{name}")
        ]
    if isinstance(want, list) and isinstance(got, list) and len(want) == len(got):
        pairs = enumerate(zip(want, got, strict=True))
        return [one for at, (a, b) in pairs for one in untold(a, b, told, usual, f"{pointer}/{at}")]
    within = [one for one in told if one.startswith(f"{pointer}/")]
    return [] if within else [f"{pointer}: {want!r} -> {got!r}"]


def changed(data: bytes, change: Callable[[etree._Element], object], member: str = "word/document.xml") -> bytes:
    """Return a Word file with one part changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == member:
                tree = etree.fromstring(content)
                change(tree)
                content = etree.tostring(tree)
            new.writestr(name, content)
    return buffer.getvalue()


def without_controls(data: bytes) -> bytes:
    """Return a Word file as editors leave it that do not know content controls."""
    return changed(data, lambda tree: unwrap(tree.iter(f"{W}sdt")))


def without_tags(data: bytes) -> bytes:
    """Return a Word file whose controls have lost tags and titles."""

    def drop(tree: etree._Element) -> None:
        for node in [*tree.iter(f"{W}tag", f"{W}alias")]:
            node.getparent().remove(node)  # type: ignore[union-attr]  # inside sdtPr

    return changed(data, drop)


def unwrap(controls: Any) -> None:
    """Put the content of controls in their place."""
    for control in list(controls):
        home = control.getparent()
        content = control.find(f"{W}sdtContent")
        for child in [] if content is None else list(content):
            control.addprevious(child)
        home.remove(control)
