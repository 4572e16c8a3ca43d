"""Certificates on the staff pages: found, looked at, printed, suspended, revoked, corrected, taken along."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from answers import with_key
from offices import OTHER
from registry_data import order, released

from docgen.certificates.states import State
from docgen.issuing import issue, looking, verifying
from docgen.issuing.verifying import Result
from docgen.store import trail
from docgen.store.keys import Scope
from docgen.store.organisations import FIRST
from docgen.store.search import Wanted
from docgen.store.users import Role
from docgen.web.context import EXTENSION

if TYPE_CHECKING:
    from offices import Clerk, Office
    from werkzeug.test import TestResponse

NUMBER = "QG-GL-2026-000001"
PAGE = f"/certificates/{NUMBER}"
WHY = {"reason_class": "信息有误", "reason": "来电更正"}


def words(answer: TestResponse) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())


def noted(office: Office) -> list[tuple[str, str]]:
    with office.registry.database.reading() as connection:
        return [(entry.action, entry.subject) for entry in trail.before(connection, FIRST, None, 20)]


def state(office: Office, number: str = NUMBER) -> list[State | None]:
    return [one.state for one in looking.show(office.clerk().desk, number)]


def fields(clerk: Clerk) -> dict[str, Any]:
    """Return what the page for corrections is filled with."""
    page = clerk.get(f"{PAGE}/correct").get_data(as_text=True)
    boxes = re.findall(r'<textarea id="(\w+)"[^>]*>([^<]*)</textarea>', page)
    lines = re.findall(r'<input id="(\w+)"[^>]*value="([^"]*)"', page)
    return {name: unescape(value) for name, value in [*boxes, *lines]} | WHY


def propose(clerk: Clerk, **changes: str) -> TestResponse:
    return clerk.post(f"{PAGE}/correct", {**fields(clerk), **changes})


def path_of(answer: TestResponse) -> str:
    assert answer.status_code == 303, words(answer)
    return str(answer.location).removeprefix("/staff")


@pytest.fixture
def clerk(office: Office) -> Clerk:
    """Somebody who issues, and one certificate that somebody of them issued."""
    clerk = office.clerk(Role.ISSUER)
    issue.issue(clerk.desk, order(["章启明"]), "k")
    return clerk


@pytest.fixture
def approver(office: Office) -> Clerk:
    return office.clerk(Role.APPROVER)


# --- Finding --------------------------------------------------------------------------------------------------------


def test_a_name_is_found_and_never_stands_in_an_address(clerk: Clerk) -> None:
    released(clerk.desk, ["卢思远"], "other")
    found = path_of(clerk.post("/certificates/search", {"q": "卢思远", "state": "issued"}))
    assert "卢" not in found
    assert "%" not in found
    page = words(clerk.get(found))
    assert "QG-GL-2026-000002" in page
    assert NUMBER not in page
    assert 'value="卢思远"' in clerk.get(found).get_data(as_text=True)


@pytest.mark.parametrize("text", ["QG-GL-2026-000001", "2026-0000"])
def test_a_number_may_stand_in_an_address(clerk: Clerk, text: str) -> None:
    found = path_of(clerk.post("/certificates/search", {"q": text}))
    assert found == f"/certificates?q={text}"
    assert NUMBER in words(clerk.get(found))


def test_nothing_found_says_what_to_do(clerk: Clerk) -> None:
    assert "没有找到" in words(clerk.get("/certificates?q=QG-GL-2026-000009"))
    for strange in ("state=nonsense", "year=x", "batch=99999999999999999999", "before=-1", "find=abc", "form=no/such"):
        assert clerk.get(f"/certificates?{strange}").status_code == 200, strange


def test_an_empty_register_points_to_the_first_batch(office: Office) -> None:
    assert "还没有颁发过证书" in words(office.clerk(Role.VIEWER).get("/certificates"))


def test_a_search_is_the_organisation_s_own(office: Office, clerk: Clerk) -> None:
    found = path_of(clerk.post("/certificates/search", {"q": "章启明"}))
    other = office.clerk(Role.ADMIN, OTHER)
    page = other.get(found).get_data(as_text=True)
    assert "章启明" not in page
    assert NUMBER not in page
    for path in (PAGE, f"{PAGE}/picture.png", f"{PAGE}/print.pdf", f"{PAGE}/correct", f"{PAGE}/revoke"):
        assert other.get(path).status_code == 404, path
    assert other.post(f"{PAGE}/revoke", WHY).status_code == 404
    assert other.post("/certificates/export").status_code == 200
    assert state(office) == [State.ISSUED]


def test_pages_follow_one_another(clerk: Clerk) -> None:
    released(clerk.desk, [f"卢{chr(0x4E00 + index)}" for index in range(60)], "many")
    first = clerk.get("/certificates").get_data(as_text=True)
    older = re.findall(r'href="/staff(/certificates\?before=\d+)"', first)
    assert len(older) == 1
    second = words(clerk.get(older[0]))
    assert NUMBER in second
    assert "更早的" not in second


def test_the_list_is_taken_along_as_text(office: Office, clerk: Clerk) -> None:
    released(clerk.desk, ["=1+1", "卢思远"], "other")
    answer = clerk.post("/certificates/export", {"q": "2026-00000"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.get_data())).active
    assert sheet
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert [(row[0], row[2], row[6]) for row in rows] == [
        ("QG-GL-2026-000003", "有效", "卢思远"),
        ("QG-GL-2026-000002", "有效", "=1+1"),
        (NUMBER, "有效", "章启明"),
    ]
    assert all(cell.data_type == "s" for row in sheet.iter_rows() for cell in row if cell.value)
    assert noted(office)[0] == ("certificates-exported", "3 份")


# --- One certificate ------------------------------------------------------------------------------------------------


def test_one_certificate_with_its_picture_and_its_files(office: Office, clerk: Clerk) -> None:
    page = words(clerk.get(PAGE.lower()))
    for said in ("章启明", "有效", "中轻联质〔2026〕50号", "轻工行业优秀质量管理者", "经过", "待发布"):
        assert said in page
    picture = clerk.get(f"{PAGE}/picture.png")
    assert (picture.mimetype, picture.get_data()[:4]) == ("image/png", b"\x89PNG")
    pdf = clerk.get(f"{PAGE}/print.pdf").get_data()
    assert pdf == clerk.get(f"{PAGE}/print.pdf").get_data()
    assert pdf != clerk.get(f"{PAGE}/print.pdf?border=no").get_data()
    assert clerk.get(f"{PAGE}/print.docx").get_data()[:2] == b"PK"
    assert clerk.get(f"{PAGE}/print.xlsx").status_code == 400
    assert noted(office)[:2] == [
        ("certificate-printed", f"{NUMBER} docx"),
        ("certificate-printed", f"{NUMBER} pdf 无边框"),
    ]
    assert office.clerk(Role.VIEWER).get(f"{PAGE}/print.pdf").status_code == 403


def test_suspending_resuming_and_revoking_want_a_reason(office: Office, clerk: Clerk, approver: Clerk) -> None:
    assert clerk.post(f"{PAGE}/revoke", WHY).status_code == 403
    for wrong in ({}, {"reason_class": "信息有误"}, {"reason_class": "我猜的", "reason": "试试"}):
        answer = approver.post(f"{PAGE}/suspend", wrong)
        assert answer.status_code == 422, wrong
    assert state(office) == [State.ISSUED]
    for way, reached in (("suspend", State.SUSPENDED), ("resume", State.ISSUED), ("revoke", State.REVOKED)):
        assert approver.get(f"{PAGE}/{way}").status_code == 200
        assert path_of(approver.post(f"{PAGE}/{way}", WHY)) == PAGE
        assert state(office) == [reached]
        assert "来电更正" in words(approver.get(PAGE))
    assert [action for action, _ in noted(office)][:3] == [
        "certificate-revoked", "certificate-resumed", "certificate-suspended",
    ]  # fmt: skip
    assert approver.post(f"{PAGE}/resume", WHY).status_code == 409
    assert approver.get(f"{PAGE}/print.pdf").status_code == 409


def test_a_correction_is_looked_at_before_it_is_made(office: Office, clerk: Clerk) -> None:
    (before,) = looking.show(clerk.desk, NUMBER)
    ask = path_of(propose(clerk, name="章启铭"))
    assert "章" not in ask
    page = clerk.get(ask)
    assert re.search(r"<del>章启明</del>.*<ins>章启铭</ins>", page.get_data(as_text=True), re.DOTALL)
    assert "已换发" in words(page)
    assert clerk.get(f"{ask}/picture.png").get_data()[:4] == b"\x89PNG"
    assert "有效" in words(clerk.get(PAGE))
    assert state(office) == [State.ISSUED]
    assert path_of(clerk.post(ask)) == PAGE
    assert clerk.post(ask).status_code == 404, "once"
    assert state(office) == [State.ISSUED, State.SUPERSEDED]
    assert verifying.verify(office.registry, before.record.code, "").result is Result.SUPERSEDED
    assert "章启铭" in words(clerk.get(PAGE))
    assert noted(office)[0] == ("certificate-reissued", NUMBER)
    assert not any("章" in subject for _, subject in noted(office))


def test_what_cannot_be_corrected_so_is_told_at_its_field(office: Office, clerk: Clerk) -> None:
    for changes, said in (
        ({}, "没有需要更正的地方"),
        ({"name": ""}, "姓名"),
        ({"body": "特发此证"}, "正文"),
        ({"issuers": ""}, "颁发单位"),
        ({"issued_on": "2026-13-01"}, "颁发日期"),
        ({"name": "章启铭", "reason": ""}, "原因"),
    ):
        answer = propose(clerk, **changes)
        assert answer.status_code == 422, changes
        assert said in words(answer), changes
        assert "换发" in words(answer)
    assert "章启铭" in propose(clerk, name="章启铭", reason="").get_data(as_text=True), "what was typed stays"
    assert state(office) == [State.ISSUED]


def test_a_proposal_can_be_dropped_and_belongs_to_its_certificate(office: Office, clerk: Clerk) -> None:
    ask = path_of(propose(clerk, name="章启铭"))
    issue.issue(clerk.desk, order(["卢思远"]), "second")
    assert clerk.post(ask.replace("000001", "000002")).status_code == 404
    assert office.clerk(Role.ADMIN, OTHER).get(ask).status_code == 404
    assert "还没有确认" in words(clerk.get(PAGE))
    assert path_of(clerk.post(f"{ask}/drop")) == PAGE
    assert clerk.get(ask).status_code == 404
    assert "还没有确认" not in words(clerk.get(PAGE))
    assert state(office) == [State.ISSUED]


def test_a_proposal_for_what_was_revoked_meanwhile_is_refused(office: Office, clerk: Clerk, approver: Clerk) -> None:
    ask = path_of(propose(clerk, name="章启铭"))
    approver.post(f"{PAGE}/revoke", WHY)
    assert clerk.get(ask).status_code == 409
    assert clerk.post(ask).status_code == 409
    assert state(office) == [State.REVOKED]


def test_a_correction_is_no_way_around_the_second_person(office: Office, clerk: Clerk, approver: Clerk) -> None:
    known = office.app.extensions[EXTENSION]
    strict = known.settings.model_copy(update={"second_person": True})
    office.app.extensions[EXTENSION] = replace(known, settings=strict)
    own = path_of(propose(approver, name="章启铭"))
    assert "由另一人复核" in words(approver.get(own))
    assert approver.post(own).status_code == 409, "who proposed it cannot confirm it"
    assert clerk.post(own).status_code == 409, "whoever only issues cannot confirm"
    assert state(office) == [State.ISSUED]
    other = office.clerk(Role.APPROVER, login="second-approver")
    assert "确认换发" in words(other.get(own))
    assert path_of(other.post(own)) == PAGE
    assert state(office) == [State.ISSUED, State.SUPERSEDED]


@pytest.mark.usefixtures("clerk")
def test_nor_is_a_correction_by_the_api(office: Office) -> None:
    known = office.app.extensions[EXTENSION]
    strict = known.settings.model_copy(update={"second_person": True})
    office.app.extensions[EXTENSION] = replace(known, settings=strict)
    machine = with_key(office.app, office.registry.keyring.add(FIRST, Scope.ISSUE))
    told = {"changes": {"name": "章启铭"}, **WHY}
    answer = machine.post(f"/api/v1/certificates/{NUMBER}/reissue", json=told, headers={"Idempotency-Key": "r"})
    assert (answer.status_code, "由另一人确认" in answer.text) == (409, True)
    assert state(office) == [State.ISSUED]


def test_what_people_wrote_stays_text(clerk: Clerk, approver: Clerk) -> None:
    nasty = "<img src=x onerror=alert(1)>"
    issue.issue(clerk.desk, order([nasty]), "nasty")
    number = looking.find(clerk.desk, Wanted(nasty), None, 1)[0].record.number
    approver.post(f"/certificates/{number}/suspend", {"reason_class": "其他原因", "reason": nasty})
    found = path_of(clerk.post("/certificates/search", {"q": nasty}))
    for path in (found, f"/certificates/{number}"):
        page = clerk.get(path).get_data(as_text=True)
        assert "&lt;img src=x" in page
        assert "<img src=x" not in page
