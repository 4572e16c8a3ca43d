"""Pictures of a submission in Word: drawings where the template shows them, files, relationships and content types.

A template prints ``{{ picture|picture }}``. While jinja fills it, the drawing only names its asset; afterwards each one
gets its number, its relationship and a size that fits the column it stands in (ECMA-376 part 1, 20.4.2.8 and 15.2.14).
"""

from __future__ import annotations

import posixpath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from lxml import etree
from markupsafe import Markup

from docgen.layout import MM_PER_INCH
from docgen.render import gate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WP: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_PIC: Final = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
_R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATIONSHIPS: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_TYPES: Final = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_IMAGE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
_CONTENT_TYPES: Final = "[Content_Types].xml"

_EMU_PER_MM: Final = 914_400 / MM_PER_INCH
_EMU_PER_TWIP: Final = 635
_CELL_MARGIN: Final = 108
"""Twips at each side of a cell whose table says nothing else: Word's own default."""
_MARK: Final = "docgen-asset:"
_ENDINGS: Final = MappingProxyType({"image/png": "png", "image/jpeg": "jpeg"})

_DRAWING: Final = Markup(
    "</w:t><w:drawing>"
    '<wp:inline xmlns:wp="{wp}" distT="0" distB="0" distL="0" distR="0">'
    '<wp:extent cx="{cx}" cy="{cy}"/><wp:docPr id="0" name="" descr="{caption}"/>'
    '<wp:cNvGraphicFramePr><a:graphicFrameLocks xmlns:a="{a}" noChangeAspect="1"/></wp:cNvGraphicFramePr>'
    '<a:graphic xmlns:a="{a}"><a:graphicData uri="{pic}"><pic:pic xmlns:pic="{pic}">'
    '<pic:nvPicPr><pic:cNvPr id="0" name=""/><pic:cNvPicPr/></pic:nvPicPr>'
    '<pic:blipFill><a:blip xmlns:r="{r}" r:embed="{mark}{asset}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
    '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{cx}" cy="{cy}"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
    "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"
    '<w:t xml:space="preserve">'
)
"""Stands inside the run that held the placeholder."""

_ORDER: Final = (
    "pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr", "suppressLineNumbers",
    "pBdr", "shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct",
    "autoSpaceDE", "autoSpaceDN", "bidi", "adjustRightInd", "snapToGrid", "spacing", "ind", "contextualSpacing",
    "mirrorIndents", "suppressOverlap", "jc", "textDirection", "textAlignment", "textboxTightWrap", "outlineLvl",
    "divId", "cnfStyle", "rPr", "sectPr", "pPrChange",
)  # fmt: skip
"""A paragraph's properties in the order that the schema wants (17.3.1.26)."""
_ALONE: Final = MappingProxyType(
    {
        "keepLines": {"val": "1"},
        "widowControl": {"val": "1"},
        "spacing": {"line": "240", "lineRule": "auto"},
        "ind": {"left": "0", "right": "0", "firstLine": "0"},
    }
)
"""A picture's paragraph neither cuts it off (exact line pitch) nor pushes it out (indents), and holds it together with
its caption: widow control keeps two lines on one page, also in a cell, where "keep with next" would tie whole rows."""


def drawing(picture: Mapping[str, Any]) -> Markup:
    """Return a picture (``data`` as ``Album.hang`` makes it, and ``caption``) as WordprocessingML, or nothing."""
    data = picture["data"]
    if data is None:
        return Markup("")
    return _DRAWING.format(
        cx=round(data["width"] * _EMU_PER_MM),
        cy=round(data["height"] * _EMU_PER_MM),
        caption=picture["caption"],
        mark=_MARK,
        asset=data["asset"],
        wp=_WP.strip("{}"),
        a=_A.strip("{}"),
        pic=_PIC.strip("{}"),
        r=_R.strip("{}"),
    )


