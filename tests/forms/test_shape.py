"""The tree read from a model, and the plain values that templates get from it."""

import copy
from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from docgen import service
from docgen.fields import Part, Slots, Unprinted
from docgen.forms import catalogue, checking
from docgen.forms.form import Form
from docgen.forms.shape import Group, Leaf, LeafKind, Node, Series, leaves, printed, shape_of, view

FORMS = tuple(catalogue.all_forms().values())
APPLICATION = catalogue.get_form("caq-2026/application")

every_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)


def assert_fills(node: Node, value: Any) -> None:
    """Every printed name is there, lists have their slots, and nothing is alive."""
    match node:
        case Group():
            assert type(value) is dict
            assert list(value) == list(node.fields)
            for name, child in node.fields.items():
                assert_fills(child, value[name])
        case Series():
            assert type(value) is list
            assert len(value) >= node.slots
            for item in value:
                assert_fills(node.item, item)
        case Leaf(kind=LeafKind.CHOICES):
            assert type(value) is list
            assert {type(option) for option in value} <= {str}
        case Leaf(kind=LeafKind.PERIOD):
            assert value is None or {name: type(month) for name, month in value.items()} == {"start": str, "end": str}
        case Leaf(kind=LeafKind.DATE | LeafKind.MONTH):
            assert value is None or type(value) is str
        case Leaf(kind=LeafKind.PICTURE):
            assert value is None, "no picture is shown where nobody gathers them"
        case Leaf():
            assert type(value) in {str, int, float}


def all_nodes(node: Node) -> Iterator[Node]:
    yield node
    match node:
        case Group():
            for child in node.fields.values():
                yield from all_nodes(child)
        case Series():
            yield from all_nodes(node.item)


@every_form
def test_a_blank_form_has_every_printed_name_and_its_slots(form: Form) -> None:
    blank = view(form.printed, None)
    assert_fills(form.printed, blank)
    assert not any(leaf_value for leaf_value in inked(blank))


def inked(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        for child in value.values():
            yield from inked(child)
    elif isinstance(value, list):
        for child in value:
            yield from inked(child)
    else:
        yield value


@every_form
def test_a_sample_is_shown_whole(form: Form) -> None:
    dumped = checking.validate(form, service.sample(form)).model_dump(mode="json")
    shown = view(form.printed, dumped)
    assert_fills(form.printed, shown)
    assert kept(form.printed, dumped) == trimmed(form.printed, shown, dumped)


def kept(node: Node, value: object) -> object:
    """The printed part of a submission, cut out without ``view``."""
    match node:
        case Group() if isinstance(value, dict):
            return {name: kept(child, value[name]) for name, child in node.fields.items()}
        case Series() if isinstance(value, list):
            return [kept(node.item, item) for item in value]
        case Leaf(kind=LeafKind.PICTURE):
            return None
        case Leaf(kind=LeafKind.LINE | LeafKind.TEXT | LeafKind.INTEGER | LeafKind.NUMBER | LeafKind.CHOICE):
            return "" if value is None else value
    return value


def trimmed(node: Node, shown: object, value: object) -> object:
    """What was shown, without the blanks that fill up slots."""
    match node:
        case Group() if isinstance(shown, dict) and isinstance(value, dict):
            return {name: trimmed(child, shown[name], value[name]) for name, child in node.fields.items()}
        case Series() if isinstance(shown, list) and isinstance(value, list):
            return [trimmed(node.item, *pair) for pair in zip(shown, value, strict=False)]
    return shown


@every_form
@given(data=st.data())
def test_a_partial_submission_has_every_printed_name(form: Form, data: st.DataObject) -> None:
    partial = {name: value for name, value in service.sample(form).items() if data.draw(st.booleans())}
    assert_fills(form.printed, view(form.printed, partial))


@every_form
def test_a_view_does_not_change_its_input(form: Form) -> None:
    sample = service.sample(form)
    before = copy.deepcopy(sample)
    view(form.printed, sample)
    assert sample == before


@every_form
def test_no_unprinted_field_is_left_in_the_printed_shape(form: Form) -> None:
    assert all(node.printed for node in all_nodes(form.printed))
    hidden = {line.path for line in service.fields(form) if not line.printed}
    assert hidden.isdisjoint(path for path, _ in leaves(form.printed))


def test_the_application_prints_all_but_what_only_rules_need() -> None:
    hidden = {line.path for line in service.fields(APPLICATION) if not line.printed}
    assert hidden == {
        "topics[].award_level",
        "topics[].completed_on",
        "compliance.registered_on",
        "compliance.seal_name",
        "attachments[].kind",
        "attachments[].filename",
    }


def test_slots_pad_but_never_cut() -> None:
    ten: Any = view(APPLICATION.printed, service.sample(APPLICATION) | {"members": ["甲"]})
    assert ten["members"] == ["甲"] + [""] * 9
    summary = catalogue.get_form("caq-2026/summary")
    rows: Any = view(summary.printed, {"items": service.sample(summary)["items"] * 67})
    assert len(rows["items"]) == 201


def test_printed_reaches_lists_in_lists() -> None:
    class Leafy(Part):
        shown: Annotated[str, Field(title="显")]
        hidden: Annotated[str, Unprinted(), Field(title="隐")]

    class Outer(Part):
        rows: Annotated[list[Annotated[list[Leafy], Slots(2)]], Slots(1), Field(title="行")]

    shape = printed(shape_of(Outer))
    assert [path for path, _ in leaves(shape)] == ["rows[][].shown"]
    assert view(shape, None) == {"rows": [[{"shown": ""}, {"shown": ""}]]}


def test_the_tree_knows_kinds_limits_and_options() -> None:
    found = {line.path: (line.kind, line.required, line.limit, line.options) for line in service.fields(APPLICATION)}
    assert found["org_name"] == ("line", True, 60, ())
    assert found["activity_summary"] == ("text", True, 3000, ())
    assert found["topics[].period"] == ("period", True, None, ())
    assert found["topics[].recognition"] == ("choices", False, None, ("国家级", "地方、行业级"))
    assert found["topics[].award_level"] == ("choice", False, None, ("一等", "二等", "三等", "其他"))
    assert found["sealed_on"] == ("date", False, None, ())
    assert found["members[]"] == ("line", True, 40, ())


def test_the_tree_knows_how_long_a_list_may_be() -> None:
    series = {name: node.maximum for name, node in APPLICATION.shape.fields.items() if isinstance(node, Series)}
    assert series == {"topics": 3, "members": 10, "attachments": 100}


def test_a_model_that_cannot_be_printed_is_a_programming_error() -> None:
    class Untitled(BaseModel):
        name: str

    class Unknown(BaseModel):
        share: Annotated[float, Field(title="比例")]

    with pytest.raises(TypeError, match="name"):
        shape_of(Untitled)
    with pytest.raises(TypeError, match="float"):
        shape_of(Unknown)
