"""The release gate: a page that says something else than its record never leaves the house."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pypdf
import pytest
from databases import Site, close_all
from registry_data import ORG, WHY, order, person
from sqlalchemy import select

from docgen.certificates.states import State
from docgen.errors import ConflictError
from docgen.forms import catalogue
from docgen.issuing import changing, gate, issue, printing, verifying
from docgen.issuing.gate import GateError
from docgen.issuing.verifying import FileAnswer, Result
from docgen.render import html, press
from docgen.render.inspection import inspect
from docgen.store.files import MissingFileError
from docgen.store.tables import certificates, counters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from docgen.issuing.printing import Attested
    from docgen.issuing.registry import Desk

HERE = "203.0.113.7"
NASTY = ["{{7*7}}", "=cmd()", "<b>章<i>", "' OR 1=1 --", "&lt"]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    yield Site(tmp_path / "data", "").desk()
    close_all()


def issued(desk: Desk, *names: str, key: str = "k") -> list[Attested]:
    outcomes = issue.issue(desk, order(names), key).outcomes
    assert [outcome.state for outcome in outcomes] == [State.ISSUED] * len(names)
    return [outcome.one for outcome in outcomes]


def pdf(desk: Desk, one: Attested) -> bytes:
    return printing.document(desk, one.claims.number, "pdf").data


def refused(desk: Desk, data: bytes, one: Attested) -> str:
    with pytest.raises(GateError) as caught:
        gate.check(data, one.claims, printing.facts(desk.registry, one, border=True))
    said = caught.value.detail
    for value in (*one.claims.submission.values(), one.claims.number, one.record.code):
        assert str(value) not in said
    return said.partition("：")[2].partition("；")[0]


@pytest.fixture
def template(configure: Callable[..., None], tmp_path: Path) -> Iterator[Callable[[str], None]]:
    """Return a function that puts another body into the managers' certificate, as an association would."""
    file = tmp_path / "templates" / "html" / "qinggong-2025" / "certificate-manager.html"
    file.parent.mkdir(parents=True)
    configure(templates_dir=str(tmp_path / "templates"))

    def forget() -> None:
        """A process keeps its templates; here it goes on as another one."""
        for kept in (html._environment, html._template, html.version):  # noqa: SLF001  the caches are private
            kept.cache_clear()

    def change(body: str) -> None:
        words = '{% extends "_house/certificate.html" %}{% block body %}' + body + "{% endblock %}"
        file.write_text(words, encoding="utf-8")
        forget()

    yield change
    forget()


def test_anothers_page_is_refused_with_all_that_is_wrong(desk: Desk) -> None:
    one, other = issued(desk, "章启明", "卢思远")
    assert refused(desk, pdf(desk, other), one) == "证书编号、查询码、姓名、二维码"


def test_anothers_code_on_the_right_page_is_refused(desk: Desk) -> None:
    """The classic slip of mail merge."""
    one, other = issued(desk, "章启明", "卢思远")
    facts = printing.facts(desk.registry, one, border=True)
    facts["url"] = printing.facts(desk.registry, other, border=True)["url"]
    data = press.make(catalogue.get_form(one.claims.form), dict(one.claims.submission), "pdf", issue=facts).data
    assert refused(desk, data, one) == "二维码"


def test_a_second_page_is_refused(desk: Desk) -> None:
    one, other = issued(desk, "章启明", "卢思远")
    merged = pypdf.PdfWriter()
    for part in (one, other):
        merged.append(io.BytesIO(pdf(desk, part)))
    buffer = io.BytesIO()
    merged.write(buffer)
    assert refused(desk, buffer.getvalue(), one) == "页数、二维码"


def test_what_the_page_does_not_say_is_refused(desk: Desk) -> None:
    (one,) = issued(desk, "章启明")
    said, claims = pdf(desk, one), one.claims
    assert refused(desk, said, replace(one, claims=replace(claims, award="特等奖"))) == "荣誉名称"
    assert refused(desk, said, replace(one, claims=replace(claims, grade="一等奖"))) == "等级"
    person = {**claims.submission, "name": "章明"}
    assert refused(desk, said, replace(one, claims=replace(claims, submission=person))) == "姓名"


def test_a_template_that_prints_nothing_costs_no_number(desk: Desk, template: Callable[[str], None]) -> None:
    template("<p>{{ closing }}</p>")
    with pytest.raises(GateError, match="荣誉名称、对象、姓名") as caught:
        issue.issue(desk, order([person(1)]), "k")
    assert "模板" in caught.value.remedy
    with desk.registry.database.reading() as connection:
        assert connection.execute(select(certificates)).all() == []
        assert connection.execute(select(counters)).all() == []


