"""The face in which Word prints a run, from the run up to the document's defaults, theme faces resolved."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from docgen.contract.spots import W

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml import etree

SLOTS: Final = ("eastAsia", "ascii", "hAnsi")
"""The attributes of ``w:rFonts`` that decide for Chinese, for ASCII and for other Latin text."""

_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


class Styles:
    """The styles of a Word file, with its theme."""

    def __init__(self, styles: etree._Element | None, theme: etree._Element | None) -> None:
        """Take the roots of ``word/styles.xml`` and of the theme, where the file has them."""
        self._root = styles
        self._theme = theme

    @cached_property
    def by_id(self) -> Mapping[tuple[str, str], etree._Element]:
        """Styles by (type, identifier)."""
        found = () if self._root is None else self._root.iterfind(f"{W}style")
        return {(style.get(f"{W}type", ""), style.get(f"{W}styleId", "")): style for style in found}

    @cached_property
    def names(self) -> frozenset[tuple[str, str]]:
        """Every style as (type, name): Word renumbers identifiers when it saves, names stay."""
        return frozenset((kind, style_name(style)) for (kind, _), style in self.by_id.items())

    @cached_property
    def _standard(self) -> Mapping[str, str]:
        """The style of each type that holds where none is named."""
        return {
            kind: one for (kind, one), style in self.by_id.items() if style.get(f"{W}default") in {"1", "true", "on"}
        }

    def face(self, run: etree._Element, slot: str) -> str | None:
        """Return the face of a run for one slot, or None where nothing names one."""
        for fonts in self._fonts(run):
            theme = fonts.get(f"{W}{slot}Theme")
            if theme:
                return self._theme_face(theme)
            if face := fonts.get(f"{W}{slot}"):
                return face
        return None

    def _fonts(self, run: etree._Element) -> Iterator[etree._Element]:
        """Walk the ``w:rFonts`` that bear on a run, the strongest first."""
        yield from run.iterfind(f"{W}rPr/{W}rFonts")
        yield from self._of_style("character", run.find(f"{W}rPr/{W}rStyle"))
        paragraph = next(run.iterancestors(f"{W}p"), None)
        yield from self._of_style("paragraph", None if paragraph is None else paragraph.find(f"{W}pPr/{W}pStyle"))
        table = next(run.iterancestors(f"{W}tbl"), None)
        if table is not None:
            yield from self._of_style("table", table.find(f"{W}tblPr/{W}tblStyle"))
        if self._root is not None:
            yield from self._root.iterfind(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}rFonts")

    def _of_style(self, kind: str, named: etree._Element | None) -> Iterator[etree._Element]:
        """Walk a style and those that it is based on; a circle ends it, as in Word."""
        identifier = self._standard.get(kind, "") if named is None else named.get(f"{W}val", "")
        seen = set()
        while identifier not in seen and (style := self.by_id.get((kind, identifier))) is not None:
            seen.add(identifier)
            yield from style.iterfind(f"{W}rPr/{W}rFonts")
            base = style.find(f"{W}basedOn")
            identifier = "" if base is None else base.get(f"{W}val", "")

    def _theme_face(self, name: str) -> str | None:
        """Resolve ``minorEastAsia`` and the like; an empty East Asian face means the one for simplified Chinese."""
        scheme = "major" if name.startswith("major") else "minor"
        fonts = None if self._theme is None else next(self._theme.iter(f"{_A}{scheme}Font"), None)
        if fonts is None:
            return None
        if not name.endswith("EastAsia"):
            latin = fonts.find(f"{_A}latin")
            return None if latin is None else latin.get("typeface") or None
        east = fonts.find(f"{_A}ea")
        hans = next((font for font in fonts.iterfind(f"{_A}font") if font.get("script") == "Hans"), None)
        return next((face for one in (east, hans) if one is not None and (face := one.get("typeface"))), None)


def style_name(style: etree._Element) -> str:
    """Return a style's name as Word shows it."""
    name = style.find(f"{W}name")
    return "" if name is None else name.get(f"{W}val", "")
