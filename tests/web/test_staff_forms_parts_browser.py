"""填表 with a long list in a real Chromium: pages of it are turned, and nothing that was typed is lost."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from offices import enrol
from PIL import Image
from playwright.sync_api import expect

from docgen import service
from docgen.filling import keeping
from docgen.forms import catalogue
from docgen.issuing.registry import Desk
from docgen.store.organisations import FIRST
from docgen.store.users import Role

if TYPE_CHECKING:
    from offices import Desktop, Seat
    from playwright.sync_api import Dialog

SUMMARY = catalogue.all_forms()["caq-2026/summary"]


def brought(desktop: Desktop, count: int) -> str:
    """Begin a draft with a long list; return its path below /staff."""
    user, _ = enrol(desktop.registry, Role.ISSUER)
    raw = service.sample(SUMMARY)
    raw["items"] = [raw["items"][0] | {"group_name": f"第{row}小组"} for row in range(count)]
    desk = Desk(desktop.registry, FIRST, user.actor)
    return f"/forms/caq-2026/summary/{keeping.bring(desk, user.id, SUMMARY, raw)}"


def names(desktop: Desktop, path: str) -> list[str]:
    desk = Desk(desktop.registry, FIRST, "user:1")
    found = keeping.opened(desk, SUMMARY, path.rpartition("/")[2]).submission["items"]
    return [row["group_name"] for row in found]


def quick(seat: Seat) -> None:
    """Answer for the preview, which nobody who turns pages so quickly waits for, and note what asks before leaving."""
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "PNG")
    seat.page.route("**/page.png*", lambda route: route.fulfill(body=buffer.getvalue(), content_type="image/png"))

    def asks(dialog: Dialog) -> None:
        seat.complaints.append(dialog.type)
        dialog.accept()

    seat.page.on("dialog", asks)


@pytest.mark.parametrize("scripts", [True, False])
def test_pages_of_a_long_list_are_turned_and_keep_what_was_typed(desktop: Desktop, *, scripts: bool) -> None:
    path = brought(desktop, 230)
    expected = [f"第{row}小组" for row in range(230)]
    with desktop.seat(Role.ISSUER, java_script_enabled=scripts) as seat:
        page = seat.page
        quick(seat)
        seat.open(path)
        pager = page.get_by_role("navigation", name="上方翻页")
        expect(pager.locator(".number")).to_have_text("第 1–100 行，共 230 行")
        expect(page.locator(".item")).to_have_count(100)
        page.locator("[id='items.7.group_name']").fill("甲")
        page.get_by_role("button", name="下一页").first.click()
        expect(pager.locator(".number")).to_have_text("第 101–200 行，共 230 行")
        page.locator("[id='items.150.group_name']").fill("乙")
        page.get_by_role("button", name="第 102 项").click()
        expect(page.locator("[id='items.149.group_name']")).to_have_value("乙")
        page.get_by_label("推荐名单看哪一页").select_option(label="第 201–229 行")
        page.get_by_role("button", name="推荐名单转到").click()
        page.get_by_role("button", name="加一项").click()
        page.locator("[id='items.229.group_name']").fill("丙")
        page.get_by_role("button", name="上一页").first.click()
        expect(pager.locator(".number")).to_have_text("第 101–200 行，共 230 行")
        expected[7], expected[150] = "甲", "乙"
        del expected[101]
        assert names(desktop, path) == [*expected, "丙"]
        assert seat.complaints == []


def test_a_page_of_a_long_list_saves_itself_with_its_own_rows_only(desktop: Desktop) -> None:
    path = brought(desktop, 230)
    with desktop.seat(Role.ISSUER) as seat:
        quick(seat)
        seat.open(f"{path}?at=items.229")
        with seat.page.expect_request(lambda one: one.method == "POST") as asked:
            seat.page.locator("[id='items.229.group_name']").fill("字" * 150)
        sent = asked.value.post_data or ""
        assert "items.200.group_name" in sent
        assert "items.199." not in sent
        expect(seat.page.locator("[id='items.229.group_name-fault']")).to_contain_text("现为 150 个")
        assert names(desktop, path) == [*(f"第{row}小组" for row in range(229)), "字" * 150]
        seat.open(path)
        seat.page.locator("[id='items.0.group_name']").fill("甲")
        seat.page.locator("#look").get_by_role("button", name="第 230 项").click()
        expect(seat.page.locator("[id='items.229.group_name']")).to_be_focused()
        assert names(desktop, path)[0] == "甲"
        assert seat.complaints == []


@pytest.mark.parametrize("width", [1280, 360])
def test_turning_pages_keeps_nobody_out_and_does_not_run_over(desktop: Desktop, width: int) -> None:
    path = brought(desktop, 101)
    with desktop.seat(Role.ISSUER, width) as seat:
        seat.open(f"{path}?at=items.100")
        seat.page.wait_for_load_state()
        assert not seat.overflows()
        assert seat.barriers() == []
