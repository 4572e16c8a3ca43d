"""What the public page and its JSON say of every code there can be."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
import registry_data
import verify_cases
from answers import idle
from databases import ASSOCIATION, PUBLIC_URL
from jsonschema import Draft202012Validator
from markupsafe import escape
from verify_cases import NAME

from docgen.certificates.code import grouped
from docgen.issuing.verifying import TITLES, Result
from docgen.settings import Settings
from docgen.store import organisations
from docgen.web.app import create_app
from docgen.web.verification_schemas import SCHEMAS

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from docgen.issuing.registry import Desk

JSON = {"Accept": "application/json"}
FACTS = ["certificate-manager", NAME, registry_data.ORG, registry_data.SERIES, registry_data.DECISION]
ENDED = {Result.SUPERSEDED, Result.REVOKED, Result.SUSPENDED, Result.VOID}


@pytest.fixture
def conf(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", public_url=PUBLIC_URL, association=ASSOCIATION)


class Words(HTMLParser):
    """What a person reads on a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.text += data


def read(answer: TestResponse) -> str:
    """Return the words of a page, without white space."""
    assert answer.content_type == "text/html; charset=utf-8"
    return "".join(Words(answer.text).text.split())


def told(answer: TestResponse) -> dict[str, Any]:
    """Return the members of a JSON answer after holding them to their schema."""
    assert answer.content_type == "application/json"
    found: dict[str, Any] = answer.get_json()
    Draft202012Validator(SCHEMAS["Verification"], format_checker=Draft202012Validator.FORMAT_CHECKER).validate(found)
    return found


def test_every_result_has_its_case() -> None:
    assert set(verify_cases.RESULTS) == set(Result)


def test_every_result_has_a_shape_of_its_own(app: Flask) -> None:
    """Nobody has to tell green from red."""
    shape: Any = app.jinja_env.get_template("shapes.html").module
    drawn = {re.sub(r"</?svg[^>]*>", "", shape.shape(result)) for result in Result}
    assert len(drawn) == len(Result)
    assert "" not in drawn


@pytest.mark.parametrize("result", Result)
def test_every_result_is_told_to_people_and_to_machines(desk: Desk, stranger: FlaskClient, result: Result) -> None:
    code = verify_cases.RESULTS[result]((desk, stranger))
    page, machine = stranger.get(f"/C/{code}"), stranger.get(f"/C/{code}", headers=JSON)
    assert page.status_code == machine.status_code == (429 if result is Result.LIMITED else 200)
    assert page.text.count("<h1>") == 1
    assert f"<h1>{TITLES[result]}</h1>" in page.text
    assert f'<div class="state {result}">' in page.text
    members = told(machine)
    assert (members["result"], members["title"]) == (result, TITLES[result])
    assert members["code"] == ("" if result is Result.MALFORMED else grouped(code))
    words = read(page)
    assert members["detail"] in words
    assert ("现在有效" in words) == (result is Result.VALID)
    assert "请确认网址为zs.example.org.cn" in words
    assert ASSOCIATION in words
    for answer in (page, machine):
        assert NAME not in answer.text
        assert verify_cases.REASON not in answer.text


@pytest.mark.parametrize("result", sorted(set(Result) - {Result.VALID, Result.NOT_YET}))
def test_what_is_not_valid_says_nothing_of_the_holder(desk: Desk, stranger: FlaskClient, result: Result) -> None:
    code = verify_cases.RESULTS[result]((desk, stranger))
    page, members = stranger.get(f"/C/{code}"), told(stranger.get(f"/C/{code}", headers=JSON))
    assert "certificate" not in members
    assert ("change" in members) == (result in ENDED)
    for fact in FACTS:
        assert fact not in page.text
        assert fact not in str(members)
    assert "核对姓名" not in page.text


def test_valid_page_shows_what_the_paper_must_say(desk: Desk, stranger: FlaskClient) -> None:
    one = verify_cases.issued(desk)
    words = read(stranger.get(f"/C/{one.code}"))
    for said in (
        f"证书编号{one.number}",
        "荣誉轻工行业优秀质量管理者",
        f"单位名称{registry_data.ORG}",
        "姓名方*远",
        "颁发单位中国轻工业联合会中国财贸轻纺烟草工会",
        f"表彰决定{registry_data.DECISION}",
        "颁发日期2026年10月30日",
        "请输入证书上的完整姓名核对",
        "本页只核对以上内容，请确认网址为zs.example.org.cn",
        "签名有效，",
        "状态有效，",
        f"查询码{grouped(one.code)}",
    ):
        assert said in words
    assert re.search(r"截至北京时间20\d\d年\d{1,2}月\d{1,2}日\d\d:\d\d:\d\d", words)
    certificate = told(stranger.get(f"/C/{one.code}", headers=JSON))["certificate"]
    assert certificate["number"] == one.number
    assert certificate["holder"] == [{"label": "单位名称", "value": registry_data.ORG}]
    assert certificate["persons"] == [{"label": "姓名", "names": ["方*远"]}]
    assert certificate["issued_on"] == "2026-10-30"


