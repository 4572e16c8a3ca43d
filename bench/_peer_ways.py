"""Certificates made by programs that are there on some machines only: Chromium, LibreOffice behind docxtpl, Carbone.

Chromium gets the page that naive WeasyPrint gets. LibreOffice gets our Word template, filled by docxtpl as its manual
shows it. Carbone gets the same certificate as flat OpenDocument, made by LibreOffice once, with Carbone's marks in it:
its free edition changes no pictures in Word files.
"""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bench import _certificate_ways as ways
from bench import peers
from bench.measuring import busy_seconds, family, peak_mb

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bench._certificate_ways import Clock, Row

_LOOK_SECONDS: Final = 0.02
_QUIET: Final = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
"""Chromium's: it may run as root in a container, and reports to nobody."""
_WHOLE_PAGE: Final = "@page { margin: 0 } body { left: var(--left); top: var(--top) }"
"""Chromium draws nothing into a page's margins."""
_PICTURE: Final = re.compile(r"(<office:binary-data>)(?:(?!</office:binary-data>).)*", re.DOTALL)


def chromium(folder: Path, rows: Sequence[Row], clock: Clock, asked: float) -> dict[str, float]:
    """Print pages with one browser and one window that stay open."""
    os.environ["FONTCONFIG_FILE"] = str(peers.faces(folder))
    from playwright.sync_api import sync_playwright

    from docgen.layout import PageKind

    sheet = f"<style>{ways.installed_sheet(PageKind.CERTIFICATE)}\n{_WHOLE_PAGE}</style></head>"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=peers.browser(), args=list(_QUIET))
        window = browser.new_page()
        for row in rows:
            window.set_content(ways.page_of(row).replace("</head>", sheet), wait_until="load")
            clock.note(window.pdf(prefer_css_page_size=True, print_background=True))
        told = clock.told(asked)
        browser.close()
    return told


def libreoffice(folder: Path, rows: Sequence[Row], clock: Clock, asked: float) -> dict[str, float]:
    """Fill Word files with docxtpl and let one LibreOffice make all PDFs; the first is made alone, from the start.

    Of the others counts what docxtpl takes, and what LibreOffice takes once its first document is there.
    """
    made, place = Path(tempfile.mkdtemp(dir=folder)), _docxtpl(folder)
    for at, row in enumerate(rows[:1]):
        place(row, made / f"{at}.docx")
    _converted(folder, made, 1)
    clock.note((made / "0.pdf").read_bytes())
    start, busy = time.perf_counter(), busy_seconds()
    for at, row in enumerate(rows[1:], 1):
        place(row, made / f"{at}.docx")
    filled, its = time.perf_counter() - start, busy_seconds() - busy
    (made / "0.docx").unlink()
    seconds, busy, peak = _converted(folder, made, len(rows) - 1)
    for at in range(1, len(rows)):
        clock.note((made / f"{at}.pdf").read_bytes())
    told = clock.told(asked)
    share = (len(rows) - 1) / max(len(rows) - 2, 1)
    return told | {"rest": filled + seconds * share, "busy": its + busy * share, "peak": peak}


def _converted(folder: Path, made: Path, count: int) -> tuple[float, float, float]:
    """Let LibreOffice convert all Word files of a folder; return its seconds from the first PDF on, busy ones, MB."""
    command = ["soffice", f"-env:UserInstallation=file://{folder}/office", "--headless", "--convert-to", "pdf"]
    files = sorted(made.glob("*.docx"))
    known = os.environ | {"FONTCONFIG_FILE": str(peers.faces(folder))}
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running = subprocess.Popen([*command, "--outdir", str(made), *map(str, files)], env=known, **quiet)
    there = len(list(made.glob("*.pdf")))
    peak = 0.0
    while running.poll() is None and len(list(made.glob("*.pdf"))) <= there:
        time.sleep(_LOOK_SECONDS)
    start, busy = time.perf_counter(), busy_seconds()
    while running.poll() is None:
        peak = max(peak, sum(map(peak_mb, family(os.getpid()))))
        time.sleep(_LOOK_SECONDS)
    if running.returncode or len(list(made.glob("*.pdf"))) < there + count:
        sys.exit(f"soffice made {len(list(made.glob('*.pdf'))) - there} of {count}")
    return time.perf_counter() - start, busy_seconds() - busy, peak


def _docxtpl(folder: Path) -> Callable[[Row, Path], None]:
    """Return docxtpl as its manual shows it, on our template."""
    from docxtpl import DocxTemplate

    from docgen.forms.catalogue import get_form
    from docgen.render import docx, press, qr
    from docgen.render.environment import sandbox

    form, environment = get_form(ways.FORM), sandbox()
    facts = {"title": form.title, "annex": form.annex}

    def fill(row: Row, path: Path) -> None:
        values, _ = press.filled(form, row[0], issue=row[1])
        template = DocxTemplate(str(docx.path(form.id)))
        code = folder / "qr.png"
        code.write_bytes(qr.png(row[1]["url"]))
        template.replace_pic("image.png", str(code))
        template.render({**values, "form": facts}, environment, autoescape=True)
        template.save(str(path))

    return fill


def carbone(folder: Path, rows: Sequence[Row], clock: Clock, asked: float) -> dict[str, float]:
    """Let Carbone fill a template and its LibreOffice make the PDF; both stay open."""
    from docgen.render import qr

    template = carbone_template(folder)
    with peers.node(folder) as node:
        for submission, issue in rows:
            code = base64.b64encode(qr.png(issue["url"])).decode()
            data = {"org_name": submission["org_name"], "group_name": submission["group_name"], "code": issue["code"]}
            out = folder / "carbone.pdf"
            node.make("carbone", template, {**data, "number": issue["number"], "qr": code}, out, pdf=True)
            clock.note(out.read_bytes())
        return clock.told(asked)


def carbone_template(folder: Path) -> Path:
    """Return the template, made from our own the first time it is asked for: that is no part of the measuring."""
    from docgen.forms.catalogue import get_form
    from docgen.render import press

    target = folder / "carbone.fodt"
    if target.exists():
        return target
    submission, issue = ways.read(folder, 0, 1)[0]
    marked = {**submission, "org_name": "{d.org_name}", "group_name": "{d.group_name}"}
    told: Any = {**issue, "number": "{d.number}", "code": "{d.code}"}
    word = press.make(get_form(ways.FORM), marked, "docx", issue=told)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        source = Path(name) / "carbone.docx"
        source.write_bytes(word.data)
        command = ["soffice", f"-env:UserInstallation=file://{folder}/office", "--headless", "--convert-to", "fodt"]
        subprocess.run([*command, "--outdir", name, str(source)], check=True, capture_output=True)
        flat, count = _PICTURE.subn(r"\1{d.qr}", source.with_suffix(".fodt").read_text(encoding="utf-8"))
    if count != 1:
        sys.exit(f"the flat document has {count} pictures, not one")
    target.write_text(flat, encoding="utf-8")
    return target


WAYS: Final = {"chromium": chromium, "libreoffice": libreoffice, "carbone": carbone}
