"""The first start in a real browser: the printed link, the first administrator, the house, out and in again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from offices import NAMES, Seat

from docgen.store.users import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from offices import Desktop

PASSWORD = "青山 绿水 十九八八"  # noqa: S105  invented
HOSTILE = "<img src=x onerror=alert(1)>"
ROOMS = ["/", "/batches", "/batches/new", "/certificates", "/forms", "/templates", "/people", "/keys", "/trail"]
OWN = ["/house", "/account", "/nothing-of-this-name"]


def fit(seat: Seat) -> None:
    """Hold that a page keeps nobody out and is as wide as its window."""
    assert seat.barriers() == []
    assert not seat.overflows()


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def newcomer(desktop: Desktop, request: pytest.FixtureRequest) -> Iterator[Seat]:
    with desktop.seat(None, java_script_enabled=request.param) as seat:
        yield seat


@pytest.mark.parametrize("width", [1280, 360])
def test_from_the_printed_link_to_the_first_page_and_in_again(desktop: Desktop, width: int) -> None:
    """With the keyboard alone; the second width finds the link used and is told what to do."""
    link = re.findall(r"http://\S+/staff/begin/\S+", desktop.server.printed)[0]
    with desktop.seat(None, width) as seat:
        page = seat.page
        page.goto(link)
        fit(seat)
        if width == 360:
            assert "用过" in page.inner_text("main")
            return
        for text in (HOSTILE, "ouyang", PASSWORD, "anders"):
            page.keyboard.type(text)
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert "不一样" in page.inner_text(".alert.ended")
        fit(seat)
        page.fill("#password", PASSWORD)
        page.fill("#again", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/staff/house?first=1")
        fit(seat)
        page.fill("#association", "云岭省质量管理协会")
        page.keyboard.press("Enter")
        page.wait_for_url("**/staff/")
        assert HOSTILE in page.inner_text("h1")
        fit(seat)
        page.click("text=退出")
        page.wait_for_url("**/staff/login")
        page.fill("#login", "OUYANG")
        page.fill("#password", "wrong")
        page.keyboard.press("Enter")
        assert "登录名或密码不对" in page.inner_text(".alert.ended")
        fit(seat)
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/staff/")
        refused = [said for said in seat.complaints if "status of 4" not in said]
        assert refused == [], "no script ran, and no policy was broken"


def test_without_a_login_every_page_leads_there_and_back(newcomer: Seat) -> None:
    newcomer.open("/certificates")
    newcomer.page.fill("#login", "ouyang")
    newcomer.page.fill("#password", PASSWORD)
    newcomer.page.click("main button")
    assert newcomer.page.url.endswith("/staff/certificates")


@pytest.mark.parametrize("width", [1280, 360])
def test_every_room_is_open_to_everybody(desktop: Desktop, width: int) -> None:
    with desktop.seat(Role.ADMIN, width) as seat:
        for path in ROOMS + OWN:
            seat.open(path)
            assert NAMES[Role.ADMIN] in seat.page.inner_text("header.top"), path
            fit(seat)
        assert [said for said in seat.complaints if "status of 404" not in said] == []
