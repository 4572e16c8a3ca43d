"""Content controls: a rendered or blank Word document is a form that Word can fill in and ``read`` can read back.

A template's author puts a control around a placeholder and tags it with the field's path. What Word needs besides, the
author need not write: when a template is compiled, a control learns to show a placeholder while its value is empty, and
a tick box to carry its state (ECMA-376 part 1, 17.5.2; [MS-DOCX] 2.6.1 for ``w14:checkbox``).
"""

from __future__ import annotations

import re
from typing import Final
from xml.sax.saxutils import unescape

from lxml import etree

from docgen.render.filters import TICKED

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14: Final = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_NAMES: Final = {"w": W.strip("{}")}
_MARK: Final = "docgen-if"
_BLANK: Final = "　　"
"""What an empty control shows: wide enough to click, invisible on paper."""
_VALUE: Final = re.compile(r"\{\{\s*(.+?)\s*\}\}")
_LOOP: Final = re.compile(r"\{%p\s+for\s+\w+\s+in\s+(.+?)\s*%\}")
_WITH_BLANK: Final = re.compile(r"\|\s*(?:day|numerals)\b")
"""Filters that print blanks to write in by hand where there is no value."""
_CHECKED: Final = re.compile(rf'w14:checked (xmlns:w14="[^"]*" )?w14:val="[01]" {_MARK}=("[^"]*")')
_CONTENT: Final = re.compile(rf'<w:sdtContent {_MARK}=("[^"]*") kind="(\w+)">(.*?)</w:sdtContent>', re.DOTALL)
_LINES: Final = re.compile(
    r"<w:sdt><w:sdtPr>((?:(?!</w:sdtPr>).)*)</w:sdtPr>"
    rf'<w:sdtContent {_MARK}=("[^"]*") kind="lines">(.*?)</w:sdtContent></w:sdt>',
    re.DOTALL,
)
_RUN: Final = re.compile(r"<w:r>(?:(?!</w:r>).)*</w:r>", re.DOTALL)
_HINT: Final = re.compile(rf'<w:showingPlcHdr {_MARK}=("[^"]*")\s*/>')


def mark(part: etree._Element) -> None:
    """Note in each control on which expression its state depends; ``unfold`` makes jinja of the notes."""
    for control in part.iter(f"{W}sdt"):
        properties, content = control.find(f"{W}sdtPr"), control.find(f"{W}sdtContent")
        if properties is None or content is None or properties.find(f"{W}tag") is None:
            continue
        if content.find(f".//{W}sdt") is not None:
            continue  # rows that repeat, not a value
        words = "".join(node.text or "" for node in content.iter(f"{W}t"))
        checked = properties.find(f"{W14}checkbox/{W14}checked")
        if checked is not None and (found := _VALUE.search(words)):
            checked.set(_MARK, f"{found[1]} == '{TICKED}'")
        elif loop := _LOOP.search(words):
            in_cell = control.xpath("boolean(parent::w:tc)", namespaces=_NAMES)
            _mark_content(properties, content, loop[1], "lines" if in_cell else "block")
        elif found := _VALUE.search(words):
            _mark_content(properties, content, found[1], "date" if _WITH_BLANK.search(found[1]) else "run")


def _mark_content(properties: etree._Element, content: etree._Element, value: str, kind: str) -> None:
    if kind not in {"block", "lines"}:
        value = value.split("|", 1)[0].strip()
    condition = f"{value} or {value} == 0"
    hint = etree.SubElement(properties, f"{W}showingPlcHdr")
    hint.set(_MARK, condition)
    # The schema wants the hint before the kind of the control (date, drop-down list).
    anchor = properties.find(f"{W}tag")
    if anchor is not None:
        anchor.addnext(hint)
    content.set(_MARK, condition)
    content.set("kind", kind)


def unfold(source: str) -> str:
    """Turn the notes of ``mark`` in a patched part into jinja."""
    source = _CHECKED.sub(_unfold_state, source)
    source = _LINES.sub(_unfold_lines, source)
    source = _HINT.sub(lambda found: f"{{% if not ({_expression(found[1])}) %}}<w:showingPlcHdr/>{{% endif %}}", source)
    return _CONTENT.sub(_unfold_content, source)


def _unfold_state(found: re.Match[str]) -> str:
    return f'w14:checked {found[1] or ""}w14:val="{{% if {_expression(found[2])} %}}1{{% else %}}0{{% endif %}}"'


def _unfold_lines(found: re.Match[str]) -> str:
    """Give every line of a text in a cell a control of its own inside its paragraph.

    One control around several paragraphs is what authors write, but LibreOffice 7.4 saves its words four times. Texts
    outside of tables keep it all the same: where several stand below each other, only it tells where one ends.
    """
    properties, condition, inner = found[1], _expression(found[2]), found[3]
    properties = _HINT.sub("", properties)
    control = f"<w:sdt><w:sdtPr>{_literal(properties)}</w:sdtPr>"
    lines = _RUN.sub(rf"{control}<w:sdtContent>\g<0></w:sdtContent></w:sdt>", inner)
    control = f"<w:sdt><w:sdtPr>{properties}<w:showingPlcHdr/></w:sdtPr>"
    empty = _paragraph(inner, f"{control}<w:sdtContent>{_blank_run(inner)}</w:sdtContent></w:sdt>")
    return f"{{% if {condition} %}}{lines}{{% else %}}{empty}{{% endif %}}"


def _literal(replacement: str) -> str:
    """Return words that ``re.sub`` puts in as they stand."""
    return replacement.replace("\\", r"\\")


def _unfold_content(found: re.Match[str]) -> str:
    condition, kind, inner = _expression(found[1]), found[2], found[3]
    if kind == "date":
        return f"<w:sdtContent>{inner}</w:sdtContent>"
    blank = _blank_run(inner)
    empty = blank if kind == "run" else _paragraph(inner, blank)
    return f"<w:sdtContent>{{% if {condition} %}}{inner}{{% else %}}{empty}{{% endif %}}</w:sdtContent>"


def _paragraph(like: str, content: str) -> str:
    """Return a paragraph in the style of another."""
    style = re.search(r"<w:pPr>.*?</w:pPr>", like, re.DOTALL)
    return f"<w:p>{style[0] if style else ''}{content}</w:p>"


def _blank_run(inner: str) -> str:
    """Return what an empty control shows, in the look of its words."""
    look = re.search(r"<w:rPr>.*?</w:rPr>", inner, re.DOTALL)
    return f'<w:r>{look[0] if look else ""}<w:t xml:space="preserve">{_BLANK}</w:t></w:r>'


def _expression(attribute: str) -> str:
    """Return the jinja expression that an XML attribute holds."""
    return unescape(attribute[1:-1], {"&quot;": '"', "&apos;": "'"})
