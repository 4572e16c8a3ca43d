"""People, keys and the trail on the staff pages."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from offices import OTHER

from docgen.people import accounts
from docgen.people.accounts import Action
from docgen.store.keys import Scope
from docgen.store.organisations import FIRST
from docgen.store.users import Role
from docgen.web.staff.words import ACTIONS

if TYPE_CHECKING:
    from offices import Office
    from werkzeug.test import TestResponse

PASSWORD = "青山 绿水 十九八八"  # noqa: S105  invented
NEW = {"name": "秦朗", "login": "QinLang", "role": "issuer"}


def words(answer: TestResponse) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())


def link_of(answer: TestResponse) -> str:
    found = re.search(r'value="http://localhost(/staff/link/[^"]+)"', answer.get_data(as_text=True))
    assert found, words(answer)
    return found[1]


def test_somebody_is_added_and_sets_a_password_by_the_link(office: Office) -> None:
    admin = office.clerk()
    answer = admin.post("/people", NEW)
    assert answer.headers["Cache-Control"] == "no-store"
    link = link_of(answer)
    assert "还没设密码" in words(admin.get("/people"))
    client = office.app.test_client()
    assert client.post(link, data={"password": PASSWORD, "again": PASSWORD}).status_code == 303
    page = words(admin.get("/people"))
    assert "秦朗 qinlang 经办 可登录" in page
    assert link not in admin.get("/people").get_data(as_text=True)


def test_wrong_newcomers_are_told_and_what_was_typed_stays(office: Office) -> None:
    admin = office.clerk()
    for wrong, said in (({"name": ""}, "姓名"), ({"login": ""}, "登录名"), ({"role": "king"}, "角色")):
        answer = admin.post("/people", {**NEW, **wrong})
        assert answer.status_code == 422, wrong
        assert said in words(answer)
    admin.post("/people", NEW)
    again = admin.post("/people", {**NEW, "name": "另一人"})
    assert (again.status_code, "已经有人用了" in words(again)) == (422, True)
    assert 'value="另一人"' in again.get_data(as_text=True)


def test_a_role_is_changed_and_somebody_is_shut_out_and_let_in(office: Office) -> None:
    admin, clerk = office.clerk(), office.clerk(Role.ISSUER)
    own = f"/people/{clerk.user.id}"
    assert admin.post(f"{own}/role", {"role": "approver"}).status_code == 303
    assert "章启明现在的角色是「复核」" in words(admin.get(own))
    assert admin.post(f"{own}/role", {"role": "king"}).status_code == 422
    assert admin.post(f"{own}/disable").status_code == 303
    assert clerk.get("/").status_code == 303
    assert "已停用" in words(admin.get(own))
    assert admin.post(f"{own}/enable").status_code == 303
    assert link_of(admin.post(f"{own}/link"))


def test_the_last_administrator_cannot_shut_the_door_behind_them(office: Office) -> None:
    admin = office.clerk()
    own = f"/people/{admin.user.id}"
    for path, fields in ((f"{own}/disable", {}), (f"{own}/role", {"role": "viewer"})):
        answer = admin.post(path, fields)
        assert answer.status_code == 409
        assert "最后一个管理员" in words(answer)
        assert "请先让另一个人做管理员" in words(answer)
    office.clerk(login="second")
    assert admin.post(f"{own}/disable").location == "/staff/people"
    assert admin.get("/").status_code == 303


def test_people_and_keys_of_another_organisation_are_not_there(office: Office) -> None:
    ours, theirs = office.clerk(), office.clerk(Role.ADMIN, OTHER)
    text = office.registry.keyring.add(FIRST, Scope.ISSUE)
    key = text.split("_")[1]
    assert key not in words(theirs.get("/keys"))
    assert key in words(ours.get("/keys"))
    for path in (f"/people/{ours.user.id}", f"/keys/{key}/withdraw"):
        assert theirs.get(path).status_code == 404
    for path in ("role", "link", "disable", "enable"):
        assert theirs.post(f"/people/{ours.user.id}/{path}", {"role": "viewer"}).status_code == 404
    assert theirs.post(f"/keys/{key}/withdraw").status_code == 404
    assert office.registry.keyring.find(text)
    accounts.note(ours.desk, Action.EXPORT, "我们的 3 份")
    assert "我们的 3 份" not in words(theirs.get("/trail"))


def test_a_key_is_shown_once_and_withdrawn_after_a_question(office: Office) -> None:
    admin = office.clerk()
    assert admin.post("/keys").status_code == 422
    assert admin.post("/keys", {"scopes": ["all"]}).status_code == 422
    answer = admin.post("/keys", {"scopes": ["issue", "render"]})
    found = re.search(r">(dgk_\w+)<", answer.get_data(as_text=True))
    assert found
    key = office.registry.keyring.find(found[1])
    assert key
    assert (key.organisation, key.scopes) == (FIRST, frozenset({Scope.ISSUE, Scope.RENDER}))
    assert found[1] not in admin.get("/keys").get_data(as_text=True)
    assert "核对与生成、颁发" in words(admin.get("/keys"))
    assert "收回" in words(admin.get(f"/keys/{key.id}/withdraw"))
    assert office.registry.keyring.find(found[1])
    assert admin.post(f"/keys/{key.id}/withdraw").status_code == 303
    assert office.registry.keyring.find(found[1]) is None
    assert admin.post(f"/keys/{key.id}/withdraw").status_code == 404
    secret = found[1].rsplit("_", 1)[1]
    trail = words(admin.get("/trail"))
    assert "收回接口密钥" in trail
    assert secret not in trail


def test_the_trail_is_told_in_words_with_names_and_in_pages(office: Office) -> None:
    admin = office.clerk()
    for number in range(60):
        accounts.note(admin.desk, Action.EXPORT, f"第 {number:02d} 次")
    first = admin.get("/trail")
    assert "欧阳雪 导出证书清单 第 59 次" in words(first)
    older = re.findall(r'href="/staff(/trail\?before=\d+)"', first.get_data(as_text=True))
    assert len(older) == 1
    second = words(admin.get(older[0]))
    assert "第 09 次" in second
    assert "第 10 次" not in second
    assert admin.get("/trail?before=nonsense").status_code == 200


def test_every_action_has_words() -> None:
    assert set(ACTIONS) == set(Action)
