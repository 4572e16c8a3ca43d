"""Write the first draft of templates/docx/_house/house.docx: the styles that every Word template uses.

Run once when the house's layout changes; afterwards the file is the truth and people edit it in Word.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from docgen import paths
from docgen.layout import ERHAO, SANHAO, SIHAO, TEXT_LINE, WUHAO, XIAOSI, Face

if TYPE_CHECKING:
    from docx.document import Document as DocumentType
    from docx.styles.style import ParagraphStyle

HOUSE: Final = paths.TEMPLATES / "docx" / "_house" / "house.docx"
_KEPT: Final = {"Normal", "Default Paragraph Font", "Normal Table", "No List", "Header", "Footer"}
_LARGEST_MULTIPLE: Final = 5
_CENTRE: Final = WD_ALIGN_PARAGRAPH.CENTER


@dataclass(frozen=True)
class Style:
    """A paragraph style: face, size and space in pt, indents in characters of its size."""

    name: str
    face: Face
    size: float
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT
    line: float | None = None
    """Exact line pitch in pt, or a multiple of the size where below 5."""
    before: float = 0
    after: float = 0
    first: float = 0
    hanging: float = 0
    left_mm: float = 0
    right: float = 0
    spacing: float = 0
    colour: str = ""
    keep_next: bool = False


STYLES: Final = (
    Style("附件标号", Face.HEITI, SANHAO, line=20),
    Style("表题", Face.XIAOBIAOSONG, ERHAO, _CENTRE, line=30, before=4, after=8),
    Style("表头行", Face.FANGSONG, SIHAO, line=20, after=8.5),
    Style("表格字", Face.FANGSONG, XIAOSI, _CENTRE, line=1.15),
    Style("表格字左", Face.FANGSONG, XIAOSI, line=1.15),
    Style("表格密字", Face.FANGSONG, WUHAO, _CENTRE, line=1.15),
    Style("表格密字左", Face.FANGSONG, WUHAO, line=1.15),
    Style("表格条目", Face.FANGSONG, XIAOSI, line=17),
    Style("表格密条目", Face.FANGSONG, WUHAO, line=15),
    Style("小标题", Face.HEITI, XIAOSI, line=22, before=6, keep_next=True),
    Style("副标题", Face.FANGSONG, SIHAO, _CENTRE, line=20, after=6),
    Style("材料名", Face.XIAOBIAOSONG, SANHAO, _CENTRE, line=24),
    Style("表格段落", Face.FANGSONG, XIAOSI, line=18, first=2),
    Style("表格密段落", Face.FANGSONG, WUHAO, line=16, first=2),
    Style("盖章", Face.FANGSONG, XIAOSI, _CENTRE, line=23, keep_next=True),
    Style("表尾行", Face.FANGSONG, XIAOSI, line=20, left_mm=140),
    Style("表尾单行", Face.FANGSONG, XIAOSI, line=20, before=6),
    Style("表注", Face.FANGSONG, WUHAO, line=15, before=4, hanging=2),
    Style("表注条", Face.FANGSONG, WUHAO, line=15, hanging=1.2, left_mm=7.4),
    Style("公文标号", Face.HEITI, SANHAO, line=TEXT_LINE),
    Style("公文标题", Face.XIAOBIAOSONG, ERHAO, _CENTRE, line=TEXT_LINE, before=TEXT_LINE, after=TEXT_LINE),
    Style("公文抬头", Face.FANGSONG, SANHAO, line=TEXT_LINE, spacing=-0.2),
    Style("公文正文", Face.FANGSONG, SANHAO, line=TEXT_LINE, first=2, spacing=-0.2),
    Style("公文一级", Face.HEITI, SANHAO, line=TEXT_LINE, first=2, spacing=-0.2, keep_next=True),
    Style("公文二级", Face.KAITI, SANHAO, line=TEXT_LINE, first=2, spacing=-0.2, keep_next=True),
    Style("公文落款", Face.FANGSONG, SANHAO, WD_ALIGN_PARAGRAPH.RIGHT, line=TEXT_LINE, right=2),
    Style("页码", Face.SONGTI, SIHAO, _CENTRE),
    Style("证书题", Face.XIAOBIAOSONG, 46, _CENTRE, line=54, spacing=13, colour="B3261E"),
    Style("证书抬头", Face.KAITI, ERHAO, line=32, after=6),
    Style("证书正文", Face.KAITI, 20, line=33, first=2),
    Style("证书成员", Face.KAITI, SIHAO, line=21, first=2),
    Style("证书落款", Face.KAITI, 20, _CENTRE, line=32),
    Style("证书撑高", Face.SONGTI, 1, line=200),
    Style("证书编号", Face.SONGTI, 11, line=16),
    Style("证书小字", Face.SONGTI, 9, line=13),
)


def set_faces(properties: Any, face: Face) -> None:
    """Name a face for every script; w:eastAsia is what Chinese text obeys."""
    fonts = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), str(face))


def _add(document: DocumentType, wanted: Style) -> None:
    style: ParagraphStyle = document.styles.add_style(wanted.name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    style.quick_style = True
    style.font.size = Pt(wanted.size)
    if wanted.colour:
        style.font.color.rgb = RGBColor.from_string(wanted.colour)
    properties = style.element.get_or_add_rPr()
    set_faces(properties, wanted.face)
    if wanted.spacing:
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), str(round(wanted.spacing * 20)))
        size = properties.find(qn("w:sz"))  # the schema fixes the order: spacing stands before sz
        size.addprevious(spacing)
    layout = style.paragraph_format
    layout.alignment = wanted.align
    layout.space_before, layout.space_after = Pt(wanted.before), Pt(wanted.after)
    layout.keep_with_next = wanted.keep_next or None
    layout.widow_control = False
    if wanted.line and wanted.line < _LARGEST_MULTIPLE:
        layout.line_spacing = wanted.line
    elif wanted.line:
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(wanted.line)
    if wanted.left_mm or wanted.hanging:
        layout.left_indent = Mm(wanted.left_mm) + Pt(wanted.hanging * wanted.size)
    if wanted.hanging:
        layout.first_line_indent = -Pt(wanted.hanging * wanted.size)
    if wanted.right:
        layout.right_indent = Pt(wanted.right * wanted.size)
    if wanted.first:
        layout.first_line_indent = Pt(wanted.first * wanted.size)


def _drop_leftovers(document: DocumentType) -> None:
    """Take out the parts of python-docx's default file that no document of ours needs."""
    package = document.part.package
    for owner in (package, document.part):
        for key, relation in list(owner.rels.items()):
            if relation.reltype.rsplit("/", 1)[-1] in {"thumbnail", "stylesWithEffects", "numbering", "customXml"}:
                del owner.rels[key]


