"""Long tables laid out in pieces: the same pages as in one piece, every row once, numbers that go on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pypdfium2

from docgen import paths
from docgen.forms import catalogue, checking
from docgen.layout import PageKind
from docgen.render import long_tables, pdf, press, pulse

if TYPE_CHECKING:
    import pytest

    from docgen.forms.form import Form

ROWS = 150
PIECE = 60
LONG = "云岭精密轴承制造有限公司第三分厂" * 4


def summary(form: Form) -> dict[str, Any]:
    """Return the sample with many different rows, some of them tall."""
    raw = json.loads((paths.SAMPLES / f"{form.id}.json").read_text(encoding="utf-8"))
    first = raw["items"][0]
    raw["items"] = [first | {"group_name": f"第{place}号QC小组"} for place in range(1, ROWS + 1)]
    for place in range(0, ROWS, 7):
        raw["items"][place]["org_name"] = LONG[:60]
    return checking.valid(form.model, raw, form.shape).model_dump(mode="json")


def pages(data: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data)]


def test_pieces_have_the_pages_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    form = catalogue.get_form("caq-2026/summary")
    values = summary(form)
    whole = press.make(form, values, "pdf").data
    monkeypatch.setattr(long_tables, "MOST_ROWS", PIECE)
    pieces = press.make(form, values, "pdf").data
    assert len(pages(whole)) > 8
    assert pages(pieces) == pages(whole)
    assert "— 8 —" in pages(pieces)[7]
    assert press.make(form, values, "pdf").data == pieces


def test_rows_that_no_piece_can_hold_make_it_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    form = catalogue.get_form("caq-2026/summary")
    values = summary(form)
    whole = press.make(form, values, "pdf").data
    monkeypatch.setattr(long_tables, "MOST_ROWS", 5)
    assert pages(press.make(form, values, "pdf").data) == pages(whole)


def test_a_piece_ends_where_no_row_is_parted(monkeypatch: pytest.MonkeyPatch) -> None:
    words = "云岭精密轴承制造有限公司第三分厂质量管理小组" * 50
    rows = [f'<tr class="flows"><td>{place}</td><td class="text">{words}</td></tr>' for place in range(16)]
    page = (
        '<html lang="zh-CN"><head><title>表</title></head><body><table class="grid flowing">'
        f'<colgroup><col class="w15"><col class="w70"></colgroup><tbody>{"".join(rows)}</tbody></table></body></html>'
    )
    whole = pages(pdf.render(page, PageKind.FORM))
    monkeypatch.setattr(long_tables, "MOST_ROWS", 6)
    table = long_tables.find(page)
    assert table
    assert pages(long_tables.render(table, PageKind.FORM, {})) == whole


def test_every_piece_gives_a_sign_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    beats: list[int] = []
    monkeypatch.setattr(pulse, "_listeners", [lambda: beats.append(1)])
    monkeypatch.setattr(long_tables, "MOST_ROWS", PIECE)
    form = catalogue.get_form("caq-2026/summary")
    press.make(form, summary(form), "pdf")
    assert len(beats) >= ROWS / PIECE


def test_a_table_whose_cells_span_rows_stays_whole() -> None:
    rows = '<tr><td rowspan="2">1</td><td>2</td></tr><tr><td>3</td></tr>' * long_tables.MOST_ROWS
    body = "<html><head></head><body><table><tbody>{}</tbody></table></body></html>"
    assert long_tables.find(body.format(rows)) is None
    assert long_tables.find(body.format("<tr><td>1</td></tr>" * (long_tables.MOST_ROWS + 1)))
