"""Findings as comments of Word: whoever changed a template sees in Word, at the place itself, what to mend.

Comments are allowed in the body only (ECMA-376 part 1, 17.13.4), so that findings elsewhere stand at its beginning and
say where they belong.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final

from lxml import etree

from docgen.contract.spots import Part, W, part_title, text_of
from docgen.render import archive
from docgen.render.gate import parse_xml, read_package

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docgen.errors import TemplateFinding

_MAIN: Final = "word/document.xml"
_RELATIONS: Final = "word/_rels/document.xml.rels"
_TYPES: Final = "[Content_Types].xml"
_DEFAULT: Final = "word/comments.xml"
_AUTHOR: Final = "docgen"
_R: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_T: Final = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_KIND: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"


def commented(data: bytes, findings: Sequence[TemplateFinding]) -> bytes:
    """Return a Word file with a comment for each finding. Raises RefusedFileError for what is no sound Word file."""
    members = read_package(data, _MAIN)
    part = Part(_MAIN, parse_xml(members[_MAIN]))
    places = _Places(part)
    name = _comments_part(members)
    comments = parse_xml(members[name]) if name in members else etree.Element(f"{W}comments", nsmap={"w": W[1:-1]})
    known = [int(one.get(f"{W}id", "0")) for one in comments.iter(f"{W}comment")]
    first = max(known, default=-1) + 1
    for number, finding in enumerate(findings, first):
        paragraph, is_there = places.of(finding)
        _anchor(paragraph, str(number))
        words = [] if is_there else [f"{finding.place}："]
        _add(comments, str(number), [*words, finding.detail, f"办法：{finding.remedy}"])
    members |= {_MAIN: _bytes(part.root), name: _bytes(comments)}
    return archive.pack(archive.member(member, blob) for member, blob in members.items())


class _Places:
    """The paragraphs of a body by their places."""

    def __init__(self, part: Part) -> None:
        self._title = part_title(part.member)
        self._known: dict[str, list[etree._Element]] = {}
        for paragraph in part.root.iter(f"{W}p"):
            self._known.setdefault(part.place(paragraph).spot, []).append(paragraph)
        for cell in part.root.iter(f"{W}tc"):
            inside = cell.find(f"{W}p")
            if inside is not None:
                self._known.setdefault(part.place(cell).spot, [inside])
        first = next(part.root.iter(f"{W}p"), None)
        self._first = first if first is not None else _new_paragraph(part.root)

    def of(self, finding: TemplateFinding) -> tuple[etree._Element, bool]:
        """Return the paragraph for a finding's comment, and whether that is where the finding belongs."""
        place = finding.place
        there = self._known.get(place.spot, []) if place.part == self._title and place.spot else []
        words = _folded(place.excerpt.removesuffix("…"))
        best = next((one for one in there if words and words in _folded(text_of(one))), there[0] if there else None)
        return (self._first, False) if best is None else (best, True)


def _folded(text: str) -> str:
    return "".join(text.split())


def _new_paragraph(root: etree._Element) -> etree._Element:
    body = root.find(f"{W}body")
    made = etree.Element(f"{W}p")
    (root if body is None else body).insert(0, made)
    return made


def _anchor(paragraph: etree._Element, number: str) -> None:
    """Let a comment stand beside a whole paragraph."""
    start, end = etree.Element(f"{W}commentRangeStart"), etree.Element(f"{W}commentRangeEnd")
    run = etree.Element(f"{W}r")
    for element in (start, end, etree.SubElement(run, f"{W}commentReference")):
        element.set(f"{W}id", number)
    paragraph.insert(1 if paragraph.find(f"{W}pPr") is not None else 0, start)
    paragraph.extend((end, run))


def _add(comments: etree._Element, number: str, lines: Sequence[str]) -> None:
    comment = etree.SubElement(comments, f"{W}comment")
    for name, value in (("id", number), ("author", _AUTHOR), ("initials", "d")):
        comment.set(f"{W}{name}", value)
    for line in lines:
        text = etree.SubElement(
            etree.SubElement(etree.SubElement(comment, f"{W}p"), f"{W}r"), f"{W}t", {_SPACE: "preserve"}
        )
        text.text = line


def _comments_part(members: dict[str, bytes]) -> str:
    """Return the name of the part for comments; where there is none, declare one."""
    relations = (
        parse_xml(members[_RELATIONS])
        if _RELATIONS in members
        else etree.fromstring(f'<Relationships xmlns="{_R[1:-1]}"/>')
    )
    for relation in relations.iter(f"{_R}Relationship"):
        if relation.get("Type") == _KIND:
            return posixpath.normpath(posixpath.join("/word", relation.get("Target", ""))).lstrip("/")
    used = {relation.get("Id") for relation in relations}
    identifier = next(name for name in (f"rId{number}" for number in range(1, len(used) + 2)) if name not in used)
    told = {"Id": identifier, "Type": _KIND, "Target": posixpath.basename(_DEFAULT)}
    etree.SubElement(relations, f"{_R}Relationship", told)
    types = parse_xml(members[_TYPES])
    if all(one.get("PartName") != f"/{_DEFAULT}" for one in types.iter(f"{_T}Override")):
        etree.SubElement(types, f"{_T}Override", {"PartName": f"/{_DEFAULT}", "ContentType": _TYPE})
    members.pop(_DEFAULT, None)
    members |= {_RELATIONS: _bytes(relations), _TYPES: _bytes(types)}
    return _DEFAULT


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
