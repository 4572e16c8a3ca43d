"""Whatever a certificate says stays in its place: lines as the engines break them, one size for all, or a fault."""

import io
from typing import Any

import pypdfium2
import pytest
from certificates import CERTIFICATES, ISSUE, certificates
from extract import pdf_pages, squeeze
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docgen import service
from docgen.errors import SubmissionError
from docgen.forms import certificate, checking
from docgen.forms.catalogue import get_form
from docgen.forms.form import Form
from docgen.layout import (
    CERTIFICATE_STEPS,
    ISSUER_STEPS,
    PAGES,
    SEAL_CLEAR,
    SMALLEST_NOTE,
    Box,
    PageKind,
    certificate_layout,
)
from docgen.render import fitting, press
from docgen.render.filters import numerals
from docgen.render.fitting import Measure, broken

CIRCLE = get_form("caq-2026/certificate-group")
PAGE = PAGES[PageKind.CERTIFICATE]
MM = 25.4 / 72
TOLERANCE = 0.6
"""Millimetres that the ink of a glyph may stand out of its line."""
every_certificate = pytest.mark.parametrize("form", CERTIFICATES, ids=lambda form: form.id)


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("质量管理小组", 3, ["质量管", "理小组"]),
        ("质量管，理小组", 3, ["质量", "管，理", "小组"]),
        ("质量（管理）小组", 3, ["质量", "（管", "理）小", "组"]),
        ("质量《管理》", 3, ["质量", "《管", "理》"]),
        ("降低KUKA焊接", 3, ["降低", "KUKA", "焊接"]),
        ("云岭 小组", 2, ["云岭 ", "小组"]),
        ("甲", 3, ["甲"]),
    ],
)
def test_lines_break_where_chinese_lines_may(text: str, room: float, lines: list[str]) -> None:
    assert broken(text, room, measure=Measure.HERE) == lines


def test_a_word_longer_than_a_line_is_cut() -> None:
    lines = broken("A" * 40, 5)
    assert "".join(lines) == "A" * 40
    assert len(lines) > 4


@given(
    st.text(st.sampled_from("质量管理，。（）《》“”AB1- ·—…"), max_size=60), st.floats(4, 30), st.sampled_from(Measure)
)
def test_breaking_loses_nothing_and_no_line_is_too_long(text: str, room: float, measure: Measure) -> None:
    lines = broken(text, room, 2.0, measure)
    assert "".join(lines) == text
    for number, line in enumerate(lines):
        bare = line.rstrip()
        if len(bare) > 1:
            assert len(broken(bare, room - (2.0 if number == 0 else 0.0), measure=measure)) == 1


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_every_issuer_has_room_for_a_seal_and_none_reaches_code_number_or_words(count: int) -> None:
    layout = certificate_layout(count)
    parts = [layout.title, layout.words, layout.number, layout.qr, layout.code]
    for first, second in [(one, other) for one in parts for other in parts if one is not other]:
        assert not first.meets(second)
    in_row = min(count, 2)
    for row in range((count + 1) // 2):
        for place in range(in_row):
            middle = layout.issuers.left + layout.issuers.width * (place + 0.5) / in_row
            seal = Box(middle - SEAL_CLEAR / 2, layout.issuers.top + row * SEAL_CLEAR, SEAL_CLEAR, SEAL_CLEAR)
            assert not any(seal.meets(part) for part in parts)
            assert seal.left >= layout.issuers.left
            assert seal.right <= layout.issuers.right + 0.01
            assert seal.bottom <= PAGE.height - PAGE.bottom


def fit(form: Form, **change: Any) -> fitting.Fit:
    return fitting.fit(form, checking.validate(form, {**service.sample(form), **change}).model_dump(mode="json"))


def test_the_size_shrinks_with_the_words_and_stays_within_its_limits() -> None:
    sizes = [
        fit(CIRCLE, org_name="云" * length, body="岭" * count + "{小组名称}")["size"]
        for length, count in ((4, 10), (60, 60), (60, 120), (60, 180), (60, 230))
    ]
    assert sizes[0] == max(CERTIFICATE_STEPS)
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) > 2
    found = fit(CIRCLE, org_name="云" * 60, issuers=["京" * 60, "津" * 60])
    assert found["note_size"] >= SMALLEST_NOTE
    assert found["issuer_size"] >= min(ISSUER_STEPS)


