"""What holds for every template of the project, and for the names that templates use."""

import re
from pathlib import Path

import pytest

from docgen import paths
from docgen.certificates.issue import Issue
from docgen.contract import check_file
from docgen.contract.kinds import TAKES
from docgen.contract.values import Data, names_of_engine
from docgen.errors import UnknownFormError, UnreadableInputError
from docgen.forms.catalogue import all_forms
from docgen.forms.form import Form, Kind
from docgen.forms.shape import Group, Node, Series
from docgen.render.filters import FILTERS
from docgen.render.fitting import Fit

FORMS = tuple(all_forms().values())
CERTIFICATE = next(form for form in FORMS if form.kind is Kind.CERTIFICATE)
ENGINE_NAMES = {"blank", "form", "page", "issue", "fit"}
JINJA_NAMES = {
    *("self", "super", "loop", "caller", "varargs", "kwargs", "and", "or", "not", "in", "is", "if", "else"),
    *("true", "false", "none", "True", "False", "None"),
}
every_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)


@pytest.mark.parametrize("ending", ["docx", "html"])
@every_form
def test_every_template_keeps_its_contract(form: Form, ending: str) -> None:
    assert check_file(paths.TEMPLATES / ending / f"{form.id}.{ending}") == ()


def _names(node: Node) -> set[str]:
    match node:
        case Group():
            return {*node.fields, *(name for child in node.fields.values() for name in _names(child))}
        case Series():
            return _names(node.item)
        case _:
            return set()


@every_form
def test_no_field_has_a_name_that_means_something_else_in_a_template(form: Form) -> None:
    assert not set(form.shape.fields) & ENGINE_NAMES
    assert not _names(form.shape) & JINJA_NAMES
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in _names(form.shape))


def test_the_contract_knows_every_filter_and_name_of_the_engines() -> None:
    assert set(TAKES) == {*FILTERS, "picture"}, "each engine brings its own |picture"
    known = names_of_engine(CERTIFICATE, html=True)
    for name, given in (("issue", Issue), ("fit", Fit)):
        found = known[name]
        assert isinstance(found, Data)
        assert isinstance(found.node, Group)
        assert set(found.node.fields) == set(given.__annotations__)
    assert set(known) == ENGINE_NAMES


def test_a_path_that_names_no_form_asks_for_one(tmp_path: Path) -> None:
    (tmp_path / "我的模板.docx").write_bytes(b"")
    with pytest.raises(UnknownFormError) as caught:
        check_file(tmp_path / "我的模板.docx")
    assert "--form" in caught.value.remedy
    with pytest.raises(UnknownFormError):
        check_file(tmp_path / "我的模板.docx", "caq-2026/aplication")


def test_what_is_no_template_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match="不是模板"):
        check_file(tmp_path / "a.txt", FORMS[0].id)
    with pytest.raises(UnreadableInputError, match="文件不存在"):
        check_file(tmp_path / "a.docx", FORMS[0].id)
