"""The ways to make certificates that ``bench.certificates`` compares; runs one of them: ``WAY ROWS FOLDER FIRST``.

Prints JSON: seconds until the first document is there, seconds and processor seconds of the others, bytes, peak memory.
"""

from __future__ import annotations

import base64
import json
import re
import resource
import sys
import time
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FORM: Final = "caq-2026/certificate-group"
_NAMES: Final = "云岭精密轴承制造股份有限公司滨江电力建设工程中原石化青山矿业机械电子通信航天动力仪表纺织轻工"
_TOPICS: Final = "攀登者启航先锋星火匠心卓越求实创新超越凌云飞跃领航破浪磐石朝阳"
_CODE: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_HOST: Final = "zs.quality-award.example.org.cn"
KEPT: Final = 20
"""Documents that are kept to be checked."""

Row = tuple[dict[str, Any], Any]


def rows(count: int) -> Iterator[Row]:
    """Walk submissions and what issuing decides of them: five fields differ."""
    from docgen import service
    from docgen.forms import checking
    from docgen.forms.catalogue import get_form

    form = get_form(FORM)
    sample = {**service.sample(form), "members": []}
    for place in range(count):
        length = 4 + place % 5
        town = _NAMES[place % 30 : place % 30 + length]
        group = _TOPICS[place % 26 : place % 26 + 3]
        values = {**sample, "org_name": f"{town}有限公司", "group_name": f"{group}QC小组"}
        letters = "".join(_CODE[(place * 7919 + at * 104729 >> at % 5) % 32] for at in range(16))
        code = "-".join(letters[at : at + 4] for at in range(0, 16, 4))
        issue = {
            "number": f"CAQ-QC-2026-{place + 1:06d}", "code": code, "url": f"https://{_HOST}/C/{letters}",
            "host": _HOST, "mark": "", "border": True,
        }  # fmt: skip
        yield checking.validate(form, values).model_dump(mode="json"), issue


def stamped() -> Callable[[Row], bytes]:
    """Return what docgen does."""
    from docgen.forms.catalogue import get_form
    from docgen.render import press

    form = get_form(FORM)
    return lambda row: press.make(form, row[0], "pdf", issue=row[1]).data


def kept() -> Callable[[Row], bytes]:
    """Return WeasyPrint with faces and style sheet kept, as docgen lays out what it cannot stamp."""
    from docgen.forms.catalogue import get_form
    from docgen.render import document, html, pdf, press

    form = get_form(FORM)

    def make(row: Row) -> bytes:
        values, printing = press.filled(form, row[0], issue=row[1])
        return pdf.render(html.render(form, values), form.page, document.assets(printing))

    return make


def naive() -> Callable[[Row], bytes]:
    """Return WeasyPrint as its first page shows it: HTML and CSS for each document, faces installed on the machine."""
    import os

    from docgen import paths
    from docgen.forms.catalogue import get_form
    from docgen.render import document, html, press

    folder = Path(sys.argv[3])
    settings = folder / "fonts.conf"
    settings.write_text(
        f"<fontconfig><dir>{paths.FACES}</dir><cachedir>{folder / 'fontconfig'}</cachedir></fontconfig>",
        encoding="utf-8",
    )
    os.environ["FONTCONFIG_FILE"] = str(settings)
    from weasyprint import CSS, HTML

    form = get_form(FORM)
    installed = {"LXGWWenKai-Regular": "LXGW WenKai", "NotoSerifSC-Bold": "Noto Serif SC"}
    installed |= {"NotoSerifSC-Regular": "Noto Serif SC", "NotoSansSC-Regular": "Noto Sans SC"}
    sheet = html.style_sheet(form.page) + "\nh1 { font-weight: bold }"
    sheet = re.sub('"docgen-([^"]+)"', lambda found: f'"{installed.get(found[1], found[1])}"', sheet)

    def make(row: Row) -> bytes:
        values, printing = press.filled(form, row[0], issue=row[1])
        page = html.render(form, values)
        for name, (kind, data) in document.assets(printing).items():
            page = page.replace(f"docgen-asset:{name}", f"data:{kind};base64,{base64.b64encode(data).decode()}")
        made: bytes = HTML(string=page).write_pdf(stylesheets=[CSS(string=sheet)])
        return made

    return make


def typst() -> Callable[[Row], bytes]:
    """Return typst with its compiler kept; the code comes as an SVG, the ornaments as they are."""
    import typst as engine

    from docgen import paths
    from docgen.render import qr

    folder = Path(sys.argv[3])
    (folder / "border.svg").write_bytes((paths.TEMPLATES / "html" / "_house" / "border.svg").read_bytes())
    source = folder / "certificate.typ"
    source.write_text((Path(__file__).parent / "certificate.typ").read_text(encoding="utf-8"), encoding="utf-8")
    compiler = engine.Compiler(str(source), root=str(folder), font_paths=[str(paths.FACES)], ignore_system_fonts=True)

    def make(row: Row) -> bytes:
        submission, issue = row
        matrix = qr.matrix(issue["url"])
        dark = (divmod(at, matrix.side) for at in range(matrix.side**2) if matrix.bits >> at & 1)
        path = "".join(f"M{x + 4} {y + 4}h1v1h-1z" for y, x in dark)
        side = matrix.side + 8
        told = {
            "org": submission["org_name"], "group": submission["group_name"], "number": issue["number"],
            "code": issue["code"], "host": issue["host"],
            "qr": f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"><path d="{path}"/></svg>',
        }  # fmt: skip
        made: bytes = compiler.compile(format="pdf", sys_inputs=told)
        return made

    return make


def floor() -> Callable[[Row], bytes]:
    """Return the least that has to be done: two small faces packed, and the file written."""
    data = stamped()(next(rows(1)))
    found = re.findall(rb"/Length1 (\d+)/Filter /FlateDecode/Length \d+>>\nstream\n(.*?)\nendstream", data, re.DOTALL)
    faces = [zlib.decompress(packed) for length, packed in found if int(length) < 60_000]  # noqa: PLR2004  the others never change
    rest = data[: len(data) - sum(len(zlib.compress(face)) for face in faces)]
    return lambda _: rest + b"".join(zlib.compress(face, 6) for face in faces)


WAYS: Final = {"stamped": stamped, "kept": kept, "naive": naive, "typst": typst, "floor": floor}


def main() -> None:
    """Run one way."""
    way, count, folder, first = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), float(sys.argv[4])
    given = list(rows(count))
    begun = time.time()
    make = WAYS[way]()
    size = 0
    for place, row in enumerate(given):
        data = make(row)
        size += len(data)
        if place < KEPT:
            (folder / f"{way}-{place}.pdf").write_bytes(data)
        if place == 0:
            ready, start, busy = time.time(), time.perf_counter(), time.process_time()
    told = {
        "first": ready - first, "without_rows": ready - begun, "rest": time.perf_counter() - start,
        "busy": time.process_time() - busy, "bytes": size / count, "count": count,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip
    print(json.dumps(told))


if __name__ == "__main__":
    main()
