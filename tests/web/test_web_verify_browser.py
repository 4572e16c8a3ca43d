"""The public pages in a real Chromium: from the QR code of a real PDF, wide and narrow, by keyboard, without script."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import registry_data
import verify_cases
from browser import Visitor, chromium, visiting
from databases import PUBLIC_URL, Site
from verify_cases import NAME

from docgen.certificates.states import NAMES, State
from docgen.issuing import changing, issue, printing
from docgen.render.inspection import inspect
from docgen.store.misses import MOST, Guess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

    from docgen.issuing.registry import Desk

ROOT = Path(__file__).resolve().parents[2]
SERVE = "from docgen.web.server import serve; serve('127.0.0.1', 0)"
WIDTHS = [1280, 360, 320]


@dataclass(frozen=True)
class House:
    """A running server, somebody who issues behind it, a certificate and its PDF."""

    port: int
    desk: Desk
    pdf: bytes
    log: Path

    @property
    def url(self) -> str:
        """What a camera reads on the paper."""
        (url,) = inspect(self.pdf).codes
        return url


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """Run the server on a folder's registry; give its port."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("DOCGEN_")}
    env |= {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "DOCGEN_DATA_DIR": str(folder / "data")}
    env |= {"DOCGEN_PUBLIC_URL": PUBLIC_URL, "DOCGEN_TRUSTED_PROXIES": "1"}
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE], stdout=subprocess.PIPE, stderr=log, text=True, env=env
        )
    try:
        assert process.stdout is not None
        listening = re.search(r"127\.0\.0\.1:(\d+)", process.stdout.readline())
        assert listening, (folder / "log").read_text(encoding="utf-8")
        yield int(listening[1])
    finally:
        process.terminate()
        process.communicate(timeout=60)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    desk = Site(folder / "data", "").desk()
    order = registry_data.order([NAME], shared={"org_name": registry_data.ORG, "issued_on": "2026-10-30"})
    (outcome,) = issue.issue(desk, order, "paper").outcomes
    assert outcome.failure is None
    pdf = printing.document(desk, outcome.one.record.number, "pdf").data
    with served(folder) as port:
        yield House(port, desk, pdf, folder / "log")
    desk.registry.database.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def visit(house: House, browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Return a function that opens a window; whatever strays or complains in it fails the test."""
    visitors: list[Visitor] = []
    with ExitStack() as windows:

        def open_window(width: int = 1280, **more: Any) -> Visitor:
            visitors.append(windows.enter_context(visiting(browser, PUBLIC_URL, house.port, width, **more)))
            return visitors[-1]

        yield open_window
    for visitor in visitors:
        assert (visitor.strayed, visitor.complaints) == ([], [])


@pytest.fixture(scope="module")
def shown(house: House) -> dict[str, str]:
    """Paths of pages that show no valid certificate, with their titles."""
    found = {
        "/C/0000000000000000": "样张，非证书",
        f"/C/{verify_cases.unknown()}": "查无此证",
        "/C/4C08-RZHV": "输入有误",
        "/C/": "核验证书",
        "/": "核验证书",
    }
    for name, state in (("秦朗", State.REVOKED), ("余舒", State.SUSPENDED)):
        one = verify_cases.issued(house.desk, name)
        changing.change(house.desk, one.number, state, verify_cases.WHY)
        found[f"/C/{one.code}"] = NAMES[state]
    new = verify_cases.issued(house.desk, "章启明")
    registry_data.corrected(house.desk, new, {"name": "章启铭"}, "correction")
    return found | {
        f"/C/{new.code}": "已换发",
        f"/C/{verify_cases.issued(house.desk, '韩一诺', day='2099-01-01').code}": "尚未生效",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_code_on_the_paper_opens_a_page_for_everybody(
    house: House, visit: Callable[..., Visitor], width: int, scheme: str
) -> None:
    one = visit(width, color_scheme=scheme)
    answer = one.page.goto(house.url)
    assert answer is not None
    assert (answer.status, answer.url, one.page.url) == (200, house.url, house.url)
    assert one.page.locator("h1").inner_text() == "有效"
    assert not one.overflows()
    assert one.barriers() == []
    sizes = one.page.evaluate(
        "['body', 'h1', 'dd', 'input'].map(of => parseFloat(getComputedStyle(document.querySelector(of)).fontSize))"
    )
    assert min(sizes) >= 17
    assert sizes[1] >= 32
    assert one.page.evaluate("document.cookie + JSON.stringify(localStorage)") == "{}"


@pytest.mark.parametrize("width", WIDTHS)
def test_every_other_page_fits_and_has_no_barriers(
    shown: dict[str, str], visit: Callable[..., Visitor], width: int
) -> None:
    one = visit(width)
    for path, title in shown.items():
        one.page.goto(PUBLIC_URL + path)
        assert one.page.locator("h1").inner_text() == title
        assert not one.overflows(), path
        assert one.barriers() == [], path


def test_long_names_at_double_size_stay_on_the_page(house: House, visit: Callable[..., Visitor]) -> None:
    """Zoom of 200 % on a phone of 320 points is a window of 160."""
    codes = [
        verify_cases.issued(house.desk, "阿布都克热木·买买提明·艾合买提", org="云岭" * 15 + "有限公司").code,
        verify_cases.issued(house.desk, "余舒", org="Yunlingjingmizhouchengzhizao" * 2).code,
    ]
    for width in (160, 320):
        one = visit(width)
        for code in codes:
            one.page.goto(f"{PUBLIC_URL}/C/{code}")
            assert not one.overflows(), width


def test_a_name_is_checked_by_keyboard_alone(house: House, visit: Callable[..., Visitor]) -> None:
    one = visit(320)
    one.page.goto(house.url)
    for name, answer in (("方志远", "不一致"), (NAME, "一致")):
        for _ in range(10):
            one.page.keyboard.press("Tab")
            if one.page.evaluate("document.activeElement.id") == "full-name":
                break
        outline = one.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
        one.page.keyboard.type(name)
        with one.page.expect_navigation():
            one.page.keyboard.press("Enter")
        said = one.page.locator("#name .answer")
        assert said.locator("strong").inner_text() == answer
        assert said.evaluate("e => e.getBoundingClientRect().top < innerHeight"), "the answer is out of sight"
        assert one.page.locator("h1").inner_text() == "有效"
        assert NAME not in one.page.content()
        assert one.barriers() == []


def test_a_file_is_told_apart_from_an_altered_one_without_being_sent(
    house: House, visit: Callable[..., Visitor]
) -> None:
    one = visit(360)
    sent: list[bytes] = []
    one.page.on("request", lambda request: sent.append(request.post_data_buffer or b""))
    one.page.goto(house.url)
    altered = house.pdf[:-20] + bytes([house.pdf[-20] ^ 1]) + house.pdf[-19:]
    for data, answer in ((house.pdf, "原件"), (altered, "非原件或已改动"), (house.pdf, "原件")):
        one.page.set_input_files("#pdf", {"name": f"{NAME}.pdf", "mimeType": "application/pdf", "buffer": data})
        one.page.locator("#file .answer strong", has_text=re.compile(f"^{answer}$")).wait_for()
        assert one.barriers() == []
    assert sum(map(len, sent)) < 500
    assert NAME.encode() not in b"".join(sent)


def test_a_file_of_another_certificate_is_told_so(house: House, visit: Callable[..., Visitor]) -> None:
    one = visit()
    one.page.goto(f"{PUBLIC_URL}/C/{verify_cases.issued(house.desk, '丁璟').code}")
    one.page.set_input_files("#pdf", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": house.pdf})
    one.page.locator("#file .answer strong", has_text="是另一张证书的原件").wait_for()


def test_without_script_all_but_the_file_check_works(house: House, visit: Callable[..., Visitor]) -> None:
    one = visit(320, java_script_enabled=False)
    one.page.goto(f"{PUBLIC_URL}/C/")
    one.page.fill("#code", house.url.rpartition("/")[2].lower())
    one.page.click("button")
    assert one.page.url == f"{PUBLIC_URL}/C/"
    assert one.page.locator("h1").inner_text() == "有效"
    one.page.fill("#full-name", NAME)
    one.page.click("button")
    assert one.page.locator("#name .answer strong").inner_text() == "一致"
    assert one.page.locator("#pdf").is_hidden()
    assert "JavaScript" in one.page.locator("#file").inner_text()


def test_over_plain_http_the_file_check_says_that_it_cannot(house: House, browser: Browser) -> None:
    with visiting(browser, "http://zs.example.org.cn", house.port) as one:
        one.page.goto(house.url.replace("https:", "http:"))
        assert "https://" in one.page.locator("#file").inner_text()
        assert one.page.locator("#pdf").is_hidden()


def test_paper_carries_the_result_and_no_forms(house: House, visit: Callable[..., Visitor]) -> None:
    one = visit()
    one.page.goto(house.url)
    one.page.emulate_media(media="print")
    assert one.page.locator("h1").is_visible()
    assert one.page.locator(".facts").is_visible()
    assert one.page.locator("form").is_hidden()
    assert one.page.locator("#file").is_hidden()


@pytest.mark.parametrize("planted", ["<script>document.title=1</script>", "<img/src=x/onerror=document.title=1>"])
def test_a_script_in_a_name_does_not_run(house: House, visit: Callable[..., Visitor], planted: str) -> None:
    one = visit()
    one.page.goto(f"{PUBLIC_URL}/C/{verify_cases.issued(house.desk, org=f'云岭{planted}公司').code}")
    assert one.page.title() == "有效 · 证书核验"
    assert planted in one.page.locator(".facts").inner_text()


def test_behind_a_proxy_the_server_counts_its_clients(house: House) -> None:
    def seen(client: str) -> int:
        connection = HTTPConnection("127.0.0.1", house.port, timeout=60)
        try:
            connection.request("GET", f"/C/{verify_cases.unknown()}", headers={"X-Forwarded-For": client})
            return connection.getresponse().status
        finally:
            connection.close()

    assert {seen("203.0.113.9, 198.51.100.1") for _ in range(MOST[Guess.CODE])} == {200}
    assert seen("203.0.113.8, 198.51.100.1") == 429
    assert seen("203.0.113.9, 198.51.100.2") == 200


def test_the_log_of_all_this_names_nobody(house: House, visit: Callable[..., Visitor]) -> None:
    one = visit()
    one.page.goto(house.url)
    log = house.log.read_text(encoding="utf-8")
    assert "GET /C/<code> 200" in log
    for planted in (NAME, house.url.rpartition("/")[2], "方志远"):
        assert planted not in log