def test_ended_certificate_gives_date_and_class_of_reason(desk: Desk, stranger: FlaskClient) -> None:
    code = verify_cases.RESULTS[Result.REVOKED]((desk, stranger))
    change = told(stranger.get(f"/C/{code}", headers=JSON))["change"]
    year, month, day = change["date"].split("-")
    words = read(stranger.get(f"/C/{code}"))
    assert change["reason_class"] == verify_cases.WHY.kind
    assert f"撤销日期{year}年{int(month)}月{int(day)}日原因申报材料不实" in words


def test_a_date_to_come_is_not_yet_valid_and_has_no_name_check(desk: Desk, stranger: FlaskClient) -> None:
    page = stranger.get(f"/C/{verify_cases.RESULTS[Result.NOT_YET]((desk, stranger))}")
    assert "颁发日期2099年1月1日" in read(page)
    assert "完整姓名" not in page.text


def test_pending_is_told_as_what_never_was(desk: Desk, stranger: FlaskClient) -> None:
    """Same status, same headers, same bytes: nobody learns from the page what is about to be released."""
    for headers in ({}, JSON):
        answers = {}
        for code in (verify_cases.pending(desk), verify_cases.unknown()):
            answer = stranger.get(f"/C/{code}", headers=headers)
            body = re.sub(r"\d+-\d\d-\d\dT[\d:+]+|\d+年.*?日 [\d:]+", "", answer.text)
            for written in (code, grouped(code)):
                body = body.replace(written, "")
            kept = [pair for pair in answer.headers if pair[0] != "Content-Length"]
            answers[answer.status, str(kept), body] = code
        assert len(answers) == 1


def test_a_broken_database_is_amber_and_never_green(desk: Desk, stranger: FlaskClient) -> None:
    code = verify_cases.RESULTS[Result.VALID]((desk, stranger))
    verify_cases.break_down(desk.registry.database)
    page = stranger.get(f"/C/{code}")
    assert page.status_code == 200
    assert "<h1>暂时无法确认</h1>" in page.text
    assert "state valid" not in page.text
    assert told(stranger.get(f"/C/{code}", headers=JSON))["result"] == Result.UNSURE
    mistyped = stranger.get("/C/4C08-RZHV-KES5-WWE9")
    assert "<h1>输入有误</h1>" in mistyped.text
    assert '<p class="service">证书核验</p>' in mistyped.text


def test_a_chain_of_corrections_leaves_one_valid_code(desk: Desk, stranger: FlaskClient) -> None:
    one = verify_cases.issued(desk)
    chain = [one.code]
    for name in ("方致远", "方志远", "方智远"):
        one = registry_data.corrected(desk, one, {"name": name}, name)
        chain.append(one.code)
        results = [told(stranger.get(f"/C/{code}", headers=JSON))["result"] for code in chain]
        assert results == [Result.SUPERSEDED] * (len(chain) - 1) + [Result.VALID]


@pytest.mark.parametrize("path", ["/C/0000000000000000", "/", "/C/", "/C/1", "/nowhere"])
def test_every_page_of_a_trial_installation_says_so(
    desk: Desk, stranger: FlaskClient, tmp_path: Path, path: str
) -> None:
    banner = "试用环境：这里的证书不作数"
    assert banner not in stranger.get(path).text
    conf = Settings(data_dir=tmp_path / "data")
    trial = create_app(conf, verify_cases.on_trial(desk).registry, idle()).test_client()
    assert trial.get(path).text.count(banner) == 1


def test_a_trial_installation_verifies_its_own_certificates_under_the_banner(desk: Desk, tmp_path: Path) -> None:
    trial = verify_cases.on_trial(desk)
    code = verify_cases.issued(trial).code
    client = create_app(Settings(data_dir=tmp_path / "data"), trial.registry, idle()).test_client()
    page = client.get(f"/C/{code}")
    assert "<h1>有效</h1>" in page.text
    assert "试用环境：这里的证书不作数" in page.text
    assert told(client.get(f"/C/{code}", headers=JSON))["trial"] is True


def test_of_several_organisations_only_the_one_that_issued_is_named(desk: Desk, stranger: FlaskClient) -> None:
    with desk.registry.database.writing() as connection:
        organisations.add(connection, "other", "云岭省机械行业协会")
    assert ASSOCIATION in stranger.get(f"/C/{verify_cases.RESULTS[Result.VALID]((desk, stranger))}").text
    for path in (f"/C/{verify_cases.unknown()}", "/C/", "/C/1"):
        page = stranger.get(path).text
        assert '<p class="service">证书核验</p>' in page
        assert "协会" not in page


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img/src=x/onerror=alert(1)>', "{{7*7}}"])
def test_html_in_a_name_or_a_code_is_inert(desk: Desk, stranger: FlaskClient, text: str) -> None:
    org = f"云岭{text}公司"
    one = verify_cases.issued(desk, org=org)
    page, mistyped = stranger.get(f"/C/{one.code}"), stranger.post("/C/", data={"code": text})
    assert org in read(page)
    assert told(stranger.get(f"/C/{one.code}", headers=JSON))["certificate"]["holder"][0]["value"] == org
    assert f'value="{escape(text)}"' in mistyped.text
    if "<" in text:
        assert text not in page.text + mistyped.text
