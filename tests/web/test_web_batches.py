"""Batches over HTTP: judged as a whole, recorded once, and what can be done to one. Nobody makes documents here."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest
from answers import fits, idle, problem, with_key
from registry_data import DECISION, FORM, order
from roster_files import DECISION as ROSTER_DECISION
from roster_files import HEAD, ROWS, xlsx

from docgen.jobs import working
from docgen.render.document import MEDIA_TYPES
from docgen.store import filings, ledger
from docgen.store.files import MissingFileError
from docgen.store.keys import Scope
from docgen.store.ledger import Failure, ItemState
from docgen.store.organisations import FIRST
from docgen.upkeep import retention
from docgen.web.app import create_app

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from docgen.issuing.registry import Registry
    from docgen.settings import Settings

BATCHES = "/api/v1/batches"
QUERY = {"certificate": "caq-2026/certificate-group", "decision": ROSTER_DECISION, "date": "2026-10-30"}
TABLE = xlsx(("全国优秀质量管理小组汇总表",), HEAD, *ROWS, ("合计", "3"))


def post(client: FlaskClient, body: Any, key: str = "k", **query: str) -> TestResponse:
    headers = {"Idempotency-Key": key} if key else {}
    if isinstance(body, bytes):
        return client.post(
            BATCHES, data=body, content_type=MEDIA_TYPES["xlsx"], headers=headers, query_string=QUERY | query
        )
    return client.post(BATCHES, json=body, headers=headers, query_string=query)


def members(answer: TestResponse) -> dict[str, Any]:
    told = answer.json
    assert isinstance(told, dict)
    return told


def begun(client: FlaskClient, body: Any = None, key: str = "k", **query: str) -> str:
    """Begin a batch; return its address."""
    answer = post(client, body or order(["章一", "章二", "章三"]), key, **query)
    assert answer.status_code == 202, answer.text
    return str(answer.headers["Location"])


def progress(client: FlaskClient, path: str) -> dict[str, Any]:
    """Return a batch's progress after looking at its sum."""
    told = members(client.get(path))
    counts = ("issued", "skipped", "failed", "cancelled", "open")
    assert told["rows_in"] == sum(told[name] for name in counts)
    return told


def fail(registry: Registry, rows: int) -> None:
    """Let the first rows of batch 1 fail for good, as a worker would note it."""
    with registry.database.writing() as connection:
        for record in ledger.lease(connection, 1, "w", rows, 60):
            assert ledger.fail(connection, "w", record.id, Failure("x", "模板有误", "请改模板"), final=True)


def nothing_is_recorded(registry: Registry, conf: Settings) -> bool:
    """Tell whether neither a record nor a list was kept."""
    with registry.database.reading() as connection:
        kept = ledger.all_runs(connection, FIRST, 10) or filings.digests(connection)
    return not kept and not [path for path in (conf.data_dir / "documents").rglob("*") if path.is_file()]


def test_a_table_becomes_a_batch_and_every_row_is_accounted_for(issuer: FlaskClient, registry: Registry) -> None:
    answer = post(issuer, TABLE)
    assert answer.status_code == 202
    told = members(answer)
    assert (told["rows_in"], told["issuing"]) == (4, 3)
    assert told["skipped"] == [{"sheet": "Sheet1", "row": 6, "reason": "合计行"}]
    now = progress(issuer, answer.headers["Location"])
    assert (now["rows_in"], now["open"], now["skipped"], now["state"]) == (4, 3, 1, "running")
    assert (now["title"], now["decision"]) == ("全国优秀质量管理小组荣誉证书", ROSTER_DECISION)
    assert registry.files.get(hashlib.sha256(TABLE).hexdigest()) == TABLE


def test_the_same_again_is_the_same_batch_and_other_content_is_refused(issuer: FlaskClient) -> None:
    path = begun(issuer)
    assert begun(issuer) == path
    problem(post(issuer, order(["章四"])), 409, "conflict")
    assert len(members(issuer.get(BATCHES))["batches"]) == 1
    problem(post(issuer, order(["章四"]), ""), 400, "idempotency-key-required")


