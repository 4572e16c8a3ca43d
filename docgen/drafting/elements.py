"""Elements of WordprocessingML that python-docx has no words for."""

from __future__ import annotations

from typing import Any, Final

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from docgen.layout import TWIPS_PER_MM

W15: Final = "{http://schemas.microsoft.com/office/word/2012/wordml}"


def twips(mm: float) -> str:
    """Return millimetres in the unit of Word's attributes."""
    return str(round(mm * TWIPS_PER_MM))


def element(name: str, **attributes: str) -> Any:
    """Return ``w:name`` with its attributes."""
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made
