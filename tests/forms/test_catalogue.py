"""Finding a form or a notice by its identifier."""

from collections.abc import Callable

import pytest

from docgen.errors import UnknownFormError
from docgen.forms import catalogue


def test_forms_stand_in_the_order_of_their_annexes_and_certificates_last() -> None:
    assert [form.annex for form in catalogue.forms_of(catalogue.get_notice("caq-2026"))] == [
        "附件 1",
        "附件 2",
        "附件 3",
        "附件 4",
        "",
    ]


def test_a_slip_of_the_pen_gets_the_nearest_identifier() -> None:
    with pytest.raises(UnknownFormError) as caught:
        catalogue.get_form("caq-2026/aplication")
    assert caught.value.detail == "没有编号为「caq-2026/aplication」的表"
    assert caught.value.remedy.startswith("是否指 caq-2026/application")


@pytest.mark.parametrize("get", [catalogue.get_form, catalogue.get_notice])
@pytest.mark.parametrize("wanted", ["", "申报表", "../../etc/passwd", "\x1b[31m\n", "\ud800", "a" * 1_000_000])
def test_whatever_is_asked_for_is_answered_on_one_short_line(get: Callable[[str], object], wanted: str) -> None:
    with pytest.raises(UnknownFormError) as caught:
        get(wanted)
    assert caught.value.detail.isprintable()
    assert len(caught.value.detail) < 80
    assert caught.value.remedy == "用 docgen forms 查看全部编号"


def test_the_registry_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        catalogue.all_forms()["x/y"] = None  # type: ignore[index]  # the point of the test