def test_a_row_that_its_page_does_not_say_is_void_and_its_number_never_used_again(
    desk: Desk, template: Callable[[str], None]
) -> None:
    template('{% if name == "卢思远" %}<p>{{ body }}</p>{% else %}{{ super() }}{% endif %}')
    raw = order(["章启明", "卢思远", "欧阳雪"])
    outcomes = issue.issue(desk, raw, "k").outcomes
    assert [one.state for one in outcomes] == [State.ISSUED, State.VOID, State.ISSUED]
    assert isinstance(outcomes[1].failure, GateError)
    lost = outcomes[1].one
    assert verifying.verify(desk.registry, lost.record.code, HERE).result is Result.VOID
    with pytest.raises(ConflictError, match="已作废"):
        printing.document(desk, lost.claims.number, "pdf")
    again = issue.issue(desk, raw, "k").outcomes
    assert [one.state for one in again] == [State.ISSUED, State.VOID, State.ISSUED]
    template("{{ super() }}")
    assert [one.state for one in issue.issue(desk, raw, "k").outcomes] == [State.ISSUED, State.VOID, State.ISSUED]
    (anew,) = issued(desk, "卢思远", key="anew")
    assert (lost.claims.number, anew.claims.number) == ("QG-GL-2026-000002", "QG-GL-2026-000004")


def test_a_reprint_is_the_same_bytes_whatever_became_of_the_template(
    desk: Desk, template: Callable[[str], None]
) -> None:
    template("{{ super() }}")
    (one,) = issued(desk, "章启明")
    first = pdf(desk, one)
    word = printing.document(desk, one.claims.number, "docx").data
    template("{{ super() }}<p>一句新话</p>")
    assert pdf(desk, one) == first
    assert printing.document(desk, one.claims.number, "docx").data == word
    assert printing.document(desk, one.claims.number, "pdf", border=False).data != first


def test_a_pdf_altered_by_one_byte_is_no_original(desk: Desk) -> None:
    (one,) = issued(desk, "章启明")
    data = pdf(desk, one)
    altered = data[:-1] + bytes([data[-1] ^ 1])
    answers = [
        verifying.check_file(desk.registry, hashlib.sha256(file).hexdigest(), one.record.code)
        for file in (data, altered, data + b"\n")
    ]
    assert answers == [FileAnswer.ORIGINAL, FileAnswer.NOT_ORIGINAL, FileAnswer.NOT_ORIGINAL]


def test_a_damaged_document_is_not_handed_out(desk: Desk, tmp_path: Path) -> None:
    (one,) = issued(desk, "章启明")
    (file,) = (tmp_path / "data" / "documents").glob("*/*")
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(MissingFileError, match="已损坏") as caught:
        pdf(desk, one)
    assert "备份" in caught.value.remedy


def test_nothing_of_what_has_ended_is_printed(desk: Desk) -> None:
    (one,) = issued(desk, "章启明")
    changing.change(desk, one.claims.number, State.SUSPENDED, WHY)
    with pytest.raises(ConflictError, match="「已暂停」，不能打印"):
        pdf(desk, one)
    changing.change(desk, one.claims.number, State.ISSUED, WHY)
    assert pdf(desk, one)


def test_what_looks_like_code_in_a_name_is_printed_as_it_is(desk: Desk) -> None:
    for one in issued(desk, *NASTY):
        (_, (name,)) = next(one.claims.people())
        assert "".join(name.split()) in inspect(pdf(desk, one)).text
        found = verifying.verify(desk.registry, one.record.code, HERE)
        assert verifying.check_name(desk.registry, found, name) in {"same", "not-asked"}


def test_a_trial_is_marked_on_paper_and_a_real_certificate_is_not(desk: Desk, tmp_path: Path) -> None:
    (real,) = issued(desk, "章启明")
    trial_desk = Site(tmp_path / "trial", "", "http://127.0.0.1:8080").desk()
    (trial,) = issued(trial_desk, "章启明")
    assert printing.TRIAL_MARK not in inspect(pdf(desk, real)).text
    assert printing.TRIAL_MARK in inspect(pdf(trial_desk, trial)).text


@pytest.mark.parametrize("name", ["章", "一" * 30, "𠮷㛃", "阿不都·热合曼", "José"])
def test_names_of_all_kinds_are_issued_and_found_again(desk: Desk, name: str) -> None:
    shared = {"org_name": ORG, "issued_on": "2026-01-01"}
    (outcome,) = issue.issue(desk, order([name], shared=shared), "k").outcomes
    assert (outcome.state, outcome.failure) == (State.ISSUED, None)
    found = verifying.verify(desk.registry, outcome.one.record.code, HERE)
    assert verifying.check_name(desk.registry, found, name) == "same"
