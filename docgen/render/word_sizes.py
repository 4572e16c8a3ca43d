"""Type sizes of one certificate in Word: its styles take what ``fitting`` measured, its words stay untouched.

Word refuses a template with a placeholder where it wants a number, so sizes cannot be printed like values.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from lxml import etree

from docgen.layout import (
    AFTER_RECIPIENT,
    BEFORE_NOTES,
    NOTE_LINE,
    NOTE_RATIO,
    TWIPS_PER_MM,
    certificate_layout,
)
from docgen.render import gate
from docgen.render.word_pictures import paragraph_property

if TYPE_CHECKING:
    from docgen.render.fitting import Fit

STYLES: Final = "word/styles.xml"
RECIPIENT: Final = "证书抬头"
WORDS: Final = "证书正文"
NOTES: Final = "证书成员"
ISSUERS: Final = "证书落款"
HEIGHT: Final = "证书撑高"
"""Styles of the house by name: Word renumbers their identifiers when it saves."""

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TWIPS_PER_POINT: Final = 20


class _Set(NamedTuple):
    """How one style is set: size and line pitch in points, the rest in twips."""

    name: str
    size: float
    line: float
    before: int = 0
    after: int = 0
    first: int = 0
    left: int = 0
    right: int = 0


def sized(styles: bytes, fit: Fit) -> bytes:
    """Return ``word/styles.xml`` with the certificate's styles set; a style that is not there is left out."""
    size, small = fit["size"], fit["note_size"]
    widest = certificate_layout(issuers=2).issuers.width
    inset = fit["issuer_inset"]
    return _with(
        styles,
        (
            _Set(
                RECIPIENT,
                size,
                size * fit["line"],
                before=_twips(fit["above"]),
                after=round(size * AFTER_RECIPIENT * _TWIPS_PER_POINT),
                right=_twips(fit["recipient_right"]),
            ),
            _Set(
                WORDS,
                size,
                size * fit["line"],
                first=round(2 * size * _TWIPS_PER_POINT),
                right=_twips(fit["words_right"]),
            ),
            _Set(
                NOTES,
                small,
                small * NOTE_LINE,
                before=round(small * BEFORE_NOTES / NOTE_RATIO * _TWIPS_PER_POINT),
                first=_twips(fit["note_indent"]),
                right=_twips(fit["notes_right"]),
            ),
            _Set(
                ISSUERS,
                fit["issuer_size"],
                fit["issuer_size"] * NOTE_LINE,
                left=_twips(widest - fit["issuers_width"] + inset),
                right=_twips(inset),
            ),
            _Set(HEIGHT, 1, fit["words_height"] * TWIPS_PER_MM / _TWIPS_PER_POINT),
        ),
    )


def _twips(mm: float) -> int:
    return round(mm * TWIPS_PER_MM)


@lru_cache(maxsize=256)
def _with(styles: bytes, wanted: tuple[_Set, ...]) -> bytes:
    tree = gate.parse_xml(styles)
    known = {name.get(f"{_W}val"): style for style in tree.iter(f"{_W}style") for name in style.iterfind(f"{_W}name")}
    for one in wanted:
        if (style := known.get(one.name)) is not None:
            _set(style, one)
    data: bytes = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
    return data


def _set(style: etree._Element, wanted: _Set) -> None:
    paragraph = _child(style, "pPr", ahead_of=("rPr",))
    line = {"line": round(wanted.line * _TWIPS_PER_POINT), "lineRule": "exact"}
    _say(paragraph_property(paragraph, "spacing"), before=wanted.before, after=wanted.after, **line)
    _say(paragraph_property(paragraph, "ind"), left=wanted.left, right=wanted.right, firstLine=wanted.first)
    run = _child(style, "rPr")
    for name in ("sz", "szCs"):
        _say(_child(run, name, ahead_of=("szCs", "highlight", "u", "effect", "lang")), val=round(wanted.size * 2))


def _child(parent: etree._Element, name: str, ahead_of: tuple[str, ...] = ()) -> etree._Element:
    """Return a child, made ahead of those that the schema wants behind it."""
    found = parent.find(f"{_W}{name}")
    if found is None:
        found = etree.Element(f"{_W}{name}")
        behind = next((child for child in parent if child.tag in {f"{_W}{one}" for one in ahead_of}), None)
        if behind is None:
            parent.append(found)
        else:
            behind.addprevious(found)
    return found


def _say(element: etree._Element, **attributes: object) -> None:
    element.attrib.update({f"{_W}{name}": str(value) for name, value in attributes.items()})
