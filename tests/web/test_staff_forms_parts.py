"""填表 with a long list over HTTP: a page asks a hundred rows, the others stay in the draft."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from docgen import service
from docgen.filling import keeping
from docgen.forms import catalogue
from docgen.store.users import Role

if TYPE_CHECKING:
    from offices import Clerk, Office

SUMMARY = catalogue.all_forms()["caq-2026/summary"]
AT = "/forms/caq-2026/summary"


@pytest.fixture
def clerk(office: Office) -> Clerk:
    return office.clerk(Role.ISSUER)


def brought(clerk: Clerk, count: int = 250) -> str:
    """Begin a draft with a long list; return its path below /staff."""
    raw = service.sample(SUMMARY)
    raw["items"] = [raw["items"][0] | {"group_name": f"第{row}小组"} for row in range(count)]
    return f"{AT}/{keeping.bring(clerk.desk, clerk.user.id, SUMMARY, raw)}"


def page(clerk: Clerk, address: str) -> tuple[str, dict[str, Any]]:
    """Open a page; return its text and what its form sends."""
    text = clerk.get(address.removeprefix("/staff").partition("#")[0]).get_data(as_text=True)
    fields = dict(re.findall(r'<(?:input|select)[^>]*\bname="([^"]+)"[^>]*?\bvalue="([^"]*)"', text))
    fields |= dict(re.findall(r'<textarea[^>]*\bname="([^"]+)"[^>]*>\n(.*?)</textarea>', text, re.DOTALL))
    return text, {name: value for name, value in fields.items() if name not in {"csrf", "do", "form", "file"}}


def rows(fields: dict[str, Any]) -> list[int]:
    return [int(name.split(".")[1]) for name in fields if name.endswith(".group_name")]


def names(clerk: Clerk, path: str) -> list[str]:
    found = keeping.opened(clerk.desk, SUMMARY, path.rpartition("/")[2]).submission["items"]
    return [row.get("group_name", "") for row in found]


def test_a_page_asks_a_hundred_rows_and_leads_to_the_others(clerk: Clerk) -> None:
    path = brought(clerk, 2000)
    text, fields = page(clerk, path)
    assert rows(fields) == list(range(100))
    assert "第 1–100 行，共 2,000 行" in text
    answer = clerk.post(AT, {**fields, "do": "show:items.100", "items.7.group_name": "改过"})
    assert answer.location == f"/staff{path}?at=items.100#items.100"
    text, fields = page(clerk, answer.location)
    assert rows(fields) == list(range(100, 200))
    assert "第 101–200 行，共 2,000 行" in text
    expected = [f"第{row}小组" for row in range(2000)]
    expected[7] = "改过"
    assert names(clerk, path) == expected
    answer = clerk.post(AT, {**fields, "do": "show:items", "items.at": "items.1900"})
    assert rows(page(clerk, answer.location)[1]) == list(range(1900, 2000))


def test_saving_and_looking_stay_at_the_part(clerk: Clerk) -> None:
    path = brought(clerk)
    _, fields = page(clerk, f"{path}?at=items.150")
    fields |= {"items.150.group_name": "甲"}
    answer = clerk.post(AT, {**fields, "do": "look"}, headers={"HX-Request": "true"})
    assert answer.headers["HX-Replace-Url"] == f"/staff{path}?at=items.100"
    assert clerk.post(AT, {**fields, "do": "save"}).location == f"/staff{path}?at=items.100"
    assert names(clerk, path)[149:152] == ["第149小组", "甲", "第151小组"]
    assert len(names(clerk, path)) == 250


def test_a_row_removed_or_added_in_the_middle_renews_the_page(clerk: Clerk) -> None:
    path = brought(clerk)
    text, fields = page(clerk, f"{path}?at=items.100")
    assert not re.search(r'value="(drop|add):[^>]*hx-post', text)
    answer = clerk.post(AT, {**fields, "do": "drop:items.150"})
    assert answer.location == f"/staff{path}?at=items.150#items.150"
    text, fields = page(clerk, answer.location)
    assert fields["items.150.group_name"] == "第151小组"
    assert fields["items.199.group_name"] == "第200小组"
    answer = clerk.post(AT, {**fields, "do": "add:items"})
    assert answer.location == f"/staff{path}?add=items#items.249"
    text, fields = page(clerk, answer.location)
    assert rows(fields) == list(range(200, 250))
    assert re.search(r'value="add:items"[^>]*hx-post', text)
    clerk.post(AT, {**fields, "do": "save", "items.249.group_name": "新"})
    assert [*names(clerk, path)[148:151], names(clerk, path)[-1]] == ["第148小组", "第149小组", "第151小组", "新"]


def test_the_last_part_takes_and_gives_rows_in_its_place(clerk: Clerk) -> None:
    path = brought(clerk)
    _, fields = page(clerk, f"{path}?at=items.200")
    wanted = {"HX-Request": "true"}
    part = clerk.post(AT, {**fields, "do": "add:items"}, headers=wanted).get_data(as_text=True)
    assert 'name="items.250.group_name"' in part
    assert 'name="items.others" value="200,0"' in part
    assert 'name="items.199.group_name"' not in part
    assert "第 201–251 行，共 251 行" in part
    fields |= {"items.250.group_name": "", "do": "drop:items.200"}
    part = clerk.post(AT, fields, headers=wanted).get_data(as_text=True)
    assert '<td class="number">' in part or "第 201 项" in part
    assert 'value="第201小组"' in part
    assert names(clerk, path) == [f"第{row}小组" for row in range(250) if row != 200]
    none = {name: value for name, value in fields.items() if not name.startswith("items.") or name == "items.others"}
    clerk.post(AT, {**none, "do": "look"}, headers=wanted)
    assert names(clerk, path) == [f"第{row}小组" for row in range(200)]


def test_the_hundred_and_first_row_begins_a_new_page(clerk: Clerk) -> None:
    path = brought(clerk, 100)
    text, fields = page(clerk, path)
    assert "共 100 行" not in text
    assert not re.search(r'value="add:[^>]*hx-post', text)
    answer = clerk.post(AT, {**fields, "do": "add:items"})
    assert answer.location.endswith("?add=items#items.100")
    assert rows(page(clerk, answer.location)[1]) == [100]


def test_faults_in_other_rows_lead_to_their_page_and_save_this_one(office: Office, clerk: Clerk) -> None:
    path = brought(clerk)
    _, fields = page(clerk, f"{path}?at=items.200")
    clerk.post(AT, {**fields, "do": "save", "items.230.group_name": "字" * 200})
    text, fields = page(clerk, path)
    assert 'value="show:items.230.group_name"' in text
    assert 'href="#items.230' not in text
    answer = clerk.post(AT, {**fields, "do": "show:items.230.group_name", "items.0.group_name": "甲"})
    assert answer.location == f"/staff{path}?at=items.230#items.230.group_name"
    assert 'href="#items.230.group_name" data-fault' in page(clerk, answer.location)[0]
    assert names(clerk, path)[0] == "甲"
    draft = path.rpartition("/")[2]
    package = clerk.get(f"/packages/caq-2026?draft={draft}").get_data(as_text=True)
    assert f"/staff{path}?at=items.230#items.230.group_name" in package
    seen, _ = page(office.clerk(Role.VIEWER), path)
    assert f'href="/staff{path}?at=items.230#items.230.group_name"' in seen
    assert f'href="/staff{path}?at=items.100#items.100"' in seen
    assert 'value="show:' not in seen


def test_two_windows_at_two_parts_both_keep_their_words(clerk: Clerk) -> None:
    path = brought(clerk)
    one, two = (page(clerk, f"{path}?at=items.{row}")[1] for row in (0, 100))
    clerk.post(AT, {**one, "do": "save", "items.0.group_name": "甲"})
    answer = clerk.post(AT, {**two, "do": "save", "items.100.group_name": "乙"})
    other = answer.location.removeprefix("/staff").partition("?")[0]
    assert other != path
    assert (names(clerk, path)[0], names(clerk, path)[100]) == ("甲", "第100小组")
    assert (names(clerk, other)[0], names(clerk, other)[100]) == ("甲", "乙")


@pytest.mark.parametrize(
    "do", ["show:", "show:nowhere", "show:items.x", "show:items.999999", "drop:items.x", "drop:items", "show://x"]
)
def test_a_strange_place_in_a_long_list_does_no_harm(clerk: Clerk, do: str) -> None:
    path = brought(clerk)
    _, fields = page(clerk, f"{path}?at=items.100&at=&at=x.y&add=x")
    answer = clerk.post(AT, {**fields, "do": do})
    assert answer.location.startswith(f"/staff{path}")
    assert clerk.get(answer.location.removeprefix("/staff").partition("#")[0]).status_code == 200
    assert len(names(clerk, path)) == (250 if do != "drop:items" else 150)