@pytest.mark.parametrize("only_check", [True, False])
def test_every_fault_of_json_is_told_by_pointer_and_nothing_is_recorded(
    issuer: FlaskClient, registry: Registry, conf: Settings, *, only_check: bool
) -> None:
    bad = order(["章一", "", "章一"], webhook="https://10.0.0.1/", second_person="ja", title=3)
    answer = post(issuer, bad, **({"check": "true"} if only_check else {}))
    if only_check:
        assert answer.status_code == 200
        assert answer.json is not None
        assert (answer.json["rows_in"], answer.json["issuing"]) == (3, 0)
        faults = answer.json["errors"]
    else:
        faults = problem(answer, 422, "submission-invalid")["errors"]
    assert {fault["pointer"] for fault in faults} == {"/rows/1/name", "/second_person", "/title", "/webhook"}
    assert nothing_is_recorded(registry, conf)


@pytest.mark.parametrize("only_check", [True, False])
def test_every_fault_of_a_table_is_told_by_cell_and_nothing_is_recorded(
    issuer: FlaskClient, registry: Registry, conf: Settings, *, only_check: bool
) -> None:
    bad = xlsx(HEAD, (1, None, "攀登者QC小组", "章启明"), (2, "青川市第二供水有限公司", "清源QC小组", "白" * 99))
    query = {"decision": "", "webhook": "https://10.0.0.1/x"} | ({"check": "true"} if only_check else {})
    answer = post(issuer, bad, **query)
    faults = answer.json["errors"] if only_check and answer.json else problem(answer, 422, "roster-invalid")["errors"]
    assert [(fault["cell"], fault["heading"]) for fault in faults] == [
        ("", "表彰决定文号"),
        ("B2", "组织名称"),
        ("D3", "小组成员"),
        ("", "通知地址"),
    ]
    assert all(fault["remedy"] for fault in faults)
    assert nothing_is_recorded(registry, conf)


def test_a_list_that_meets_the_registry_is_refused_and_not_kept(issuer: FlaskClient, registry: Registry) -> None:
    begun(issuer, TABLE)
    again = xlsx(HEAD, *ROWS)
    faults = problem(post(issuer, again, "other"), 422, "roster-invalid")["errors"]
    assert [(fault["code"], fault["row"]) for fault in faults] == [("already_issued", row) for row in (2, 3, 4)]
    with registry.database.reading() as connection:
        assert filings.digests(connection) == (hashlib.sha256(TABLE).hexdigest(),)
    digest = hashlib.sha256(again).hexdigest()
    with pytest.raises(MissingFileError):
        registry.files.get(digest)


def test_a_check_points_out_what_is_nearly_the_same_as_what_is_issued(issuer: FlaskClient) -> None:
    begun(issuer, TABLE)
    near = xlsx(HEAD, (1, "青川市第二供水有限公司", "清原QC小组", "白露"))
    told = post(issuer, near, "", check="true").json
    assert told is not None
    assert (told["errors"], told["issuing"]) == ([], 1)
    assert [(warning["cell"], "CAQ-QC-2026-000002" in warning["detail"]) for warning in told["warnings"]] == [
        ("C2", True)
    ]


def test_what_excel_needs_is_refused_in_json_and_missing_from_excel(issuer: FlaskClient) -> None:
    problem(post(issuer, order(["章一"]), decision=DECISION), 400, "query-invalid")
    answer = issuer.post(BATCHES, data=TABLE, content_type=MEDIA_TYPES["xlsx"], headers={"Idempotency-Key": "k"})
    assert "certificate" in problem(answer, 400, "query-invalid")["detail"]
    problem(post(issuer, TABLE, date="2026-02-30"), 400, "query-invalid")
    problem(post(issuer, b"PK no xlsx"), 400, "damaged")
    problem(
        issuer.post(BATCHES, data=b"x", content_type="text/csv", headers={"Idempotency-Key": "k"}),
        415,
        "content-type-unsupported",
    )
    huge = b" " * (10 * 1024 * 1024 + 1)
    problem(post(issuer, huge), 413, "body-too-large")


