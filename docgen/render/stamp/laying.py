"""Laying a traced template out once: WeasyPrint's boxes tell where words stand, its drawing tells all the rest.

What is read is checked, not assumed: a box tree in which the words of one certificate could move what is not read here
ends in UntraceableError.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, Final

from PIL import Image
from pydyf import Dictionary, Stream
from weasyprint.pdf.stream import Stream as Painted

from docgen.render import faces, pdf
from docgen.render.stamp.boxes import Reader
from docgen.render.stamp.design import Design
from docgen.render.stamp.tracing import LENGTHS, UntraceableError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from docgen.layout import PageKind
    from docgen.render.stamp.design import Place
    from docgen.render.stamp.tracing import Source, Traced

_CODE_SIDE: Final = 331
"""Pixels of the picture that stands for the code; no other picture has as many."""
_FIRST_MAGIC, _NEXT_MAGIC = 4.0123, 0.0371
"""Millimetres that stand for lengths; no other length has as many digits."""


def lay(traced: Traced, values: Mapping[str, Any], page: PageKind, assets: Mapping[str, tuple[str, bytes]]) -> Design:
    """Lay a template out and read it. Raises UntraceableError, and RenderError for what WeasyPrint warns of."""
    html, texts, lengths = _filled(traced, values)
    with pdf.laid_out(html, page, {**assets, "qr": ("image/png", _no_code())}) as document:
        if len(document.pages) != 1:
            raise UntraceableError("takes several pages")
        reader = Reader(document.pages[0]._page_box, texts, lengths)  # noqa: SLF001  no public way to the boxes
        found = reader.places()
        for box, _ in found:
            box.pango_layout.text = " "
        drawn: list[Design] = []
        pdf.written(document, lambda written: drawn.append(_design(written, found, reader.bottom)))
    return drawn[0]


def _filled(
    traced: Traced, values: Mapping[str, Any]
) -> tuple[str, dict[str, Source], dict[float, tuple[str | int, ...]]]:
    """Return the HTML with one character for every text and one number for every length, and what stands for what."""
    said = "".join(part for part in traced.parts if isinstance(part, str))
    fresh = (char for char in faces.shared() if char not in said)
    magic: dict[tuple[str | int, ...], float] = {}
    texts: dict[str, Source] = {}
    html = []
    for part in traced.parts:
        if isinstance(part, str):
            html.append(part)
            continue
        source = traced.sources[part]
        if source.path[0] == "fit" and source.path[-1] in LENGTHS:
            number = magic.setdefault(source.path, _FIRST_MAGIC + _NEXT_MAGIC * len(magic))
            html.append(f"{number:.4f}")
        elif source.filters or source.value(values):
            if not (char := next(fresh, "")):
                raise UntraceableError("is set in faces with no character in common left")
            html.append(char)
            texts[char] = source
    return "".join(html), texts, {round(number, 4) * 96 / 25.4: path for path, number in magic.items()}


def _no_code() -> bytes:
    buffer = io.BytesIO()
    Image.new("1", (_CODE_SIDE, _CODE_SIDE), 1).save(buffer, "PNG")
    return buffer.getvalue()


def _design(written: Any, found: list[tuple[Any, Place]], bottom: float) -> Design:  # noqa: ANN401  weasyprint ships no types
    """Return what WeasyPrint drew, cut where places are."""
    by_number = {one.number: one for one in written.objects if one.free == "n"}
    page = by_number[written.pages["Kids"][0]]
    contents = by_number[_number(page["Contents"])]
    resources = by_number[_number(page["Resources"])]
    fonts = by_number[_number(resources["Font"])]
    drawn, *content = _cut(contents.stream, [box for box, _ in found])
    painted = [part for part in (drawn, *content) if isinstance(part, bytes)]
    painted += [_joined(one.stream) for one in by_number.values() if isinstance(one, Painted) and one is not contents]
    used = {name for part in painted for name in re.findall(rb"/(\S+) \S+ Tf", part)}
    written.add_object(written.info)
    by_number[written.info.number] = written.info
    codes = [one.number for one in by_number.values() if _is_code(one)]
    if len(codes) != 1:
        raise UntraceableError("shows the code not once")
    kept = {name: reference for name, reference in fonts.items() if name.encode() in used}
    return Design(
        places=tuple(place for _, place in found),
        drawn=drawn,
        content=tuple(content),
        objects={number: _whole(one) for number, one in by_number.items()},
        catalog=written.catalog.number,
        info=written.info.number,
        pages=written.pages.number,
        page=page.number,
        resources=resources.number,
        contents=contents.number,
        fonts=fonts.number,
        code=codes[0],
        kept_fonts=Dictionary(kept).data[2:-2],
        bottom=bottom,
    )


def _number(reference: bytes) -> int:
    return int(reference.split()[0])


def _is_code(one: Any) -> bool:  # noqa: ANN401  as above
    return isinstance(one, Stream) and one.extra.get("Width") == one.extra.get("Height") == _CODE_SIDE


def _whole(one: Any) -> bytes:  # noqa: ANN401  as above
    data: bytes = one.data
    return data


def _joined(operators: Sequence[bytes | str]) -> bytes:
    return b"\n".join(one if isinstance(one, bytes) else one.encode("ascii") for one in operators)


def _cut(operators: Sequence[bytes | str], found: Sequence[Any]) -> list[Any]:
    """Return a page's content: operators, and in the place of what was painted for words the number of their place.

    The text after a place names its face anew: WeasyPrint leaves that out where two texts are set alike.
    """
    starts = {_start(box): number for number, box in enumerate(found)}
    cut: list[Any] = []
    kept: list[bytes | str] = []
    face: bytes | None = None
    dropping = renaming = False
    for operator in operators:
        is_start = operator.endswith(b"Tm") if isinstance(operator, bytes) else operator.endswith("Tm")
        if is_start and operator in starts:
            cut += [_joined(kept), starts.pop(operator)]
            kept, dropping, renaming = [], True, True
            continue
        if operator == b"BT":
            face, renaming = None, False
        if operator == b"ET" or is_start:
            dropping = False
        if isinstance(operator, bytes) and operator.endswith(b" Tf"):
            face = operator
        if dropping:
            continue
        kept.append(operator)
        if is_start and renaming and face:
            kept.append(face)
    if starts:
        raise UntraceableError("paints words in a group of their own")
    return [*cut, _joined(kept)]


def _start(box: Any) -> bytes:  # noqa: ANN401  as above
    """Return the operator that begins a text, as WeasyPrint writes it."""
    stream = Stream()
    stream.set_text_matrix(1, 0, 0, -1, box.position_x, box.position_y + box.baseline)
    operator: bytes = stream.stream[0]
    return operator
