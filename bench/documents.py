"""Word, Excel and PDF of forms and long tables, and the start of a process: ``python -m bench.documents``.

Word is measured beside stock docxtpl on the same template and values, and beside docxtemplater and Carbone, where they
are installed (``bench.peers``), on templates derived from a document of ours; tables at 100, 1,000 and 10,000 rows,
each in a process of its own. Writes ``out/bench/documents.json`` and ``.md``.
"""

from __future__ import annotations

import argparse
import io
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from unittest import mock

from bench import checking, measuring, peers
from bench.measuring import Line, Took, at_least, at_most, fresh, median

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FORM: Final = "caq-2026/application"
TABLE: Final = "caq-2026/summary"
ROWS: Final = (100, 1_000, 10_000)
RUNS: Final = 20
TIMES: Final = {"docx": 3, "xlsx": 3, "pdf": 1}
"""How often a long table is made, each time in a fresh process; the quickest counts."""
WARM: Final = 50
"""Runs of a peer before those that count: Node gets faster."""
PEERS: Final = {"docxtemplater": 8, "carbone": None}
"""With how many times faster we are to be."""
KEPT_MB: Final = 5
"""What an allocator may keep."""
STAYS: Final = 40
"""Documents after which the memory of a process is looked at again."""
_TABLE: Final = f"""
from pathlib import Path
from bench.measuring import timed
from docgen import service
from docgen.forms.catalogue import get_form
form = get_form("{TABLE}")
values = service.sample(form)
service.render(form, values, "{{fmt}}")
first = values["items"][0]
values["items"] = [first | {{{{"group_name": f"第{{{{place}}}}号QC小组"}}}} for place in range({{rows}})]
told = timed(lambda: Path("{{path}}").write_bytes(service.render(form, values, "{{fmt}}").data))
"""
_PDF: Final = f"""
import gc
from bench.measuring import median, resident_mb
from docgen import service
from docgen.forms.catalogue import get_form
form = get_form("{FORM}")
sample = service.sample(form)
took = median(lambda: service.render(form, sample, "pdf"), {RUNS})
gc.collect()
before = resident_mb()
for _ in range({STAYS}):
    service.render(form, sample, "pdf")
gc.collect()
told = *took, resident_mb() - before
"""
_NAIVE: Final = f"""
import os
from pathlib import Path
from bench import _certificate_ways as ways, peers
from bench.measuring import median
os.environ["FONTCONFIG_FILE"] = str(peers.faces(Path("{{folder}}")))
from weasyprint import CSS, HTML
from docgen import service
from docgen.forms import checking
from docgen.forms.catalogue import get_form
from docgen.render import html, press
form = get_form("{FORM}")
values, _ = press.filled(form, checking.validate(form, service.sample(form)).model_dump(mode="json"))
sheet = ways.installed_sheet(form.page)
values["blank"] = False
told = median(lambda: HTML(string=html.render(form, values)).write_pdf(stylesheets=[CSS(string=sheet)]), 5)
"""
_FIRST: Final = """
from docgen import service
from docgen.forms.catalogue import get_form
form = get_form("{form}")
service.render(form, service.sample(form), "{fmt}")
"""


def measure(sizes: Sequence[int] = ROWS) -> Iterator[Line]:
    """Walk the figures, measured as they are asked for; ``sizes`` are rows of the long tables."""
    yield from _word()
    yield from _pdf()
    for fmt in TIMES:
        yield from _tables(fmt, sizes)
    yield from _start()


def _word() -> Iterator[Line]:
    from docgen import service
    from docgen.forms.catalogue import get_form
    from docgen.render import docx

    form = get_form(FORM)
    sample = service.sample(form)
    given: list[Any] = []
    render = docx.render

    def heard(*told: Any) -> Any:
        given.append(told)
        return render(*told)

    with mock.patch.object(docx, "render", heard):
        made = service.render(form, sample, "docx").data
    ours = median(lambda: render(*given[0]), RUNS)
    whole = median(lambda: service.render(form, sample, "docx"), RUNS)
    stock = median(lambda: _stock(*given[0]), RUNS)
    ratio = stock.busy / ours.busy
    yield Line("Word，两页的表，模板已编译", ours.milliseconds())
    told = f"{stock.milliseconds()}，我们是它的 {ratio:.0f} 倍"
    yield Line("　标准 docxtpl，同一模板、同样的数据", told, "50 倍", at_least(ratio, 50))
    yield Line("　连同核对数据", whole.milliseconds())
    yield from _peers(made, ours.wall)


