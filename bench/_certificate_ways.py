"""The ways to make certificates that ``bench.certificates`` compares; runs one: ``WAY FOLDER BEGIN END START [wait]``.

``FOLDER`` holds the rows, of which those from BEGIN to END are made; START is when the process was asked for. Prints
JSON: seconds until the first document is there, seconds and processor seconds of the others, bytes, peak memory. With
``wait`` it says when the first is there, and goes on when a line comes in: so that two begin together.
"""

from __future__ import annotations

import base64
import io
import json
import os
import re
import sys
import time
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bench.invented import circles
from bench.measuring import busy_seconds, family, peak_mb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from docgen.layout import PageKind

FORM: Final = "caq-2026/certificate-group"
_CODE: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_HOST: Final = "zs.quality-award.example.org.cn"
ROWS: Final = "rows.json"
KEPT: Final = 20
"""Documents that are kept to be checked."""
READY: Final = "ready"
FEWEST: Final = 5
"""Arguments of a process that does not wait."""
_SMALL: Final = 60_000
"""Bytes of a face cut down for one certificate; others hold what is drawn on each."""

Row = tuple[dict[str, Any], Any]


def rows(count: int) -> Iterator[Row]:
    """Walk submissions and what issuing decides of them: five fields differ."""
    from docgen import service
    from docgen.forms import checking
    from docgen.forms.catalogue import get_form

    form = get_form(FORM)
    sample = {**service.sample(form), "members": []}
    for place, (organisation, circle, _) in enumerate(circles(count)):
        values = {**sample, "org_name": organisation, "group_name": circle}
        letters = "".join(_CODE[(place * 7919 + at * 104729 >> at % 5) % 32] for at in range(16))
        code = "-".join(letters[at : at + 4] for at in range(0, 16, 4))
        issue = {
            "number": f"CAQ-QC-2026-{place + 1:06d}", "code": code, "url": f"https://{_HOST}/C/{letters}",
            "host": _HOST, "mark": "", "border": True,
        }  # fmt: skip
        yield checking.validate(form, values).model_dump(mode="json"), issue


def stamped(_: Path) -> Callable[[Row], bytes]:
    """Return what docgen does."""
    from docgen.forms.catalogue import get_form
    from docgen.render import press

    form = get_form(FORM)
    return lambda row: press.make(form, row[0], "pdf", issue=row[1]).data


def kept(_: Path) -> Callable[[Row], bytes]:
    """Return WeasyPrint with faces and style sheet kept, as docgen lays out what it cannot stamp."""
    from docgen.forms.catalogue import get_form
    from docgen.render import document, html, pdf, press

    form = get_form(FORM)

    def make(row: Row) -> bytes:
        values, printing = press.filled(form, row[0], issue=row[1])
        return pdf.render(html.render(form, values), form.page, document.assets(printing))

    return make


def naive(folder: Path) -> Callable[[Row], bytes]:
    """Return WeasyPrint as its first page shows it: HTML and CSS for each document, faces installed on the machine."""
    from bench import peers
    from docgen.layout import PageKind

    os.environ["FONTCONFIG_FILE"] = str(peers.faces(folder))
    from weasyprint import CSS, HTML

    sheet = installed_sheet(PageKind.CERTIFICATE)

    def make(row: Row) -> bytes:
        made: bytes = HTML(string=page_of(row)).write_pdf(stylesheets=[CSS(string=sheet)])
        return made

    return make


def installed_sheet(page: PageKind) -> str:
    """Return the house's style sheet with the names of faces as a machine knows them that has them installed."""
    from docgen.render import html

    installed = {"LXGWWenKai-Regular": "LXGW WenKai", "NotoSerifSC-Bold": "Noto Serif SC"}
    installed |= {"NotoSerifSC-Regular": "Noto Serif SC", "NotoSansSC-Regular": "Noto Sans SC"}
    sheet = html.style_sheet(page) + "\nh1 { font-weight: bold }"
    return re.sub('"docgen-([^"]+)"', lambda found: f'"{installed.get(found[1], found[1])}"', sheet)


def page_of(row: Row) -> str:
    """Return the HTML of a certificate, its pictures in it."""
    from docgen.forms.catalogue import get_form
    from docgen.render import document, html, press

    form = get_form(FORM)
    values, printing = press.filled(form, row[0], issue=row[1])
    page = html.render(form, values)
    for name, (kind, data) in document.assets(printing).items():
        page = page.replace(f"docgen-asset:{name}", f"data:{kind};base64,{base64.b64encode(data).decode()}")
    return page