def _no_automatic_spaces(normal: ParagraphStyle) -> None:
    """Keep Word from widening the gaps between Chinese and digits or Latin letters: PDFs have none."""
    properties: Any = normal.element.get_or_add_pPr()
    for name in ("autoSpaceDE", "autoSpaceDN"):
        off = OxmlElement(f"w:{name}")
        off.set(qn("w:val"), "0")
        properties.insert_element_before(off, "w:bidi", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr")


def build() -> DocumentType:
    """Return the house document: faces by default, our styles, nothing else."""
    document = Document()
    for style in list(document.styles):
        if style.name not in _KEPT:
            style.element.getparent().remove(style.element)
    defaults = document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    set_faces(defaults, Face.FANGSONG)
    language = defaults.find(qn("w:lang"))
    for script in ("val", "eastAsia"):
        language.set(qn(f"w:{script}"), "zh-CN")
    normal = document.styles["Normal"]
    normal.font.size = Pt(XIAOSI)
    set_faces(normal.element.get_or_add_rPr(), Face.FANGSONG)
    normal.paragraph_format.space_after = Pt(0)
    _no_automatic_spaces(normal)
    for wanted in STYLES:
        _add(document, wanted)
    _drop_leftovers(document)
    symbol = document.styles.add_style("符号", WD_STYLE_TYPE.CHARACTER)
    set_faces(symbol.element.get_or_add_rPr(), Face.SYMBOL)
    core = document.core_properties
    core.title, core.author, core.comments, core.language = "docgen 样式", "docgen", "", "zh-CN"
    return document


def main() -> None:
    """Write the file."""
    HOUSE.parent.mkdir(parents=True, exist_ok=True)
    build().save(str(HOUSE))
    print(Path(HOUSE))


if __name__ == "__main__":
    main()