def _peers(made: bytes, ours: float) -> Iterator[Line]:
    """Walk what peers take for the same document; each must print the same words."""
    from bench import _peer_words

    for peer, goal in PEERS.items():
        if lack := peers.missing().get(peer):
            yield Line(f"　{peer}", f"没有测：缺 {lack}")
            continue
        with tempfile.TemporaryDirectory(prefix="docgen-bench-") as name, peers.node(Path(name)) as node:
            template, out = Path(name) / "template.docx", Path(name) / "made.docx"
            data, values = _peer_words.template(made, peer)
            template.write_bytes(data)
            seconds = statistics.median(node.make(peer, template, values, out, runs=WARM + RUNS)[WARM:])
            same = _peer_words.words(out.read_bytes()) == _peer_words.words(made)
        ratio = seconds / ours
        told = f"{seconds * 1000:.2f} 毫秒，我们是它的 {ratio:.1f} 倍{'' if same else '；文字不同'}"
        yield Line(f"　{peer}，同样的表", told, f"{goal} 倍" if goal else "", at_least(ratio, goal) if goal else None)


def _stock(form: Any, values: Any, *_: Any) -> None:
    from docxtpl import DocxTemplate

    from docgen.render import docx, word_pictures
    from docgen.render.environment import sandbox

    environment = sandbox()
    environment.filters["picture"] = word_pictures.drawing
    template = DocxTemplate(str(docx.path(form.id)))
    facts = {"title": form.title, "annex": form.annex}
    template.render({**values, "form": facts}, environment, autoescape=True)
    template.save(io.BytesIO())


def _pdf() -> Iterator[Line]:
    _, peak, told = fresh(_PDF)
    took = Took(*told[:2])
    yield Line("PDF，两页的表", took.milliseconds(), "≤ 120 毫秒", at_most(took.wall, 0.12))
    with tempfile.TemporaryDirectory(prefix="docgen-bench-") as name:
        naive = Took(*fresh(_NAIVE.format(folder=name))[2])
    ratio = naive.busy / took.busy
    figure = f"{naive.milliseconds()}，我们是它的 {ratio:.2g} 倍"
    yield Line("　按说明直接用 WeasyPrint", figure, "1.6 倍", at_least(ratio, 1.6))
    yield Line(
        "　内存", f"最多 {peak:.0f} MB，再做 {STAYS} 份 {told[2]:+.0f} MB", "不随份数增长", at_most(told[2], KEPT_MB)
    )


def _tables(fmt: str, sizes: Sequence[int]) -> Iterator[Line]:
    found: dict[int, Took] = {}
    for rows in sizes:
        with tempfile.TemporaryDirectory(prefix="docgen-bench-") as name:
            path = Path(name) / "made"
            code = _TABLE.format(fmt=fmt, rows=rows, path=path)
            peak, told = min((fresh(code)[1:] for _ in range(TIMES[fmt])), key=lambda one: one[1][1])
            whole = checking.holds(path.read_bytes(), fmt, f"第{rows - 1}号QC小组")
        took = found[rows] = Took(*told)
        goal, met = "", None
        if rows == ROWS[-1] and ROWS[-2] in found:
            goal, met = "10 倍的行 ≤ 12 倍的时间", at_most(took.busy / found[ROWS[-2]].busy, 12)
            if fmt == "pdf":
                goal, met = f"{goal}，< 400 MB", met and at_most(peak, 400)
            else:
                goal, met = f"{goal}，< 2 秒", met and at_most(took.wall, 2)
        figure = f"{took.seconds()}，最多 {peak:.0f} MB{'' if whole else '；末行不在'}"
        yield Line(f"汇总表 {rows:,} 行，{fmt}", figure, goal, met)


def _start() -> Iterator[Line]:
    command = [sys.executable, "-m", "docgen", "--help"]
    took = median(lambda: subprocess.run(command, check=True, capture_output=True), 3)
    yield Line("docgen --help", took.milliseconds(), "< 300 毫秒", at_most(took.wall, 0.3))
    for title, form, fmt, goal in (
        ("证书", "caq-2026/certificate-group", "pdf", 1.5),
        *((f"表，{fmt}", FORM, fmt, None) for fmt in ("docx", "pdf", "png")),
    ):
        seconds, peak, _ = fresh(_FIRST.format(form=form, fmt=fmt))
        met = at_most(seconds, goal) if goal else None
        figure = f"{seconds:.2f} 秒，最多 {peak:.0f} MB"
        yield Line(f"新进程的第一份{title}", figure, f"< {goal} 秒" if goal else "", met)


def main() -> None:
    """Print every figure as it comes, and write them."""
    asked = argparse.ArgumentParser(prog="python -m bench.documents", description=__doc__)
    asked.add_argument("--rows", type=int, nargs="+", default=ROWS, help="sizes of the long tables")
    sizes = asked.parse_args().rows
    measuring.keep_lines(
        "documents", measuring.told(measure(sizes)), measuring.machine("docxtpl", "weasyprint", "openpyxl")
    )


if __name__ == "__main__":
    main()
