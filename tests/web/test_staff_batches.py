"""批量颁证 by plain forms: from a file to a batch, every refusal with a way on, nobody sees another house's."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import pytest
from answers import idle
from offices import OTHER, Clerk, Office
from roster_files import DECISION, HEAD, ROWS, xlsx

from docgen.jobs import desktop, runs, working
from docgen.people.accounts import Action
from docgen.settings import Settings
from docgen.store import filings, ledger, trail
from docgen.store.filings import Filed
from docgen.store.ledger import Failure
from docgen.store.organisations import FIRST
from docgen.store.users import Role
from docgen.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from werkzeug.test import TestResponse

    from docgen.issuing.registry import Registry

FORM = "caq-2026/certificate-group"
TABLE = xlsx(HEAD, *ROWS, (4, None, "夜航QC小组", "于洋"), ("合计", "4"))
HX = {"HX-Request": "true"}


@pytest.fixture
def issuer(office: Office) -> Clerk:
    return office.clerk(Role.ISSUER)


def words(answer: TestResponse) -> str:
    """Return a page's words without its marks."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def upload(clerk: Clerk, data: bytes = TABLE, name: str = "名单.xlsx", certificate: str = FORM) -> TestResponse:
    parts = [f'name="csrf"\r\n\r\n{clerk.csrf}', f'name="certificate"\r\n\r\n{certificate}']
    head = "".join(f"--line\r\nContent-Disposition: form-data; {part}\r\n" for part in parts)
    head += f'--line\r\nContent-Disposition: form-data; name="roster"; filename="{name}"\r\n\r\n'
    body = head.encode() + data + b"\r\n--line--\r\n"  # by hand: Werkzeug's own leaves a large one in an open file
    return clerk.client.post("/staff/batches/new", data=body, content_type="multipart/form-data; boundary=line")


def put(clerk: Clerk, data: bytes = TABLE) -> str:
    """Put a roster on the desk; return its path below /staff."""
    answer = upload(clerk, data)
    assert answer.status_code == 303, words(answer)
    return answer.headers["Location"].removeprefix("/staff")


def terms(**changes: Any) -> dict[str, Any]:
    return {
        "title": "第一批",
        "decision": DECISION,
        "issued_on": "2026-10-30",
        "series": "caq-qc",
        "issuers": ["云岭省质量协会", ""],
        **changes,
    }


def begin(clerk: Clerk, **changes: Any) -> int:
    """Bring the table all the way; return its batch."""
    path = put(clerk)
    clerk.post(f"{path}/rows/5/out")
    assert clerk.post(f"{path}/terms", terms(**changes)).headers["Location"].endswith("/confirm")
    return int(clerk.post(f"{path}/begin").headers["Location"].rsplit("/", 1)[1])


def make_all(registry: Registry, batch: int, failing: int = 0) -> None:
    """Note the documents of a batch as a worker would, some of them as failed."""
    with registry.database.writing() as connection:
        for at, record in enumerate(ledger.lease(connection, batch, "w", 100, 60)):
            if at < failing:
                assert ledger.fail(connection, "w", record.id, Failure("x", "模板有误", "请改模板"), final=True)
                continue
            sha256 = registry.files.keep(f"%PDF {record.number}".encode())
            filed = Filed("pdf", True, "t@1", sha256, 5, "2026-10-30T00:00:00+00:00")  # noqa: FBT003  a column
            filings.file(connection, {record.id: filed})
            assert ledger.settle(connection, "w", [record.id])
        working.close(connection, batch)


def noted(registry: Registry) -> list[tuple[str, str]]:
    with registry.database.reading() as connection:
        return [(entry.action, entry.subject) for entry in trail.before(connection, FIRST, None, 10)][::-1]


def test_the_empty_room_shows_the_way_and_the_sample(issuer: Clerk, office: Office) -> None:
    assert "先用样例名单试一遍" in words(issuer.get("/batches"))
    assert "新的一批" not in words(office.clerk(Role.VIEWER).get("/batches"))
    answer = issuer.post("/batches/new", {"certificate": FORM, "sample": "1"})
    assert "样例" in words(issuer.get(answer.headers["Location"].removeprefix("/staff")))
    assert "样例" in words(issuer.get("/batches"))


def test_every_kind_of_certificate_offers_its_roster_to_fill_in(issuer: Clerk) -> None:
    page = issuer.get("/batches/new").text
    links = set(re.findall(r"/staff(/batches/rosters/[^\"]+\.xlsx)", page))
    assert len(links) == page.count('name="certificate"')
    for link in links:
        assert issuer.get(link).data.startswith(b"PK")
    assert issuer.get("/batches/rosters/caq-2026/nothing.xlsx").status_code == 404


