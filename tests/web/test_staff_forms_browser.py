"""填表 in a real Chromium: by mouse, by keyboard alone, without script, narrow, and with HTML in the fields."""

from __future__ import annotations

import io
import random
import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from docgen.fields import count_words
from docgen.store.users import Role

if TYPE_CHECKING:
    from offices import Desktop, Seat

AT = "/forms/caq-2026/application"
NASTY = "<img src=x onerror=alert(1)><script>alert(2)</script>"


def saved(seat: Seat, times: int) -> None:
    """Wait until the page says how often it was saved, at least."""
    seat.page.wait_for_function(
        "least => Number(document.querySelector('#revision').value) >= least", arg=times, timeout=15_000
    )


def test_somebody_fills_a_form_by_mouse(desktop: Desktop) -> None:
    with desktop.seat(Role.ISSUER) as seat:
        page = seat.page
        seat.open("/forms")
        page.get_by_role("link", name="全国优秀质量管理小组申报表", exact=False).first.click()
        page.get_by_label("QC 小组名称").fill("攀登者QC小组")
        page.get_by_label("近三年 QC 小组活动综述").fill("字" * 3005)
        expect(page.locator("[data-for=activity_summary]")).to_have_text("3005 / 3000 字，多了 5")
        saved(seat, 1)
        assert page.url.rpartition("/")[2] == page.locator("#draft").input_value()
        expect(page.locator("#activity_summary-fault")).to_contain_text("请删减 5 字")
        page.get_by_role("button", name="近三年课题成果加一项").click()
        expect(page.locator("[id='topics.1.topic_name']")).to_be_focused()
        page.keyboard.type("第二个课题")
        page.get_by_role("button", name="删去近三年课题成果第 1 项").click()
        expect(page.locator("[id='topics.0.topic_name']")).to_have_value("第二个课题")
        page.wait_for_function("() => document.querySelector('#page').src.includes('r=')", timeout=20_000)
        assert page.evaluate("document.querySelector('#page').naturalWidth") > 500
        page.reload()
        expect(page.get_by_label("QC 小组名称")).to_have_value("攀登者QC小组")
        assert seat.complaints == []


def test_pictures_are_hung_by_choosing_them(desktop: Desktop) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), "green").save(buffer, "PNG")
    with desktop.seat(Role.ISSUER) as seat:
        seat.open("/forms/shanxi-2025/achievement-report")
        files: Any = [{"name": "一.png", "mimeType": "image/png", "buffer": buffer.getvalue()}]
        seat.page.locator("[id='sections.0.pictures.+']").set_input_files(files)
        picture = seat.page.locator(".pictures img")
        expect(picture).to_be_visible()
        seat.page.wait_for_function("() => document.querySelector('.pictures img').naturalWidth === 64")
        seat.page.get_by_role("button", name="删去图片第 1 项").click()
        expect(picture).to_have_count(0)
        assert seat.complaints == []


def test_the_keyboard_alone_fills_adds_and_saves(desktop: Desktop) -> None:
    with desktop.seat(Role.ISSUER) as seat:
        page = seat.page
        seat.open(AT)

        def tab_to(name: str) -> None:
            for _ in range(80):
                page.keyboard.press("Tab")
                if page.evaluate("document.activeElement.id + '|' + document.activeElement.innerText") == name:
                    return
            raise AssertionError(name)

        tab_to("recommender|")
        page.keyboard.type("云岭省质量管理协会")
        tab_to("topics.0.topic_name|")
        page.keyboard.type("甲")
        tab_to("|加一项")
        page.keyboard.press("Enter")
        expect(page.locator("[id='topics.1.topic_name']")).to_be_focused()
        page.keyboard.type("乙")
        page.keyboard.press("Enter")
        expect(page.locator("#alerts")).to_contain_text("已保存到草稿")
        expect(page.locator("[id='topics.1.topic_name']")).to_have_value("乙")
        expect(page.get_by_label("推荐省区市、行业质协")).to_have_value("云岭省质量管理协会")


def test_without_script_everything_is_a_button(desktop: Desktop) -> None:
    with desktop.seat(Role.ISSUER, java_script_enabled=False) as seat:
        page = seat.page
        seat.open(AT)
        page.locator("#group_name").fill("攀登者QC小组")
        page.locator("[id='topics.0.topic_name']").fill("甲")
        page.get_by_role("button", name="近三年课题成果加一项").click()
        page.locator("[id='topics.1.topic_name']").fill("乙")
        page.get_by_role("button", name="下载 Word").click()
        expect(page.locator("#alerts")).to_contain_text("还有几处要填好")
        expect(page.locator("#look")).to_contain_text("还要填")
        expect(page.locator("[id='topics.1.topic_name']")).to_have_value("乙")


@pytest.mark.parametrize("width", [1280, 360])
def test_no_page_keeps_anybody_out_or_runs_over(desktop: Desktop, width: int) -> None:
    with desktop.seat(Role.ISSUER, width) as seat:
        for path in (
            "/forms",
            AT,
            "/forms/shanxi-2025/group-registration",
            "/forms/hunan-2026/brand-story",
            "/forms/caq-2026/summary",
            "/packages/caq-2026",
        ):
            seat.open(path)
            seat.page.wait_for_load_state()
            assert not seat.overflows(), path
            assert seat.barriers() == [], path


def test_html_in_the_fields_runs_nothing(desktop: Desktop) -> None:
    with desktop.seat(Role.ISSUER) as seat:
        page = seat.page
        page.on("dialog", lambda dialog: seat.complaints.append(dialog.message))
        seat.open(AT)
        for name in ("recommender", "org_name", "group_name", "members", "activity_summary", "contact.phone"):
            page.locator(f"[id='{name}']").fill(NASTY)
        saved(seat, 1)
        page.get_by_role("button", name="保存草稿").click()
        expect(page.locator("#org_name")).to_have_value(NASTY)
        seat.open("/forms")
        expect(page.locator("main")).to_contain_text("<script>alert(2)</script>")
        assert seat.complaints == []


def test_the_page_counts_as_the_check_does(desktop: Desktop) -> None:
    chance = random.Random(6)  # noqa: S311  strings for a test
    spaces = [" ", "\u3000", "\n", "\t", "\xa0", "\u2009", "\u200b", "\x85", "\x1f", "\ufeff"]
    marks = ["，", "。", "—", "…", "①", "Ⅳ", "㎡", "×", "±", "“", "%", "😀"]
    letters = ["字", "abc", "3.14", "𠮷", "葛\U000e0100", "é", "e\u0301", "한", "\u1112\u1161\u11ab", "カ\u3099"]
    pieces = [*spaces, *marks, *letters]
    texts = ["".join(chance.choices(pieces, k=chance.randint(0, 30))) for _ in range(1500)]
    expected = [
        [count_words(text), len(text.strip()), sum(bool(line.strip()) for line in text.split("\n"))]
        for text in (unicodedata.normalize("NFC", text) for text in texts)
    ]
    with desktop.seat(Role.ISSUER) as seat:
        seat.open(AT)
        counted = seat.page.evaluate(
            "texts => texts.map(text => [COUNT.words(text), COUNT.characters(text), COUNT.lines(text)])", texts
        )
    wrong = [(text, *pair) for text, *pair in zip(texts, counted, expected, strict=True) if pair[0] != pair[1]]
    assert wrong == []
