"""Word refuses a file whose properties stand in another order than ECMA-376 part 1, 17 gives them."""

import io
import zipfile
from collections.abc import Iterator

import pytest
from extract import W
from lxml import etree

from docgen import paths, service
from docgen.forms.catalogue import all_forms
from docgen.forms.form import Form

ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
    "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid "
    "vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em "
    "lang eastAsianLayout specVanish oMath",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
    "tblInd tblBorders shd tblLayout tblCellMar tblLook",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType "
    "pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings",
    "tc": "tcPr p tbl sdt",
}


def misplaced(data: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if name.startswith("word/") and name.endswith(".xml"):
                for node in etree.fromstring(package.read(name)).iter():
                    kind = str(node.tag).removeprefix(W)
                    if str(node.tag).startswith(W) and kind in ORDER:
                        yield from (f"{name}: {kind}: {problem}" for problem in _problems(kind, node))


def _problems(kind: str, node: etree._Element) -> Iterator[str]:
    order = ORDER[kind].split()
    found = [str(child.tag).removeprefix(W) for child in node if str(child.tag).startswith(W)]
    yield from (f"unknown {name}" for name in found if name not in order)
    places = [order.index(name) for name in found if name in order]
    if kind == "tc":
        if not found or found[-1] != "p":
            yield "a cell ends with a paragraph"
    elif places != sorted(places):
        yield f"order {' '.join(found)}"


@pytest.mark.parametrize("form", all_forms().values(), ids=lambda form: form.id)
def test_what_we_render_keeps_the_order_of_the_standard(form: Form) -> None:
    assert list(misplaced(service.render(form, service.sample(form), "docx").data)) == []
    assert list(misplaced(service.blank(form, "docx").data)) == []


def test_the_house_document_keeps_the_order_of_the_standard() -> None:
    assert list(misplaced((paths.TEMPLATES / "docx" / "_house" / "house.docx").read_bytes())) == []
