"""The pictures of the README's chapter 在浏览器里: ``python -m tools.screenshots [folder]``.

Starts a server on an empty folder, walks through the staff pages as somebody new would, and takes pictures on the way.
Wants Chromium and what the tests want of Python.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PIL import Image
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page, ViewportSize

ROOT: Final = Path(__file__).resolve().parents[1]
CHROMIUM: Final = "/usr/bin/chromium"
CERTIFICATE: Final = "caq-2026/certificate-group"
FORM: Final = "caq-2026/application"
_WIDE: Final[ViewportSize] = {"width": 1280, "height": 860}
_NARROW: Final[ViewportSize] = {"width": 360, "height": 720}
_PERSON: Final = {"name": "欧阳雪", "login": "ouyang"}
_QUALITY: Final = 82


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Run a server; give the first administrator's link."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("DOCGEN_")}
    known |= {"DOCGEN_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", "from docgen.web.server import serve; serve('127.0.0.1', 0)"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=known, text=True, encoding="utf-8"
    ) as process:
        try:
            if process.stdout is None:
                raise RuntimeError("a pipe was asked for")
            yield next(found[0] for line in process.stdout if (found := re.search(r"http://\S+/begin/\S+", line)))
        finally:
            process.terminate()


def keep(page: Page, target: Path) -> None:
    """Take a picture of what is in sight."""
    image = Image.open(io.BytesIO(page.screenshot()))
    target.parent.mkdir(parents=True, exist_ok=True)
    image.convert("RGB").save(target, quality=_QUALITY, method=6)
    print(f"{target}（{target.stat().st_size:,} 字节）")


def walk(page: Page, link: str, folder: Path) -> None:
    """Begin, issue the sample roster, open a certificate and a form."""
    page.goto(link)
    for name, value in _PERSON.items():
        page.fill(f"#{name}", value)
    for name in ("password", "again"):
        page.fill(f"#{name}", "青山 绿水 一九八八")
    page.click("main button.primary")
    page.fill("#association", "云岭省质量管理协会")
    page.click("main button.primary")
    page.click("text=先用样例名单试一遍")
    page.check(f"input[value='{CERTIFICATE}']")
    page.click("text=用样例名单开始")
    page.wait_for_selector("h1:has-text('核对名单')")
    keep(page, folder / "roster.webp")
    mend(page)
    page.fill("#decision", "云质协〔2026〕50号")
    page.fill("#issued_on", "2026-11-20")
    page.click("text=看样张")
    page.wait_for_load_state("networkidle")
    keep(page, folder / "terms.webp")
    page.click("text=保存，去确认")
    page.click("main form button.primary")
    page.wait_for_selector("text=下载全部", timeout=120_000)
    keep(page, folder / "batch.webp")
    page.click("table a.code >> nth=0")
    page.wait_for_load_state("networkidle")
    keep(page, folder / "certificate.webp")
    base = link.partition("/staff/")[0]
    page.goto(f"{base}/staff/forms/{FORM}")
    page.wait_for_load_state("networkidle")
    keep(page, folder / "form.webp")
    page.set_viewport_size(_NARROW)
    page.goto(f"{base}/staff/")
    keep(page, folder / "phone.webp")


def mend(page: Page) -> None:
    """Leave out the rows of the sample roster that have faults, and go on."""
    while page.locator("tr.wrong button:has-text('不颁发')").count():
        page.locator("tr.wrong button:has-text('不颁发')").first.click()
        page.wait_for_load_state("networkidle")
    page.click("a.button.primary")


def main() -> None:
    """Take all pictures."""
    folder = Path(sys.argv[1]) if sys.argv[1:] else ROOT / "docs" / "screenshots"
    with tempfile.TemporaryDirectory() as data, served(Path(data) / "data") as link, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport=_WIDE, locale="zh-CN")
        walk(page, link, folder)
        browser.close()


if __name__ == "__main__":
    main()
