"""Certificates, templates, people and keys as a person does them: mouse, keyboard, without JavaScript, telephone."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

import pytest
from offices import enrol
from registry_data import order, released

from docgen.certificates.states import State
from docgen.issuing import issue, looking
from docgen.issuing.registry import Desk
from docgen.store.organisations import FIRST
from docgen.store.users import Role

if TYPE_CHECKING:
    from pathlib import Path

    from offices import Desktop, Seat

NASTY = "<img src=x onerror=alert(1)>"
NASTIER = f"{NASTY}<script>alert(2)</script>"
PAGES = ("/certificates", "/certificates/{number}", "/certificates/{number}/correct", "/certificates/{number}/revoke")
HOUSE = ("/templates", "/templates/caq-2026/application", "/people", "/keys", "/trail")


@pytest.fixture(scope="module")
def number(desktop: Desktop) -> str:
    """A certificate that somebody issued."""
    made = issue.issue(at(desktop), order(["章启明"]), "browser")
    return made.outcomes[0].one.record.number


def at(desktop: Desktop) -> Desk:
    return Desk(desktop.registry, FIRST, enrol(desktop.registry, Role.ISSUER)[0].actor)


def clean(seat: Seat) -> None:
    assert seat.barriers() == []
    assert not seat.overflows()
    assert seat.complaints == []


@pytest.mark.parametrize("width", [1280, 360])
def test_every_page_is_open_to_everybody_and_fits(desktop: Desktop, number: str, width: int) -> None:
    with desktop.seat(width=width) as seat:
        for path in (*PAGES, *HOUSE):
            seat.open(path.format(number=number))
            clean(seat)


def test_a_name_is_corrected_with_the_mouse(desktop: Desktop) -> None:
    issue.issue(at(desktop), order(["卢思远"]), "mouse")
    with desktop.seat(Role.ISSUER) as seat:
        page = seat.page
        seat.open("/certificates")
        page.get_by_label("找什么").fill("卢思远")
        page.get_by_role("button", name="查找").click()
        assert "卢" not in page.url
        page.get_by_role("row", name="卢思远").get_by_role("link").first.click()
        picture = page.get_by_role("img", name="印出来的样子")
        picture.evaluate("image => image.decode()")
        page.get_by_role("link", name="换发").click()
        page.get_by_label("姓名").fill("卢思源")
        page.get_by_label("原因", exact=True).fill("来电更正")
        page.get_by_role("button", name="下一步").click()
        assert page.locator("ins").inner_text() == "卢思源"
        clean(seat)
        page.get_by_role("button", name="确认换发").click()
        assert "已换发" in page.get_by_role("alert").inner_text()
        assert page.get_by_text("卢思源").first.is_visible()
        clean(seat)


def test_a_certificate_is_suspended_with_the_keyboard_only(desktop: Desktop) -> None:
    (one,) = released(at(desktop), ["韩一诺"], "keyboard")
    with desktop.seat(Role.APPROVER) as seat:
        page = seat.page
        seat.open(f"/certificates/{one.number}")
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent") == "暂停":
                break
        page.keyboard.press("Enter")
        page.wait_for_url("**/suspend")
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == "reason_class":
                break
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.type("接到来信，正在核实")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/certificates/{one.number}")
        assert "已暂停" in page.get_by_role("alert").inner_text()
    assert looking.show(at(desktop), one.number)[0].state is State.SUSPENDED


def test_searching_and_revoking_work_without_javascript(desktop: Desktop) -> None:
    (one,) = released(at(desktop), ["秦朗"], "plain")
    with desktop.seat(Role.APPROVER, java_script_enabled=False) as seat:
        page = seat.page
        seat.open("/certificates")
        page.get_by_label("找什么").fill("秦朗")
        page.get_by_role("button", name="查找").click()
        page.get_by_role("link", name=one.number).click()
        page.get_by_role("link", name="撤销").click()
        page.get_by_label("原因类别").select_option("申报材料不实")
        page.get_by_label("原因", exact=True).fill("抽查发现")
        page.get_by_role("button", name="撤销", exact=True).click()
        assert page.get_by_text("已撤销", exact=True).first.is_visible()
    assert looking.show(at(desktop), one.number)[0].state is State.REVOKED


def test_stored_html_runs_nothing_anywhere(desktop: Desktop) -> None:
    (one,) = released(at(desktop), [NASTY], "nasty")
    with desktop.seat(Role.ADMIN) as seat:
        page = seat.page
        page.on("dialog", lambda dialog: seat.complaints.append(f"dialog {dialog.message}"))
        seat.open(f"/certificates/{one.number}/suspend")
        page.get_by_label("原因类别").select_option("其他原因")
        page.get_by_label("原因", exact=True).fill(NASTIER)
        page.get_by_role("button", name="暂停").click()
        seat.open("/people")
        page.get_by_label("姓名").fill(NASTY)
        page.get_by_label("登录名").fill("<i>nasty</i>")
        page.get_by_role("button", name="添加").click()
        for path in ("/certificates", f"/certificates/{one.number}", "/people", "/trail"):
            seat.open(path)
            assert ("<i>nasty" if path == "/trail" else NASTY) in page.locator("main").inner_text()
        assert seat.complaints == []


def test_a_template_is_changed_and_changed_back(desktop: Desktop, tmp_path: Path) -> None:
    with desktop.seat(Role.ADMIN) as seat:
        page = seat.page
        seat.open("/templates")
        page.get_by_role("link", name="全国优秀质量管理小组推荐汇总表").click()
        with page.expect_download() as waiting:
            page.get_by_role("link", name="下载正在用的模板").click()
        own = waiting.value.path().read_bytes()
        page.get_by_label("改好的 Word 文件").set_input_files(written(tmp_path / "坏的.docx", own, "items", "itmes"))
        page.get_by_role("button", name="检查").click()
        assert "还不能启用" in page.get_by_role("alert").nth(1).inner_text()
        clean(seat)
        with page.expect_download() as waiting:
            page.get_by_role("link", name="下载带批注的 Word 文件").click()
        assert "word/comments.xml" in zipfile.ZipFile(waiting.value.path()).namelist()
        page.get_by_role("link", name="重新上传").click()
        page.get_by_label("改好的 Word 文件").set_input_files(
            written(tmp_path / "好的.docx", own, "汇总表", "汇总表（新版）")
        )
        page.get_by_role("button", name="检查").click()
        page.get_by_text("检查通过").wait_for()
        clean(seat)
        page.get_by_role("button", name="启用", exact=True).click()
        assert "已启用" in page.get_by_role("alert").first.inner_text()
        clean(seat)
        page.get_by_role("button", name="换回安装时的模板").click()
        assert "已换回" in page.get_by_role("alert").first.inner_text()


def written(path: Path, data: bytes, before: str, after: str) -> Path:
    """Write a template with words swapped."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            text = source.read(name).decode("utf-8", "surrogateescape")
            if name == "word/document.xml":
                assert before in text
                text = text.replace(before, after, 1)
            target.writestr(name, text.encode("utf-8", "surrogateescape"))
    path.write_bytes(buffer.getvalue())
    return path


def test_a_link_and_a_key_are_copied(desktop: Desktop) -> None:
    with desktop.seat(Role.ADMIN, permissions=["clipboard-read", "clipboard-write"]) as seat:
        page = seat.page
        seat.open("/people")
        page.get_by_label("姓名").fill("丁璟")
        page.get_by_label("登录名").fill("dingjing")
        page.get_by_role("button", name="添加").click()
        page.get_by_role("button", name="复制链接").click()
        page.get_by_role("button", name="已复制").wait_for()
        assert re.fullmatch(rf"{seat.base}/staff/link/\S+", str(page.evaluate("navigator.clipboard.readText()")))
        clean(seat)
        seat.open("/keys")
        page.get_by_label("颁发", exact=False).first.check()
        page.get_by_role("button", name="增加密钥").click()
        assert page.get_by_label("密钥", exact=True).input_value().startswith("dgk_")
        clean(seat)
