"""Faces in the PDFs that WeasyPrint writes: each document carries its own glyphs, whatever was made before it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pypdf
import pytest
from fontTools.ttLib import TTCollection, TTFont

from docgen.layout import Face, PageKind
from docgen.render import embedding, faces, inspection, outlines, pdf

if TYPE_CHECKING:
    from pathlib import Path

FIRST = '<html lang="zh-CN"><head><title>甲</title></head><body><p>云岭精密轴承</p></body></html>'
OTHER = '<html lang="zh-CN"><head><title>乙</title></head><body><h1>质量</h1><p>A&lt;B 管理 12</p></body></html>'


@pytest.fixture(autouse=True)
def new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the faces that other tests have used."""
    monkeypatch.setattr(embedding, "_known", {})
    monkeypatch.setattr(embedding, "_cut_before", set())


def plainly(html: str) -> bytes:
    """Return the PDF as WeasyPrint writes it by itself."""
    with pdf.laid_out(html, PageKind.FORM) as document:
        data: bytes = document.write_pdf()
    return data


def first_page(data: bytes) -> Any:
    return pypdf.PdfReader(io.BytesIO(data)).pages[0]


def unicodes(data: bytes) -> dict[str, bytes]:
    """Return what the glyphs of each face stand for."""
    fonts = [font.get_object() for font in first_page(data)["/Resources"]["/Font"].values()]
    return {font["/BaseFont"]: font["/ToUnicode"].get_data() for font in fonts}


def test_a_document_is_the_same_whatever_was_made_before_it() -> None:
    first = pdf.render(FIRST, PageKind.FORM)
    assert pdf.render(FIRST, PageKind.FORM) == first
    pdf.render(OTHER, PageKind.FORM)
    assert pdf.render(FIRST, PageKind.FORM) == first


@pytest.mark.parametrize("html", [FIRST, OTHER])
def test_it_says_and_shows_what_weasyprint_writes_by_itself(html: str) -> None:
    wanted = plainly(html)
    for _ in range(2):
        made = pdf.render(html, PageKind.FORM)
        assert inspection.are_alike(made, wanted)
        assert len(made) < 1.1 * len(wanted)


def test_a_document_has_no_glyph_of_another() -> None:
    alone = unicodes(pdf.render(FIRST, PageKind.FORM))
    pdf.render(OTHER, PageKind.FORM)
    assert unicodes(pdf.render(FIRST, PageKind.FORM)) == alone


def test_weasyprint_reads_a_face_once() -> None:
    pdf.render(OTHER, PageKind.FORM)
    known = dict(embedding._known)  # noqa: SLF001  what is kept
    assert known
    pdf.render(OTHER, PageKind.FORM)
    assert embedding._known == known  # noqa: SLF001  the same
    assert all(len(font.file_content) == 4 for font in known.values()), "whole faces stay in memory"
    assert not any(font.to_unicode or font.widths for font in known.values())


def test_every_stream_is_packed_once() -> None:
    page = first_page(pdf.render(OTHER, PageKind.FORM))
    assert page["/Contents"].get_object()["/Filter"] == "/FlateDecode"
    assert b"BT" in page.get_contents().get_data()


def test_a_collection_under_the_name_of_a_face_is_cut_as_its_first_face(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows has simsun.ttc, and docgen asks for a file called 宋体.ttf."""
    alone = outlines.bare.__wrapped__(Face.SYMBOL)
    collection = TTCollection()
    collection.fonts = [TTFont(faces.resolve(Face.SYMBOL)), TTFont(faces.resolve(Face.HEITI))]
    collection.save(tmp_path / "宋体.ttf")
    monkeypatch.setattr(faces, "resolve", lambda _: tmp_path / "宋体.ttf")
    found = outlines.bare.__wrapped__(Face.SYMBOL)
    assert found.glyph_count == alone.glyph_count
    assert [len(found.reference_table(tag)) for tag in ("glyf", "hmtx")] == [
        len(alone.reference_table(tag)) for tag in ("glyf", "hmtx")
    ]
