"""From a file to a batch at the desk: kept after every change, judged again, begun once; and a second person's look."""

from __future__ import annotations

import io
import pickle
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from answers import idle
from openpyxl import load_workbook
from roster_files import DECISION, HEAD, ROWS, xlsx

from docgen.errors import ConflictError, SubmissionError, UnknownCertificateError, UnreadableInputError
from docgen.forms.catalogue import all_forms
from docgen.forms.form import Kind
from docgen.issuing.registry import Desk, open_registry
from docgen.jobs import desktop, reporting, reviewing, runs, working
from docgen.jobs.intake import RosterError
from docgen.settings import Settings
from docgen.store import filings, ledger, organisations, users
from docgen.store.drafts import UnknownDraftError
from docgen.store.filings import Filed
from docgen.store.organisations import FIRST
from docgen.store.users import Role

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from docgen.issuing.registry import Registry
    from docgen.jobs.desktop import Opened, Terms

FORM = "caq-2026/certificate-group"
CERTIFICATES = [form.id for form in all_forms().values() if form.kind is Kind.CERTIFICATE]
TABLE = xlsx(HEAD, *ROWS, (4, None, "夜航QC小组", "于洋"), ("合计", "4"))


def sent(work: Any, *values: Any, **named: Any) -> Any:
    """Call a function as a render process does: what goes there and what comes back is pickled."""
    there, given, told = pickle.loads(pickle.dumps((work, values, named)))  # noqa: S301  our own
    return pickle.loads(pickle.dumps(there(*given, **told)))  # noqa: S301  our own


PRESS: Any = sent


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    registry = open_registry(Settings(data_dir=tmp_path / "data"))
    yield replace(registry, press=PRESS)
    registry.database.close()


@pytest.fixture
def desk(registry: Registry) -> Desk:
    with registry.database.writing() as connection:
        user = users.add(connection, FIRST, "zhang", "章启明", Role.ISSUER)
    assert user
    return Desk(registry, FIRST, user.actor)


def put(desk: Desk, data: bytes = TABLE) -> str:
    return desktop.put(desk, 1, FORM, "名单.xlsx", data)


def agreed(one: Opened, **changes: object) -> Terms:
    return replace(one.terms, **{"decision": DECISION, "issued_on": "2026-10-30", **changes})  # type: ignore[arg-type]  # by name


def ready(desk: Desk, **changes: object) -> str:
    """Put the table on the desk and mend it; return its draft."""
    draft = put(desk)
    desktop.leave_out(desk, draft, 5)
    desktop.settle(desk, draft, agreed(desktop.opened(desk, draft), **changes))
    return draft


def make_all(registry: Registry, batch: int) -> None:
    """Note every document of a batch as made, as a worker would."""
    with registry.database.writing() as connection:
        for record in ledger.lease(connection, batch, "w", 100, 60):
            sha256 = registry.files.keep(f"%PDF {record.number}".encode())
            filed = Filed("pdf", True, "t@1", sha256, 5, "2026-10-30T00:00:00+00:00")  # noqa: FBT003  a column
            filings.file(connection, {record.id: filed})
            assert ledger.settle(connection, "w", [record.id])
        working.close(connection, batch)


def test_a_file_lies_on_the_desk_with_its_faults_and_the_usual_terms(desk: Desk) -> None:
    with desk.registry.database.writing() as connection:
        organisations.set_issuers(connection, FIRST, ["云岭省质量协会"])
    one = desktop.opened(desk, put(desk))
    assert (one.roster.tally.rows_in, one.roster.tally.good, one.roster.tally.failed) == (5, 3, 1)
    assert (one.terms.title, one.terms.issuers, one.terms.series) == ("名单", ("云岭省质量协会",), "CAQ-QC")
    assert not one.ready
    (head,) = desktop.listed(desk)
    assert (head.title, head.body) == ("名单", {})