def embedded(
    members: Mapping[str, bytes], parts: Iterable[str], assets: Mapping[str, tuple[str, bytes]]
) -> dict[str, bytes]:
    """Return a document's members with what the drawings of its ``parts`` need; without drawings, as they were."""
    found = dict(members)
    trees = {name: gate.parse_xml(members[name]) for name in parts if _MARK.encode() in members[name]}
    number = max((int(one.get("id", 0)) for tree in trees.values() for one in tree.iter(f"{_WP}docPr")), default=0)
    shown: dict[str, str] = {}
    for part, tree in trees.items():
        relations: dict[str, str] = {}
        for inline in tree.iter(f"{_WP}inline"):
            blip = next(inline.iter(f"{_A}blip"), None)
            if blip is None or not (asset := blip.get(f"{_R}embed", "")).startswith(_MARK):
                continue
            number += 1
            asset = asset.removeprefix(_MARK)
            shown[asset] = f"media/docgen-{asset}.{_ENDINGS[assets[asset][0]]}"
            blip.set(f"{_R}embed", relations.setdefault(asset, f"docgenPicture{len(relations) + 1}"))
            _number(inline, number)
            _fit(inline)
        found[part] = _xml(tree)
        _relate(found, part, {key: shown[asset] for asset, key in relations.items()})
    if shown:
        found[_CONTENT_TYPES] = _with_types(found[_CONTENT_TYPES], {assets[asset][0] for asset in shown})
    found |= {f"word/{target}": assets[asset][1] for asset, target in shown.items()}
    return found


def _number(inline: etree._Element, number: int) -> None:
    for properties in inline.iter(f"{_WP}docPr", f"{_PIC}cNvPr"):
        properties.set("id", str(number))
        properties.set("name", f"图片 {number}")


def _fit(inline: etree._Element) -> None:
    """Make a drawing no wider than its cell, and give it a paragraph that leaves it whole."""
    width = next((int(extent.get("cx", 0)) for extent in inline.iter(f"{_WP}extent")), 0)
    room = _room(inline)
    if room is not None and width > room:
        for extent in inline.iter(f"{_WP}extent", f"{_A}ext"):
            extent.set("cy", str(round(int(extent.get("cy", 0)) * room / width)))
            extent.set("cx", str(room))
    paragraph = next(inline.iterancestors(f"{_W}p"))
    properties = paragraph.find(f"{_W}pPr")
    if properties is None:
        properties = etree.Element(f"{_W}pPr")
        paragraph.insert(0, properties)
    for name, attributes in _ALONE.items():
        said = paragraph_property(properties, name)
        said.attrib.update({f"{_W}{key}": value for key, value in attributes.items()})


def paragraph_property(properties: etree._Element, name: str) -> etree._Element:
    """Return a paragraph's property, made where the schema wants it."""
    found = properties.find(f"{_W}{name}")
    if found is None:
        found = etree.Element(f"{_W}{name}")
        before = {f"{_W}{one}" for one in _ORDER[: _ORDER.index(name)]}
        properties.insert(sum(child.tag in before for child in properties), found)
    return found


def _room(inline: etree._Element) -> int | None:
    """Return the free width of the cell around a drawing in EMU, None outside of tables and where it is not said."""
    cell = next(inline.iterancestors(f"{_W}tc"), None)
    if cell is None:
        return None
    width = cell.find(f"{_W}tcPr/{_W}tcW")
    if width is None or width.get(f"{_W}type") != "dxa":
        return None
    table = next(cell.iterancestors(f"{_W}tbl"))
    free = int(width.get(f"{_W}w", 0))
    for side in ("left", "right"):
        margins = (cell.find(f"{_W}tcPr/{_W}tcMar/{_W}{side}"), table.find(f"{_W}tblPr/{_W}tblCellMar/{_W}{side}"))
        said = next((margin for margin in margins if margin is not None), None)
        free -= _CELL_MARGIN if said is None else int(said.get(f"{_W}w", 0))
    return max(free, 1) * _EMU_PER_TWIP


def _relate(members: dict[str, bytes], part: str, targets: Mapping[str, str]) -> None:
    name = posixpath.join(posixpath.dirname(part), "_rels", f"{posixpath.basename(part)}.rels")
    known = members.get(name)
    tree = etree.Element(f"{_RELATIONSHIPS}Relationships") if known is None else gate.parse_xml(known)
    for key, target in targets.items():
        etree.SubElement(tree, f"{_RELATIONSHIPS}Relationship", Id=key, Type=_IMAGE, Target=target)
    members[name] = _xml(tree)


def _with_types(content_types: bytes, used: set[str]) -> bytes:
    tree = gate.parse_xml(content_types)
    known = {one.get("Extension", "").lower() for one in tree.iter(f"{_TYPES}Default")}
    for media_type in sorted(used):
        if _ENDINGS[media_type] not in known:
            default = etree.Element(f"{_TYPES}Default", Extension=_ENDINGS[media_type], ContentType=media_type)
            tree.insert(0, default)
    return _xml(tree)


def _xml(tree: etree._Element) -> bytes:
    data: bytes = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
    return data
