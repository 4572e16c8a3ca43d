"""批量颁证 in a real Chromium: with the mouse, by keyboard alone, without script, narrow, and with hostile names."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from roster_files import HEAD, ROWS, xlsx

from docgen.store.users import Role

if TYPE_CHECKING:
    from offices import Desktop, Seat
    from playwright.sync_api import Page

FORM = "caq-2026/certificate-group"
TABLE = xlsx(HEAD, *ROWS, (4, None, "夜航QC小组", "于洋"), ("合计", "4"))
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NASTY = "<script>document.title='x'</script><img src=x onerror=alert(1)>"


def bring(seat: Seat, data: bytes = TABLE) -> Page:
    """Bring a roster; its table is open then."""
    seat.open("/batches/new")
    page = seat.page
    page.check(f"input[value='{FORM}']")
    page.set_input_files("#roster", {"name": "名单.xlsx", "mimeType": SHEET, "buffer": data})
    page.click("text=读入并核对")
    expect(page.locator("h1")).to_have_text("核对名单")
    return page


def fine(seat: Seat) -> None:
    """Fail where a page keeps somebody out or is wider than its window."""
    assert seat.barriers() == []
    assert not seat.overflows()


def ended(page: Page) -> None:
    """Wait until a batch has ended."""
    expect(page.get_by_role("link", name="下载全部（zip）")).to_be_visible(timeout=60_000)


def test_with_the_mouse_from_a_file_to_the_zip(desktop: Desktop) -> None:
    with desktop.seat(Role.ISSUER) as seat:
        page = bring(seat)
        fine(seat)
        page.get_by_role("link", name="修改第 5 行").click()
        field = page.get_by_role("textbox", name="组织名称")
        expect(field).to_be_focused()
        assert seat.barriers() == []
        field.fill("望海港口集团有限公司")
        page.get_by_role("button", name="保存这一行").click()
        expect(page.get_by_role("status")).to_contain_text("要颁发 4")
        page.get_by_role("button", name="不颁发第 3 行").click()
        expect(page.get_by_role("status")).to_contain_text("要颁发 3 ＋ 不颁发 2")
        page.get_by_role("link", name="下一步：内容和样子").click()
        picture = page.locator("#look img")
        expect(picture).to_have_js_property("naturalWidth", 1287, timeout=30_000)
        fine(seat)
        before = picture.get_attribute("src")
        page.get_by_label("正文").fill("{小组名称}被评为2026年全国优秀质量管理小组。")
        expect(picture).not_to_have_attribute("src", before or "", timeout=10_000)
        page.get_by_label("正文").fill("什么也没说")
        expect(page.locator("#look")).to_contain_text("正文里没有荣誉名称")
        page.get_by_label("正文").fill("")
        page.get_by_label("表彰决定文号").fill("云质协〔2026〕61号")
        page.get_by_role("button", name="保存，去确认").click()
        expect(page.locator("h1")).to_have_text("颁发 3 份证书")
        fine(seat)
        page.get_by_role("button", name="颁发 3 份证书").dblclick()
        ended(page)
        fine(seat)
        with page.expect_download() as waiting:
            page.get_by_role("link", name="下载全部（zip）").click()
        names = zipfile.ZipFile(io.BytesIO(waiting.value.path().read_bytes())).namelist()
        assert sum(name.startswith("CAQ-QC") for name in names) == 3
        page.get_by_role("link", name="批量颁证").first.click()
        expect(page.locator("tbody tr")).to_have_count(1)
        fine(seat)
        assert seat.complaints == []


def test_by_keyboard_alone(desktop: Desktop) -> None:
    with desktop.seat(Role.ISSUER) as seat:
        seat.open("/batches/new?sample=1")
        page = seat.page

        def reach(wanted: str, key: str = "Tab") -> None:
            """Press a key until the focused element says this."""
            told = "(e => e.getAttribute('aria-label') || e.innerText || e.name || e.id)(document.activeElement)"
            for _ in range(80):
                page.keyboard.press(key)
                if wanted in page.evaluate(told):
                    return
            raise AssertionError(f"{wanted} cannot be reached")

        reach("certificate")
        page.keyboard.press("Space")
        reach("用样例名单开始")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("核对名单")
        reach("修改第 5 行")
        page.keyboard.press("Enter")
        expect(page.get_by_role("textbox", name="小组名称")).to_be_focused()
        page.keyboard.type("精工QC小组")
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="修改第 5 行")).to_be_focused()
        expect(page.get_by_role("status")).to_contain_text("要颁发 6")
        reach("下一步", "Shift+Tab")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("证书上写什么")
        reach("保存，去确认")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("颁发 6 份证书")
        reach("颁发 6 份证书")
        page.keyboard.press("Enter")
        ended(page)
        assert seat.complaints == []


def test_without_script(desktop: Desktop) -> None:
    with desktop.seat(Role.ISSUER, java_script_enabled=False) as seat:
        page = bring(seat, xlsx(HEAD, (1, None, "北斗QC小组", "秦川"), (2, "平湖乳业有限公司", "晨露QC小组", "柳青")))
        page.get_by_role("link", name="修改第 2 行").click()
        page.get_by_label("组织名称").fill("泽川矿业有限公司")
        page.get_by_role("button", name="保存这一行").click()
        expect(page.get_by_role("status")).to_contain_text("要颁发 2")
        page.get_by_role("button", name="不颁发第 3 行").click()
        page.get_by_role("button", name="仍要颁发第 3 行").click()
        page.get_by_role("link", name="下一步：内容和样子").click()
        page.get_by_label("表彰决定文号").fill("云质协〔2026〕62号")
        page.get_by_role("button", name="名称最长的").click()
        expect(page.get_by_label("表彰决定文号")).to_have_value("云质协〔2026〕62号")
        expect(page.locator("figcaption")).to_contain_text("名称最长的一份")
        page.get_by_role("button", name="保存，去确认").click()
        page.get_by_role("button", name="颁发 2 份证书").click()
        ended(page)


@pytest.mark.parametrize("width", [360])
def test_narrow_and_with_hostile_names(desktop: Desktop, width: int) -> None:
    rows = [(1, NASTY[:60], "{{7*7}}QC小组", "章启明"), (2, None, '"><svg onload=alert(1)>', "白露")]
    with desktop.seat(Role.ISSUER, width) as seat:
        page = bring(seat, xlsx(HEAD, *rows))
        fine(seat)
        page.get_by_role("link", name="修改第 3 行").click()
        expect(page.get_by_role("textbox", name="组织名称")).to_be_focused()
        fine(seat)
        page.get_by_role("textbox", name="组织名称").fill(NASTY[:60])
        page.get_by_role("button", name="保存这一行").click()
        expect(page.get_by_role("status")).to_contain_text("要颁发 2")
        page.get_by_role("link", name="下一步：内容和样子").click()
        page.get_by_label("批次名称").fill(NASTY[:60])
        page.get_by_label("表彰决定文号").fill("<b onclick=alert(1)>62号")
        page.get_by_label("颁发单位 1").fill("<i>协会</i>")
        expect(page.locator("#look img")).to_have_js_property("naturalWidth", 1287, timeout=30_000)
        fine(seat)
        page.get_by_role("button", name="保存，去确认").click()
        expect(page.locator("h1")).to_have_text("颁发 2 份证书")
        fine(seat)
        seat.open("/batches")
        fine(seat)
        assert seat.page.title().startswith("批量颁证")
        assert seat.complaints == []


def test_two_thousand_rows_are_mended_in_place(desktop: Desktop) -> None:
    rows = [(at, f"第{at}供水有限公司", f"第{at}QC小组", "章启明、白露") for at in range(1, 2001)]
    with desktop.seat(Role.ISSUER) as seat:
        page = bring(seat, xlsx(HEAD, *rows))
        page.get_by_role("link", name="下一页").click()
        page.get_by_role("link", name="修改第 105 行").click()
        page.get_by_role("textbox", name="小组名称").fill("")
        page.get_by_role("button", name="保存这一行").click()
        expect(page.get_by_role("status")).to_contain_text(re.compile("要颁发 1999 .* 有问题 1"))
        expect(page.get_by_role("link", name="修改第 105 行")).to_be_focused()
        assert seat.complaints == []


def test_a_second_person_at_another_browser_looks_and_releases(desktop: Desktop) -> None:
    rows = [(1, "临江化工机械有限公司", "磐石QC小组", "秦川"), (2, "平湖乳业有限公司", "朝霞QC小组", "柳青")]
    with desktop.seat(Role.ISSUER) as one, desktop.seat(Role.APPROVER) as other:
        page = bring(one, xlsx(HEAD, *rows))
        page.get_by_role("link", name="下一步：内容和样子").click()
        page.get_by_label("表彰决定文号").fill("云质协〔2026〕63号")
        page.get_by_label("制成后先由另一个人复核").check()
        page.get_by_role("button", name="保存，去确认").click()
        page.get_by_role("button", name="颁发 2 份证书").click()
        expect(page.get_by_text("等待另一个人复核发布")).to_be_visible(timeout=60_000)
        expect(page.get_by_role("button", name="发布")).to_have_count(0)
        fine(one)
        look = other.page
        look.goto(page.url)
        look.get_by_role("link", name="逐份看证书").click()
        expect(look.locator("img.paper")).to_have_js_property("naturalWidth", 1287, timeout=30_000)
        expect(look.locator("dl")).to_contain_text("磐石QC小组")
        fine(other)
        look.get_by_role("link", name="下一份").click()
        expect(look.locator("dl")).to_contain_text("朝霞QC小组")
        look.get_by_role("link", name="看完了，回到批次").click()
        look.get_by_role("button", name="看过了，发布 2 份").click()
        expect(look.get_by_text("已发布，公众现在可以核验这批证书")).to_be_visible()
        page.reload()
        ended(page)
        assert one.complaints + other.complaints == []