def test_files_without_a_roster_are_refused_with_what_to_do_and_nothing_is_kept(desk: Desk) -> None:
    with pytest.raises(UnreadableInputError):
        put(desk, b"name,org\n")
    with pytest.raises(RosterError) as told:
        put(desk, xlsx(("企业名称", "姓名"), ("云岭水务有限公司", "章启明")))
    assert all(problem.remedy for problem in told.value.problems)
    assert desktop.listed(desk) == ()


def test_changes_of_two_windows_in_different_rows_are_both_kept(desk: Desk) -> None:
    draft = put(desk)
    others = iter([lambda: desktop.retype(desk, draft, 2, {"group_name": "高峰QC小组"})])

    def overtaken(work: Any, *values: Any, **named: Any) -> Any:
        next(others, lambda: None)()
        return work(*values, **named)

    press: Any = overtaken
    slow = replace(desk, registry=replace(desk.registry, press=press))
    one = desktop.retype(slow, draft, 5, {"org_name": "望海港口集团有限公司"})
    assert [row.words["group_name"] for row in one.roster.good] == [
        "高峰QC小组",
        "清源QC小组",
        "光明使者QC小组",
        "夜航QC小组",
    ]
    assert one.draft.revision == desktop.opened(desk, draft).draft.revision == 3


def test_terms_are_kept_with_their_faults_told_by_field(desk: Desk) -> None:
    draft = put(desk)
    one = desktop.opened(desk, draft)
    with pytest.raises(SubmissionError) as told:
        desktop.settle(desk, draft, agreed(one, decision="", series="质量", issued_on="2026-02-30", issuers=()))
    assert {fault.pointer for fault in told.value.faults} == {"/decision", "/series", "/issued_on", "/issuers"}
    with pytest.raises(SubmissionError) as told:
        desktop.settle(desk, draft, agreed(one, body="没有写荣誉的正文"))
    assert [fault.pointer for fault in told.value.faults] == ["/body"]
    kept = desktop.opened(desk, draft).terms
    assert (kept.body, kept.settled) == ("没有写荣誉的正文", False)
    usual = desktop.settle(desk, draft, agreed(one, body="")).terms
    assert (usual.body, usual.settled) == (one.terms.body, True)


def test_the_date_may_come_from_the_rows_alone(desk: Desk) -> None:
    draft = ready(desk)
    one = desktop.opened(desk, draft)
    with pytest.raises(SubmissionError) as told:
        desktop.settle(desk, draft, agreed(one, issued_on=""))
    assert [fault.pointer for fault in told.value.faults] == ["/issued_on"]
    for number in (2, 3, 4):
        desktop.retype(desk, draft, number, {"issued_on": f"202{number}-10-30"})
    one = desktop.settle(desk, draft, agreed(one, issued_on=""))
    assert one.ready
    assert [str(first) for first, _ in desktop.numbers(desk, one)] == [
        "CAQ-QC-2022-000001",
        "CAQ-QC-2023-000001",
        "CAQ-QC-2024-000001",
    ]


