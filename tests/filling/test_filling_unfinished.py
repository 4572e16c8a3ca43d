"""A look at what is not finished: never an error of the engine, never a value that nobody gave."""

from __future__ import annotations

from typing import Any

import pytest

from docgen import service
from docgen.filling import unfinished
from docgen.forms import catalogue, checking
from docgen.forms.shape import view
from docgen.render import press

FORMS = catalogue.all_forms()
APPLICATION = FORMS["caq-2026/application"]
JUNK: tuple[Any, ...] = (None, True, -7, 0.5, "2026-02-30\ud800\x07", [], [None, 1, "x", {}], {"start": 3}, {"x": 1})


@pytest.mark.parametrize("form_id", FORMS)
def test_nothing_but_what_is_sound_reaches_the_templates(form_id: str) -> None:
    """Both engines run on what is left of an empty page and of junk at every place."""
    form = FORMS[form_id]
    for raw in ({}, *(dict.fromkeys(form.shape.fields, junk) for junk in JUNK)):
        submission = unfinished.printable(form, raw)
        assert press.make(form, submission, "docx").data[:2] == b"PK"


@pytest.mark.parametrize("form_id", FORMS)
def test_with_any_field_missing_the_rest_is_shown(form_id: str) -> None:
    form = FORMS[form_id]
    sample = service.sample(form)
    whole = view(form.shape, checking.validate(form, sample).model_dump(mode="json"))
    assert isinstance(whole, dict)
    for name in sample:
        rest = {key: value for key, value in sample.items() if key != name}
        shown = view(form.shape, unfinished.printable(form, rest))
        assert isinstance(shown, dict)
        assert {key: shown[key] for key in rest} == {key: whole[key] for key in rest}


def test_a_faulty_value_stays_blank_and_the_rest_is_shown() -> None:
    raw = service.sample(APPLICATION) | {"sealed_on": "六月", "group_name": "攀登\x07者"}
    raw["topics"][0]["period"] = {"start": "2024-03"}
    submission = unfinished.printable(APPLICATION, raw)
    assert submission["group_name"] == "攀登者"
    assert submission.get("sealed_on") is None
    assert "period" not in submission["topics"][0]
    assert submission["topics"][1]["period"] == {"start": "2025-03", "end": "2025-12"}


def test_a_picture_of_the_pages_is_made_and_a_character_without_face_shows_its_gap() -> None:
    raw: dict[str, Any] = {"group_name": "攀登者\U0001f9ff", "members": ["章启明"]}
    assert press.without_face(APPLICATION, unfinished.printable(APPLICATION, raw))
    assert unfinished.picture(APPLICATION.id, raw).data[:4] == b"\x89PNG"


def test_a_picture_shows_the_beginning_of_a_long_list() -> None:
    raw = {"items": [{"group_name": str(number)} for number in range(500)], "recommender": "协会"}
    short = unfinished.beginning(raw)
    assert short == raw | {"items": raw["items"][: unfinished.MOST_ROWS]}