@pytest.mark.parametrize(
    ("data", "certificate", "told"),
    [
        (b"", FORM, "文件是空的"),
        (b"name,org\n", FORM, "另存为"),
        (xlsx(("企业名称", "姓名"), ("云岭水务有限公司", "章启明")), FORM, "请补上这一栏"),
        (xlsx(("随便", "写写")), FORM, "表头"),
        (b"PK" + b"0" * (10 * 1024 * 1024), FORM, "超过 10 MB"),
        (TABLE, "", "请先选一种证书"),
        (TABLE, "caq-2026/application", "不是证书"),
    ],
)
def test_a_wrong_file_is_told_on_the_same_page_with_what_to_do(
    issuer: Clerk, data: bytes, certificate: str, told: str
) -> None:
    answer = upload(issuer, data, certificate=certificate)
    assert answer.status_code == 422
    assert told in words(answer)
    assert "读入并核对" in words(answer)
    assert "还没颁发的名单" not in words(issuer.get("/batches"))


def test_the_whole_way_by_forms_alone(office: Office, issuer: Clerk) -> None:
    path = put(issuer)
    page = words(issuer.get(path))
    assert "名单共 5 行 ＝ 要颁发 3 ＋ 不颁发 1 ＋ 有问题 1" in page
    assert "必须填写" in page
    assert "夜航QC小组" in words(issuer.get(f"{path}?show=faults"))
    assert "清源QC小组" not in words(issuer.get(f"{path}?show=faults"))
    assert "修改第 5 行" in words(issuer.get(f"{path}/rows/5"))
    saved = issuer.post(f"{path}/rows/5", {"w-org_name": "望海港口集团有限公司", "show": "faults"})
    assert saved.headers["Location"].endswith("?show=faults&page=1#row-5")
    assert "没有要改的行了" in words(issuer.get(f"{path}?show=faults"))
    refused = issuer.post(f"{path}/terms", terms(decision="", body="没有写荣誉的正文"))
    assert refused.status_code == 422
    assert "没有写荣誉的正文" in refused.text
    assert issuer.post(f"{path}/terms", terms()).headers["Location"] == f"/staff{path}/confirm"
    page = words(issuer.get(f"{path}/confirm"))
    assert "共 5 行 ＝ 颁发 4 ＋ 不颁发 1" in page
    assert "CAQ-QC-2026-000001 至 CAQ-QC-2026-000004" in page
    first = issuer.post(f"{path}/begin").headers["Location"]
    assert issuer.post(f"{path}/begin").headers["Location"] == first
    assert issuer.get(path).headers["Location"] == first
    assert len(runs.recent(issuer.desk)) == 1
    assert noted(office.registry) == [(Action.BATCH, "1")]
    page = words(issuer.get("/batches/1"))
    assert "共 5 行 ＝ 已制成 0 ＋ 不颁发 1 ＋ 制作中 4" in page
    make_all(office.registry, 1)
    assert issuer.get("/batches/1/progress", headers=HX).headers["HX-Refresh"] == "true"
    page = words(issuer.get("/batches/1"))
    assert "下载全部（zip）" in page
    assert "望海港口集团有限公司 夜航QC小组" in page
    assert issuer.get("/batches/1/report.xlsx").data.startswith(b"PK")


def test_htmx_gets_the_table_with_the_counts(issuer: Clerk) -> None:
    path = put(issuer)
    row = issuer.get(f"{path}/rows/5", headers=HX).text
    assert row.lstrip().startswith('<tr id="row-5"')
    part = issuer.post(f"{path}/rows/5", {"w-org_name": "望海港口集团有限公司"}, headers=HX)
    assert part.text.lstrip().startswith('<div id="table">')
    assert "要颁发 4 ＋ 不颁发 1 ＋ 有问题 0" in words(part)
    assert re.search(r'aria-label="修改第 5 行" autofocus', part.text)
    look = issuer.post(f"{path}/terms/look", terms(row="3", body="没有写荣誉的正文"), headers=HX)
    assert "正文里没有荣誉名称" in words(look)
    look = issuer.post(f"{path}/terms/look", terms(row="3"), headers=HX)
    (picture,) = re.findall(r'src="/staff([^"]+)"', look.text)
    drawn = issuer.get(html.unescape(picture))
    assert drawn.data.startswith(b"\x89PNG")


def test_a_row_that_terms_do_not_fit_leads_back_to_the_row(issuer: Clerk) -> None:
    path = put(issuer)
    answer = issuer.post(f"{path}/terms", terms())
    assert answer.headers["Location"].endswith("?show=faults")
    assert "还有 1 行要先改好" in words(issuer.get(f"{path}?show=faults"))
    assert "现在不能颁发" in words(issuer.get(f"{path}/confirm"))
    answer = issuer.post(f"{path}/begin")
    assert answer.status_code == 409
    assert "还不能颁发" in words(answer)


def test_two_thousand_rows_are_shown_by_the_page(issuer: Clerk) -> None:
    rows = [(at, f"第{at}供水有限公司", f"第{at}QC小组", "章启明") for at in range(1, 251)]
    path = put(issuer, xlsx(HEAD, *rows))
    assert issuer.get(path).text.count('id="row-') == 100
    last = issuer.get(f"{path}?page=99")
    assert last.text.count('id="row-') == 50
    assert "第 3 页，共 3 页" in words(last)
    assert issuer.get(f"{path}?page=x").text.count('id="row-2"') == 1