def test_cancelled_nothing_is_made_and_the_numbers_are_used_up(issuer: FlaskClient) -> None:
    path = begun(issuer)
    answer = issuer.post(f"{path}/cancel").json
    assert answer is not None
    assert (answer["changed"], answer["state"]) == (3, "cancelled")
    now = progress(issuer, path)
    assert (now["cancelled"], now["open"]) == (3, 0)
    assert members(issuer.post(f"{path}/cancel"))["changed"] == 0
    problem(issuer.get(f"{path}/archive.zip"), 409, "conflict")
    assert issuer.get(f"{path}/report.xlsx").status_code == 200
    (item, *_) = members(issuer.get(f"{path}/items?state=cancelled"))["items"]
    versions = members(issuer.get(item["links"]["certificate"]))["versions"]
    assert versions[0]["state"] == "void"
    assert begun(issuer, key="again") != path


def test_what_failed_can_be_tried_again_and_its_reason_is_told(issuer: FlaskClient, registry: Registry) -> None:
    path = begun(issuer)
    fail(registry, 2)
    (one, other) = members(issuer.get(f"{path}/items?state=failed"))["items"]
    assert one["failure"] == other["failure"] == {"code": "x", "detail": "模板有误", "remedy": "请改模板"}
    assert progress(issuer, path)["failed"] == 2
    assert members(issuer.post(f"{path}/retry"))["changed"] == 2
    now = progress(issuer, path)
    assert (now["failed"], now["open"], now["state"]) == (0, 3, "running")
    problem(issuer.get(f"{path}/items?state=lost"), 400, "query-invalid")


def test_who_began_a_batch_cannot_release_it_where_two_are_wanted(
    conf: Settings, registry: Registry, issuer: FlaskClient
) -> None:
    path = begun(issuer, order(["章一"], second_person=True))
    other = with_key(create_app(conf, registry, idle()), registry.keyring.add(FIRST, Scope.ISSUE))
    assert "还在制作" in problem(other.post(f"{path}/release"), 409, "conflict")["detail"]
    _make_all(registry)
    assert progress(issuer, path)["state"] == "waiting-for-release"
    assert "另一人" in problem(issuer.post(f"{path}/release"), 409, "conflict")["detail"]
    problem(issuer.get(f"{path}/archive.zip"), 409, "conflict")
    problem(issuer.get(f"{path}/report.xlsx"), 409, "conflict")
    assert members(other.post(f"{path}/release"))["changed"] == 1
    now = progress(issuer, path)
    assert (now["state"], now["released_by"] != now["actor"]) == ("ended", True)
    assert members(issuer.post(f"{path}/release"))["changed"] == 0
    assert progress(issuer, path)["released_by"] == now["released_by"]


def test_the_setting_wants_two_for_every_batch(conf: Settings, registry: Registry) -> None:
    strict = create_app(conf.model_copy(update={"second_person": True}), registry, idle())
    client = with_key(strict, registry.keyring.add(FIRST, Scope.ISSUE))
    path = begun(client, order(["章一"], second_person=False))
    assert progress(client, path)["second_person"] is True
    alone = client.post("/api/v1/certificates", json=order(["章二"]), headers={"Idempotency-Key": "k2"})
    assert "POST /api/v1/batches" in problem(alone, 409, "conflict")["remedy"]


def _make_all(registry: Registry) -> None:
    """Note every item as made, as a worker would, and end the batch."""
    with registry.database.writing() as connection:
        for record in ledger.lease(connection, 1, "w", 100, 60):
            assert ledger.settle(connection, "w", [record.id])
        assert working.close(connection, 1)
        assert ledger.counts(connection, 1)[ItemState.MADE]


