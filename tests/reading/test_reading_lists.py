"""Lists inside a cell have no controls in a blank form: what a unit types there line by line is read by its place."""

import io

import docx
import pytest
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from docgen import reading, service
from docgen.forms.catalogue import get_form

LINE = "晋岭数智通信有限公司，光脉QC小组，降低光缆接续损耗，2024年11月8日，一等奖"


@pytest.mark.parametrize(
    ("form_id", "label"),
    [
        ("shanxi-2025/enterprise-entry", "三年来获奖情况（"),
        ("shanxi-2025/promoter-entry", "三年来获奖情况（"),
        ("shanxi-2025/promoter-report", "三年来获奖情况"),
        ("shanxi-2025/enterprise-report", "近三年全省"),
    ],
)
def test_an_award_typed_into_a_blank_form_is_read(form_id: str, label: str) -> None:
    blank = docx.Document(io.BytesIO(service.blank(get_form(form_id), "docx").data))
    row = next(one for one in blank.element.body.iter(qn("w:tr")) if label in words(one))
    place = next(one for one in row.iter(qn("w:p")) if not words(one).strip())
    for child in list(place):
        if child.tag != qn("w:pPr"):
            place.remove(child)
    Paragraph(place, blank).add_run(LINE)
    buffer = io.BytesIO()
    blank.save(buffer)
    found = reading.read_word(buffer.getvalue(), None)
    assert found.problems == ()
    assert found.submission == {
        "awards": [
            {
                "org_name": "晋岭数智通信有限公司",
                "group_name": "光脉QC小组",
                "topic_name": "降低光缆接续损耗",
                "awarded_on": "2024-11-08",
                "award": "一等奖",
            }
        ]
    }


def words(node: object) -> str:
    return "".join(text.text or "" for text in node.iter(qn("w:t")))  # type: ignore[attr-defined]  # an lxml element