def test_a_second_person_looks_and_releases_and_the_first_cannot(office: Office, issuer: Clerk) -> None:
    approver = office.clerk(Role.APPROVER)
    batch = begin(approver, second="on")
    make_all(office.registry, batch)
    path = f"/batches/{batch}"
    assert "这一批是您做的" in words(approver.get(path))
    refused = approver.post(f"{path}/release")
    assert refused.status_code == 409
    assert "另一位" in words(refused)
    assert issuer.post(f"{path}/release").status_code == 403
    assert issuer.get(f"{path}/proofs").status_code == 403
    assert issuer.get(f"{path}/report.xlsx").status_code == 409
    admin = office.clerk(Role.ADMIN)
    look = admin.get(admin.get(f"{path}/proofs").headers["Location"].removeprefix("/staff"))
    assert "第 1 份，共 3 份" in words(look)
    assert "云岭精密轴承制造有限公司" in words(look)
    assert admin.get(f"{path}/proofs/CAQ-QC-2026-000001.pdf").data == b"%PDF CAQ-QC-2026-000001"
    assert admin.get(f"{path}/proofs/CAQ-QC-2026-000009").status_code == 404
    assert admin.get(f"{path}/report.xlsx").data.startswith(b"PK")
    assert admin.post(f"{path}/release").status_code == 303
    assert runs.progress(admin.desk, batch).run.released_by == admin.user.actor
    assert admin.get(f"{path}/proofs").status_code == 409
    assert noted(office.registry)[-1] == (Action.RELEASE, str(batch))


def test_the_house_may_want_a_second_person_always(office: Office, tmp_path: Path) -> None:
    conf = Settings(data_dir=tmp_path / "data", second_person=True)
    strict = Office(create_app(conf, office.registry, idle()), office.registry)
    approver = strict.clerk(Role.APPROVER)
    batch = begin(approver)
    assert runs.progress(approver.desk, batch).run.details.second


def test_what_failed_is_told_tried_again_and_cancelled(office: Office, issuer: Clerk) -> None:
    batch = begin(issuer)
    path = f"/batches/{batch}"
    make_all(office.registry, batch, failing=2)
    page = words(issuer.get(path))
    assert "2 份没有制成" in page
    assert "模板有误。请改模板" in words(issuer.get(f"{path}?state=failed"))
    assert issuer.post(f"{path}/retry").status_code == 303
    assert runs.progress(issuer.desk, batch).waiting == 2
    assert "取消还没制成的 2 份" in words(issuer.get(f"{path}/cancel"))
    assert issuer.post(f"{path}/cancel").status_code == 303
    assert "2 份" in words(issuer.get(path))
    assert issuer.get(f"{path}/cancel").headers["Location"] == f"/staff{path}"
    assert [action for action, _ in noted(office.registry)] == [Action.BATCH, Action.RETRY, Action.CANCEL]


def test_nobody_sees_another_house_s(office: Office, issuer: Clerk) -> None:
    path, batch = put(issuer), begin(issuer)
    stranger = office.clerk(Role.ADMIN, OTHER)
    for one in (path, f"{path}/rows/2", f"{path}/terms", f"{path}/confirm", f"{path}/picture.png", f"/batches/{batch}"):
        assert stranger.get(one).status_code == 404, one
    for one in ("rows/2", "rows/2/out", "terms", "terms/look", "begin"):
        assert stranger.post(f"{path}/{one}").status_code == 404, one
    for one in ("cancel", "retry", "release"):
        assert stranger.post(f"/batches/{batch}/{one}").status_code == 404, one
    stranger.post(f"{path}/drop")
    assert issuer.get(path).status_code == 200
    assert "名单.xlsx" not in stranger.get("/batches").text


def test_a_thrown_away_roster_is_gone(issuer: Clerk) -> None:
    path = put(issuer)
    assert issuer.post(f"{path}/drop").headers["Location"] == "/staff/batches"
    answer = issuer.get(path)
    assert answer.status_code == 404
    assert "新建一批" in words(answer)
    assert desktop.listed(issuer.desk) == ()


@pytest.mark.parametrize("path", ["/batches/x", "/batches/" + "9" * 30, "/batches/0", "/batches/drafts/zzz"])
def test_strange_addresses_lead_back(issuer: Clerk, path: str) -> None:
    answer = issuer.get(path)
    assert answer.status_code == 404
    assert "请" in words(answer)


def test_html_in_a_roster_is_words(issuer: Clerk) -> None:
    nasty = "<script>alert(1)</script>有限公司"
    path = put(issuer, xlsx(HEAD, (1, nasty, "\"'><img src=x onerror=alert(1)>", "章启明"), (2, None, "甲", "乙")))
    for page in (path, f"{path}/rows/2", f"{path}/terms"):
        text = issuer.get(page).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