@pytest.mark.parametrize("batch", ["2", "0", "x", "９", "1" * 30, "-1"])
def test_no_batch_of_this_number(issuer: FlaskClient, batch: str) -> None:
    begun(issuer)
    for path in ("", "/items", "/archive.zip", "/merged.pdf", "/report.xlsx"):
        problem(issuer.get(f"{BATCHES}/{batch}{path}"), 404, "batch-unknown")
    for path in ("cancel", "retry", "release", "webhook"):
        problem(issuer.post(f"{BATCHES}/{batch}/{path}"), 404, "batch-unknown")


def test_certificates_issued_one_by_one_are_no_batch(issuer: FlaskClient) -> None:
    issued = issuer.post("/api/v1/certificates", json=order(["章一"]), headers={"Idempotency-Key": "k"}).json
    assert issued is not None
    problem(issuer.get(f"{BATCHES}/{issued['batch']}"), 404, "batch-unknown")
    assert issuer.get(BATCHES).json == {"batches": []}


def test_the_list_to_fill_in_is_read_as_empty(issuer: FlaskClient) -> None:
    answer = issuer.get(f"/api/v1/forms/{FORM}/roster.xlsx")
    assert (answer.status_code, answer.mimetype) == (200, MEDIA_TYPES["xlsx"])
    told = issuer.post(
        BATCHES, data=answer.data, content_type=MEDIA_TYPES["xlsx"],
        query_string={"certificate": FORM, "decision": DECISION, "check": "true"},
    ).json  # fmt: skip
    assert told is not None
    assert [row["reason"] for row in told["skipped"]] == ["示例行"]
    problem(issuer.get("/api/v1/forms/caq-2026/application/roster.xlsx"), 422, "submission-invalid")


def test_answers_about_batches_are_what_the_document_says(issuer: FlaskClient, registry: Registry) -> None:
    document = issuer.get("/openapi.json").json
    assert isinstance(document, dict)

    def ask(under: str, method: str, status: int, **more: Any) -> None:
        path = f"{BATCHES}{under}"
        answer = issuer.open(path.format(batch=1), method=method, **more)
        assert answer.status_code == status, answer.text
        fits(document, answer, document["paths"][path][method.lower()])

    keyed = {"headers": {"Idempotency-Key": "k"}}
    table = {"data": TABLE, "content_type": MEDIA_TYPES["xlsx"], "query_string": QUERY}
    ask("", "POST", 202, **table, **keyed)
    ask("", "POST", 200, **(table | {"query_string": QUERY | {"check": "true"}}))
    ask("", "POST", 422, **table, headers={"Idempotency-Key": "other"})
    ask("", "POST", 422, json=order([""]), **keyed)
    fail(registry, 1)
    ask("", "GET", 200)
    ask("/{batch}", "GET", 200)
    ask("/{batch}/items", "GET", 200)
    ask("/{batch}/archive.zip", "GET", 409)
    ask("/{batch}/report.xlsx", "GET", 409)
    ask("/{batch}/retry", "POST", 200)
    ask("/{batch}/webhook", "POST", 409)
    ask("/{batch}/release", "POST", 409)
    _make_all(registry)
    ask("/{batch}/report.xlsx", "GET", 200)
    ask("/{batch}/cancel", "POST", 200)
    ask("/{batch}/release", "POST", 200)


def test_a_list_that_has_expired_leaves_no_report_and_its_batch_stays(issuer: FlaskClient, registry: Registry) -> None:
    path = begun(issuer, TABLE)
    _make_all(registry)
    assert issuer.get(f"{path}/report.xlsx").status_code == 200
    assert retention.expire(registry, 1) == 0
    assert retention.expire(registry, 0) == 1
    assert "保存期" in problem(issuer.get(f"{path}/report.xlsx"), 409, "conflict")["detail"]
    assert progress(issuer, path)["rows_in"] == 4
    begun(issuer, TABLE)  # the same request again does not bring the list back
    with pytest.raises(MissingFileError):
        registry.files.get(hashlib.sha256(TABLE).hexdigest())
