"""The two-page form as a template of docxtemplater or Carbone: derived from a Word document of ours, so that all agree.

Every value of ours stands in a content control with its field's path as tag. A peer's template has the peer's own mark
there, and its data are the very texts that we printed: nothing is left for it to compute.
"""

from __future__ import annotations

import copy
import io
import re
import zipfile
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BODY: Final = "word/document.xml"
_ROWS: Final = re.compile(r"topics\[(\d+)\]\.(.+)")
"""The one table of the form that has as many rows as the data want."""
_LIST: Final = "topics"
_NUMBER: Final = "place"
_FIRST_NUMBER: Final = f".//{_W}tc//{_W}t[.='1']"


def template(document: bytes, peer: str) -> tuple[bytes, dict[str, Any]]:
    """Return a peer's template, and the data with which it gives the document that it was made from."""
    with zipfile.ZipFile(io.BytesIO(document)) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    body = etree.fromstring(members[_BODY])
    data = _marked(body, peer)
    members[_BODY] = etree.tostring(body, xml_declaration=True, encoding="UTF-8", standalone=True)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, blob in members.items():
            packed.writestr(name, blob)
    return buffer.getvalue(), data


def words(document: bytes) -> str:
    """Return all text of a Word document's body."""
    with zipfile.ZipFile(io.BytesIO(document)) as packed:
        body = etree.fromstring(packed.read(_BODY))
    return "".join(text.text or "" for text in body.iter(f"{_W}t"))


def _marked(body: Any, peer: str) -> dict[str, Any]:
    """Put marks in the place of values; return these."""
    data: dict[str, Any] = {_LIST: []}
    groups: dict[int, list[Any]] = {}
    for control in list(body.iter(f"{_W}sdt")):
        tag = control.find(f"{_W}sdtPr/{_W}tag").get(f"{_W}val")
        found = _ROWS.fullmatch(tag)
        if not found:
            name = f"v{len(data)}"
            data[name] = _replaced(control, _mark(peer, name))
            continue
        place, name = int(found[1]), f"v{sum(map(ord, found[2]))}"
        row = next(one for one in control.iterancestors(f"{_W}tr"))
        if place == len(data[_LIST]):
            data[_LIST].append({_NUMBER: str(place + 1)})
            groups[place] = []
        if row not in groups[place]:
            groups[place].append(row)
        data[_LIST][place][name] = _replaced(control, _mark(peer, name, row=True))
    _repeat(groups, peer)
    return data


def _replaced(control: Any, mark: str) -> str:
    """Put a mark into a control; return what stood there."""
    first, *others = control.iter(f"{_W}t")
    text = "".join(one.text or "" for one in (first, *others))
    first.text = mark
    for one in others:
        one.text = ""
    return text


def _mark(peer: str, name: str, *, row: bool = False) -> str:
    if peer == "docxtemplater":
        return f"{{{name}}}"
    return f"{{d.{_LIST}[i].{name}}}" if row else f"{{d.{name}}}"


def _repeat(groups: dict[int, list[Any]], peer: str) -> None:
    """Leave the rows of the first entry, and say that they are repeated, as each peer wants it said."""
    rows = groups.pop(0)
    for others in groups.values():
        for row in others:
            row.getparent().remove(row)
    number = rows[0].find(_FIRST_NUMBER)
    number.text = _mark(peer, _NUMBER, row=True)
    if peer == "docxtemplater":
        first, *_, last = _texts(rows)
        first.text, last.text = f"{{#{_LIST}}}{first.text}", f"{last.text}{{/{_LIST}}}"
        return
    end = copy.deepcopy(rows[0])  # what stands between the rows of [i] and one of [i+1] is repeated
    for text in end.iter(f"{_W}t"):
        text.text = ""
    end.find(f".//{_W}t").text = _mark(peer, _NUMBER, row=True).replace("[i]", "[i+1]")
    rows[-1].addnext(end)


def _texts(rows: list[Any]) -> Iterator[Any]:
    for row in rows:
        yield from row.iter(f"{_W}t")