def typst(folder: Path) -> Callable[[Row], bytes]:
    """Return typst with its compiler kept; the code comes as an SVG, the ornaments as they are."""
    import typst as engine

    from docgen import paths
    from docgen.render import qr

    (folder / "border.svg").write_bytes((paths.TEMPLATES / "html" / "_house" / "border.svg").read_bytes())
    source = folder / "certificate.typ"
    source.write_text((Path(__file__).parent / "certificate.typ").read_text(encoding="utf-8"), encoding="utf-8")
    compiler = engine.Compiler(str(source), root=str(folder), font_paths=[str(paths.FACES)], ignore_system_fonts=True)

    def make(row: Row) -> bytes:
        submission, issue = row
        matrix = qr.matrix(issue["url"])
        sides, stride = range(matrix.side), (matrix.side + 7) // 8
        dark = ((x, y) for y in sides for x in sides if matrix.bits[y * stride + x // 8] >> x % 8 & 1)
        path = "".join(f"M{x + 4} {y + 4}h1v1h-1z" for x, y in dark)
        side = matrix.side + 8
        told = {
            "org": submission["org_name"], "group": submission["group_name"], "number": issue["number"],
            "code": issue["code"], "host": issue["host"],
            "qr": f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"><path d="{path}"/></svg>',
        }  # fmt: skip
        made: Any = compiler.compile(format="pdf", sys_inputs=told)
        return bytes(made)

    return make


def floor(folder: Path) -> Callable[[Row], bytes]:
    """Return the least that has to be done: two small faces packed by zlib, and the file written."""
    return _floor(folder, lambda face: zlib.compress(face, 6))


def floor_isal(folder: Path) -> Callable[[Row], bytes]:
    """Return the same with the packer that docgen uses."""
    from isal import isal_zlib

    return _floor(folder, lambda face: isal_zlib.compress(face, 1))


def _floor(folder: Path, pack: Callable[[bytes], bytes]) -> Callable[[Row], bytes]:
    import pypdf

    data = stamped(folder)(read(folder, 0, 1)[0])
    fonts: Any = pypdf.PdfReader(io.BytesIO(data)).pages[0]["/Resources"]
    files: list[bytes] = [
        font["/DescendantFonts"][0]["/FontDescriptor"]["/FontFile2"].get_data() for font in fonts["/Font"].values()
    ]
    faces = [face for face in files if len(face) < _SMALL]
    rest = data[: len(data) - sum(len(pack(face)) for face in faces)]
    return lambda _: rest + b"".join(map(pack, faces))


WAYS: Final = {
    "stamped": stamped,
    "kept": kept,
    "naive": naive,
    "typst": typst,
    "floor": floor,
    "floor_isal": floor_isal,
}


def write(folder: Path, count: int) -> None:
    """Write rows for the processes that make them: making rows is no part of any way."""
    (folder / ROWS).write_text(json.dumps(list(rows(count)), ensure_ascii=False), encoding="utf-8")


def read(folder: Path, begin: int, end: int) -> list[Row]:
    """Return some of these rows."""
    found: list[Row] = json.loads((folder / ROWS).read_text(encoding="utf-8"))[begin:end]
    return found


class Clock:
    """Times one way: ``note`` takes every document as soon as it is there."""

    def __init__(self, way: str, folder: Path, begin: int, *, waits: bool = False) -> None:
        """Begin."""
        self._way, self._folder, self._begin, self._waits = way, folder, begin, waits
        self._count = self._bytes = 0
        self._ready, self._start, self._busy = 0.0, 0.0, 0.0

    def note(self, data: bytes) -> None:
        """Keep the first documents, and begin to measure once the first of all is there."""
        if self._count < KEPT:
            (self._folder / f"{self._way}-{self._begin + self._count}.pdf").write_bytes(data)
        self._count += 1
        self._bytes += len(data)
        if self._count == 1:
            self._ready = time.time()
            if self._waits:
                print(READY, flush=True)
                sys.stdin.readline()
            self._start, self._busy = time.perf_counter(), busy_seconds()

    def told(self, asked: float) -> dict[str, float]:
        """Return the figures; ``asked`` is when the process was asked for."""
        seconds, busy = time.perf_counter() - self._start, busy_seconds() - self._busy
        peak = sum(map(peak_mb, family(os.getpid())))
        count = self._count
        first = self._ready - asked
        return {
            "first": first,
            "rest": seconds,
            "busy": busy,
            "bytes": self._bytes / count,
            "count": count,
            "peak": peak,
        }


def main(arguments: Sequence[str]) -> None:
    """Run one way."""
    way, folder, asked = arguments[0], Path(arguments[1]), float(arguments[4])
    begin, end = int(arguments[2]), int(arguments[3])
    given, clock = read(folder, begin, end), Clock(way, folder, begin, waits=len(arguments) > FEWEST)
    if way in WAYS:
        make = WAYS[way](folder)
        for row in given:
            clock.note(make(row))
        told = clock.told(asked)
    else:
        from bench import _peer_ways

        told = _peer_ways.WAYS[way](folder, given, clock, asked)
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1:])