def test_a_last_line_is_not_left_with_one_character() -> None:
    line = int((PAGE.text_width / MM) / max(CERTIFICATE_STEPS))
    for extra in range(-2, 4):
        body = "岭" * (line - 2 + extra - 1) + "。"
        found = fit(CIRCLE, body=body)
        room = (PAGE.text_width - found["words_right"]) / MM / found["size"]
        lines = broken(body, room, 2.0, Measure.HERE)
        assert len(lines) == 1 or len(lines[-1]) >= 4, extra


def test_a_recipient_that_needs_two_lines_breaks_between_organisation_and_circle() -> None:
    found = fit(CIRCLE, org_name="云岭精密轴承制造有限公司第三事业部", group_name="勇攀质量高峰永不止步QC小组")
    room = (PAGE.text_width - found["recipient_right"]) / MM / found["size"]
    text = "云岭精密轴承制造有限公司第三事业部 勇攀质量高峰永不止步QC小组："
    for measure in Measure:
        assert broken(text, room, measure=measure)[0].rstrip() == "云岭精密轴承制造有限公司第三事业部"


@pytest.mark.parametrize("fmt", ["pdf", "png", "docx"])
def test_what_fits_at_no_size_is_refused_before_anything_is_made(fmt: str) -> None:
    names = ["买" * 40] * 10
    with pytest.raises(SubmissionError) as caught:
        service.render(CIRCLE, {**service.sample(CIRCLE), "members": names, "issuers": ["甲", "乙", "丙", "丁"]}, fmt)
    (fault,) = caught.value.faults
    assert (fault.pointer, fault.label, fault.code) == ("/members", "小组成员", "too_long_for_page")
    assert "12 磅" in fault.detail
    assert "请缩短" in fault.detail


def test_the_part_that_takes_most_room_is_blamed() -> None:
    change = {
        "body": "{小组名称}" + "岭" * 234,
        "org_name": "云" * 60,
        "members": ["买" * 40] * 3,
        "issuers": ["甲"] * 4,
    }
    with pytest.raises(SubmissionError) as caught:
        service.render(CIRCLE, {**service.sample(CIRCLE), **change}, "pdf")
    assert [fault.pointer for fault in caught.value.faults] == ["/body"]


def place_of(shown: Any) -> Box:
    left, bottom, right, top = (side * MM for side in shown.get_bounds())
    return Box(left, PAGE.height - top, right - left, top - bottom)


def within(inner: Box, outer: Box) -> bool:
    return (
        inner.left >= outer.left - TOLERANCE
        and inner.right <= outer.right + TOLERANCE
        and inner.top >= outer.top - TOLERANCE
        and inner.bottom <= outer.bottom + TOLERANCE
    )


@every_certificate
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_words_leave_their_place_in_the_real_document_and_none_is_lost(form: Form, data: st.DataObject) -> None:
    values = data.draw(certificates(form))
    if faults := press.unprintable(form, values, "pdf"):
        assert {fault.code for fault in faults} == {"too_long_for_page"}
        return
    document = press.make(form, values, "pdf", issue=ISSUE).data
    pdf = pypdfium2.PdfDocument(io.BytesIO(document))
    assert len(pdf) == 1
    layout = certificate_layout(len(values["issuers"]))
    places = [layout.title, layout.words, layout.number, layout.code, layout.issuers]
    for shown in pdf[0].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT]):
        box = place_of(shown)
        assert [place for place in places if within(box, place)], (box, shown)
    pdf.close()
    (text,) = map(squeeze, pdf_pages(document))
    said = [certificate.filled(values[name], form.shape, values) for name in certificate.WORDS]
    small = [
        note for _, note in certificate.notes(form.shape, values, "".join(values[name] for name in certificate.WORDS))
    ]
    facts = [ISSUE["number"], ISSUE["code"], ISSUE["host"], numerals(values["issued_on"])]
    for wanted in (*said, *small, *facts):
        assert squeeze(wanted) in text
    for issuer in values["issuers"]:
        assert squeeze(issuer) in text
