"""Many certificates as one PDF: each page adds its words and its code, faces and ornaments are in the file once.

Pages go to the file as they are set; what is held until the end are the used glyphs and a line for each object.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Final, NamedTuple

from pydyf import String

from docgen.forms import catalogue
from docgen.layout import Face
from docgen.render import html, press
from docgen.render.stamp import setting, stamping, writing
from docgen.render.stamp.fount import Numbers
from docgen.render.stamp.setting import UnsettableError
from docgen.render.stamp.writing import Objects

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from docgen.render.stamp.design import Design, Sheet

_MOST_PACKED: Final = 200
"""Dictionaries that one packed stream holds."""


class _Shared(NamedTuple):
    """What the pages of one design share in the file. ``design`` is kept so that its identity stays its own."""

    design: Design
    numbers: dict[int, int]


def merge(path: Path, title: str, sheets: Iterable[Sheet]) -> list[int]:
    """Write certificates into a file, each on its page; return the places of those that have none.

    These need WeasyPrint, or their template has been changed since they were made.
    """
    with path.open("wb") as file:
        binding = _Binding(file)
        left = [place for place, sheet in enumerate(sheets) if not binding.add(sheet)]
        binding.close(title)
    return left


class _Binding:
    """A file that is being written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._objects = Objects(1, file.write(writing.HEAD))
        self._root, self._info, self._pages = (self._objects.take() for _ in range(3))
        self._founts = {face: Numbers() for face in Face}
        self._shared: dict[int, _Shared] = {}
        self._packed: dict[int, bytes] = {}
        self._kids: list[int] = []

    def add(self, sheet: Sheet) -> bool:
        """Write a page; tell whether it could be stamped."""
        form = catalogue.get_form(sheet.form)
        if sheet.template != f"{form.id}@{html.version(form.id)}" or not stamping.is_stamped(form):
            return False
        values, printing = press.filled(form, sheet.submission, issue=sheet.issue)
        laid = stamping.laid(form, values, printing)
        if laid is None:
            return False
        try:
            painted = setting.page(laid.design, values, self._founts)
        except UnsettableError:
            return False
        self._page(laid.design, painted, stamping.code(printing.qr_url))
        return True

    def _page(self, design: Design, painted: Sequence[bytes], code: bytes) -> None:
        shared = self._shared.get(id(design)) or self._share(design)
        number, resources, words, its_code = (self._objects.take() for _ in range(4))
        self._objects.add(words, writing.stream(writing.content(design, painted)))
        self._objects.add(its_code, code)
        numbers = {**shared.numbers, design.resources: resources, design.code: its_code}
        self._packed[resources] = writing.renumbered(design.objects[design.resources], numbers)
        self._packed[number] = writing.paged(design, numbers, words)
        self._kids.append(number)
        if len(self._packed) > _MOST_PACKED:
            self._pack()
        self._flush()

    def _share(self, design: Design) -> _Shared:
        fixed = {
            design.pages: self._pages,
            design.contents: writing.drawn_into(self._objects, design),
            design.fonts: self._objects.take(),
            design.code: 0,
        }
        roots = design.objects[design.resources] + design.kept_fonts
        numbers = writing.settle(design, roots, fixed, self._objects, self._packed)
        self._shared[id(design)] = shared = _Shared(design, numbers)
        return shared

    def _pack(self) -> None:
        self._objects.pack(self._packed)
        self._packed = {}

    def _flush(self) -> None:
        self._file.writelines(self._objects.parts)
        self._objects.parts.clear()

    def close(self, title: str) -> None:
        """Write the faces and the file's end."""
        told = writing.faces_into(self._objects, self._packed, self._founts)
        for design, numbers in self._shared.values():
            kept = writing.renumbered(design.kept_fonts, numbers)
            self._packed[numbers[design.fonts]] = b"<<" + kept + told + b">>"
        kids = b" ".join(b"%d 0 R" % kid for kid in self._kids)
        self._packed[self._pages] = b"<</Type /Pages/Count %d/Kids [%s]>>" % (len(self._kids), kids)
        self._packed[self._root] = b"<</Type /Catalog/Lang (zh-CN)/Pages %d 0 R>>" % self._pages
        self._packed[self._info] = b"<</Producer (docgen)/Title %s>>" % String(title).data
        self._pack()
        number, start = self._objects.take(), self._objects.offset
        self._objects.places[number] = (1, start, 0)
        rows = writing.table(self._objects.places, self._objects.next)
        self._flush()
        self._file.write(writing.end(rows, number, start, self._root, self._info))