def test_begun_twice_it_is_one_batch_and_every_row_is_accounted_for(desk: Desk) -> None:
    draft = ready(desk)
    with pytest.raises(ConflictError):
        desktop.begin(desk, idle(), put(desk), second=False)
    begun = desktop.begin(desk, idle(), draft, second=False)
    assert desktop.became(desk, draft) == begun.batch
    with pytest.raises(UnknownDraftError):
        desktop.begin(desk, idle(), draft, second=False)
    progress = runs.progress(desk, begun.batch)
    assert (progress.total, progress.run.details.skipped) == (3, 2)
    make_all(desk.registry, begun.batch)
    sheet = load_workbook(io.BytesIO(reporting.report(desk, begun.batch)))["颁发结果"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    told = [(row[0], next(word for word in row if word in {"已颁发", "已跳过"})) for row in rows]
    assert told == [
        ("2", "已颁发"),
        ("3", "已颁发"),
        ("4", "已颁发"),
        ("5", "已跳过"),
        ("6", "已跳过"),
    ]
    assert "核对时选择不颁发" in rows[3]


def test_whom_the_registry_honours_already_is_told_at_the_row(desk: Desk) -> None:
    desktop.begin(desk, idle(), ready(desk), second=False)
    one = desktop.opened(desk, ready(desk))
    assert [(fault.code, fault.place.row) for fault in one.roster.faults] == [
        ("already_issued", row) for row in (2, 3, 4)
    ]
    assert "CAQ-QC-2026-000001" in one.roster.faults[0].detail
    with pytest.raises(ConflictError):
        desktop.begin(desk, idle(), one.draft.id, second=False)


def test_a_sample_is_issued_in_a_trial_only(desk: Desk) -> None:
    drafted = []
    for _ in range(2):
        draft = desktop.put_sample(desk, 1, FORM)
        desktop.leave_out(desk, draft, 5)
        one = desktop.opened(desk, draft)
        assert one.sample
        desktop.settle(desk, draft, one.terms)
        drafted.append(draft)
        desktop.begin(desk, idle(), draft, second=False)
    assert desktop.became(desk, drafted[0]) != desktop.became(desk, drafted[1])
    earnest = replace(desk, registry=replace(desk.registry, fixed_url="https://zs.example.org.cn"))
    draft = desktop.put_sample(earnest, 1, FORM)
    with pytest.raises(ConflictError, match="样例"):
        desktop.begin(earnest, idle(), draft, second=False)


@pytest.mark.parametrize("form", CERTIFICATES)
def test_every_certificate_gets_from_its_sample_to_a_batch(desk: Desk, form: str) -> None:
    draft = desktop.put_sample(desk, 1, form)
    desktop.leave_out(desk, draft, 5)
    one = desktop.settle(desk, draft, desktop.opened(desk, draft).terms)
    assert desktop.look(desk, one, 2) == ()
    begun = desktop.begin(desk, idle(), draft, second=False)
    assert runs.progress(desk, begun.batch).total == 5


def test_another_organisation_finds_nothing(desk: Desk) -> None:
    draft = put(desk)
    with desk.registry.database.writing() as connection:
        organisations.add(connection, "other", "另一协会")
    other = replace(desk, organisation="other")
    with pytest.raises(UnknownDraftError):
        desktop.opened(other, draft)
    with pytest.raises(UnknownDraftError):
        desktop.retype(other, draft, 2, {"org_name": "甲"})
    desktop.drop(other, draft)
    assert desktop.listed(other) == ()
    assert len(desktop.listed(desk)) == 1


def test_who_releases_sees_the_very_files_and_the_report_before(desk: Desk) -> None:
    batch = desktop.begin(desk, idle(), ready(desk, second=True), second=False).batch
    with pytest.raises(ConflictError, match="制成"):
        reviewing.proof(desk, batch, "")
    make_all(desk.registry, batch)
    assert runs.progress(desk, batch).stage is runs.Stage.UNRELEASED
    first = reviewing.proof(desk, batch, "")
    assert (first.place, first.count, first.before, first.after) == (1, 3, "", "CAQ-QC-2026-000002")
    assert first.pdf == b"%PDF CAQ-QC-2026-000001"
    assert reviewing.proof(desk, batch, "CAQ-QC-2026-000003").after == ""
    with pytest.raises(UnknownCertificateError):
        reviewing.proof(desk, batch, "CAQ-QC-2026-000009")
    with pytest.raises(ConflictError):
        reporting.report(desk, batch)
    assert reporting.report(desk, batch, reviewing=True)
    assert runs.release(replace(desk, actor="user:2"), batch)
    with pytest.raises(ConflictError, match="已经发布"):
        reviewing.proof(desk, batch, "")
    names = reviewing.names(desk, runs.items(desk, batch))
    assert "青川市第二供水有限公司 清源QC小组" in names.values()
