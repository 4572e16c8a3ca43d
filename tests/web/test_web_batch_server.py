"""Batches from the outside: a real server, a table as people fill it, everything that comes back opened and read."""

from __future__ import annotations

import io
import json
import re
import time
import zipfile
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import pytest
from cli_process import docgen
from listener import listening
from openpyxl import load_workbook
from pypdf import PdfReader
from registry_data import FORM, order, person
from roster_files import DECISION, HEAD, ROWS, xlsx
from standardwebhooks import Webhook
from web_server import Server, serving

from docgen.render.document import MEDIA_TYPES
from docgen.render.inspection import inspect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BATCHES = "/api/v1/batches"
XLSX = {"Content-Type": MEDIA_TYPES["xlsx"]}
QUERY = {"certificate": "caq-2026/certificate-group", "decision": DECISION, "date": "2026-10-30"}
URL = "https://zs.example.org.cn"
_PATIENCE_SECONDS = 120


def members(answer: tuple[int, Any, bytes], status: int = 200) -> dict[str, Any]:
    assert answer[0] == status, answer[2].decode()
    told = json.loads(answer[2])
    assert isinstance(told, dict)
    return told


def ended(server: Server, path: str) -> dict[str, Any]:
    """Wait for the end of a batch; its rows must be whole whenever one looks."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while True:
        told = members(server.ask("GET", path))
        counts = ("issued", "skipped", "failed", "cancelled", "open")
        assert told["rows_in"] == sum(told[name] for name in counts)
        if told["state"] != "running":
            return told
        assert time.monotonic() < end, told
        time.sleep(0.1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("batches")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    with serving(folder, public_url=URL) as running:
        yield running


@pytest.fixture(scope="module")
def batch(server: Server) -> str:
    """A batch of a table that has ended; its address."""
    table = xlsx(("全国优秀质量管理小组汇总表",), HEAD, *ROWS, ("合计", "3"))
    answer = server.ask("POST", f"{BATCHES}?{urlencode(QUERY)}", table, **XLSX, **{"Idempotency-Key": "first"})
    path = f"{BATCHES}/{members(answer, 202)['batch']}"
    assert answer[1]["Location"] == path
    told = ended(server, path)
    assert (told["state"], told["issued"], told["skipped"], told["remaining_seconds"]) == ("ended", 3, 1, 0)
    return path


def test_the_archive_holds_a_certificate_for_each_row_in_order(server: Server, batch: str) -> None:
    status, headers, data = server.ask("GET", f"{batch}/archive.zip")
    assert (status, headers["Content-Type"]) == (200, "application/zip")
    assert int(headers["Content-Length"]) == len(data)
    assert quote("批次1.zip") in headers["Content-Disposition"]
    items = members(server.ask("GET", f"{batch}/items"))["items"]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert all(info.flag_bits & 0x800 for info in archive.infolist() if not info.filename.isascii())
        names = archive.namelist()
        manifest = json.loads(archive.read("manifest.json"))
        assert names[-3:] == ["证书索引.pdf", "report.xlsx", "manifest.json"]
        for place, (row, item, told) in enumerate(zip(ROWS, items, manifest["files"], strict=True)):
            assert names[place] == told["name"] == f"{item['number']} {row[1]} {row[2]}.pdf"
            seen = inspect(archive.read(names[place]))
            (code,) = seen.codes
            assert code == f"{URL}/C/{told['code'].replace('-', '')}"
            assert all(name in seen.text for name in (row[1], row[2], *row[3].split("、")))
            page = members(server.ask("GET", code.removeprefix(URL), Accept="application/json"))
            assert (page["result"], page["certificate"]["number"]) == ("valid", item["number"])
        index = PdfReader(io.BytesIO(archive.read("证书索引.pdf"))).pages[0].extract_text()
        assert all(item["number"] in index for item in items)


def test_the_merged_pdf_has_the_rows_in_order(server: Server, batch: str) -> None:
    status, headers, data = server.ask("GET", f"{batch}/merged.pdf")
    assert (status, headers["Content-Type"]) == (200, "application/pdf")
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]
    assert len(pages) == len(ROWS)
    assert [row[2] in "".join(text.split()) for row, text in zip(ROWS, pages, strict=True)] == [True] * 3


def test_the_report_accounts_for_every_row(server: Server, batch: str) -> None:
    book = load_workbook(io.BytesIO(server.ask("GET", f"{batch}/report.xlsx")[2]))
    rows = list(book["颁发结果"].iter_rows(values_only=True))
    assert rows[1][0] == "名单共 4 行 = 已颁发 3 行 + 已跳过 1 行 + 失败 0 行"
    assert [row[0] for row in rows[4:]] == ["3", "4", "5", "6"]
    assert [row[5] for row in rows[4:7]] == [f"CAQ-QC-2026-{serial:06d}" for serial in (1, 2, 3)]


def test_a_batch_reports_its_end_and_again_when_nobody_took_it(tmp_path: Path) -> None:
    with (
        listening(500) as other,
        serving(tmp_path, public_url=URL, webhook_hosts=json.dumps([other.host])) as server,
    ):
        asked = order([person(1), person(2)], webhook=f"http://{other.host}/hook", title="季度表彰")
        path = server.ask("POST", BATCHES, json.dumps(asked).encode(), **{"Idempotency-Key": "k"})[1]["Location"]
        assert ended(server, path)["title"] == "季度表彰"
        other.wait()
        headers, body = other.wait()
        secret = docgen(tmp_path, "org", "webhook-secret", "main", env={"DOCGEN_DATA_DIR": str(tmp_path / "data")})
        told = Webhook(secret.out.strip()).verify(body, {name.lower(): value for name, value in headers.items()})
        assert told["data"]["made"] == 2
        ((delivery),) = members(server.ask("GET", path))["deliveries"]
        assert (delivery["attempts"], delivery["id"]) == (2, headers["webhook-id"])


def test_no_name_and_no_code_reaches_the_log_or_the_metrics(tmp_path: Path) -> None:
    planted = ["王富贵甲", "赵得柱乙", "孙有财丙"]
    why = json.dumps({"reason_class": "其他原因", "reason": "钱来福丁"}).encode()
    with serving(tmp_path, public_url=URL) as server:
        env = {"DOCGEN_DATA_DIR": str(tmp_path / "data")}
        key = docgen(tmp_path, "api-keys", "add", "--scope", "admin", env=env).out.strip()
        path = server.ask("POST", BATCHES, json.dumps(order(planted)).encode(), **{"Idempotency-Key": "k"})[1][
            "Location"
        ]
        assert ended(server, path)["issued"] == 3
        for under in ("", "/items", "/archive.zip", "/merged.pdf", "/report.xlsx"):
            assert server.ask("GET", path + under)[0] == 200
        (first, *_) = members(server.ask("GET", f"{path}/items"))["items"]
        (version,) = members(server.ask("GET", first["links"]["certificate"]))["versions"]
        code = version["code"].replace("-", "")
        server.ask("GET", f"/C/{code}")
        server.ask("POST", f"/C/{code}/name", f"name={quote(planted[0])}".encode(),
                   **{"Content-Type": "application/x-www-form-urlencoded"})  # fmt: skip
        server.ask("POST", f"{first['links']['certificate']}/revoke", why)
        bad = json.dumps(order([*planted, planted[0]])).encode()
        assert server.ask("POST", BATCHES, bad, **{"Idempotency-Key": "bad"})[0] == 422
        assert server.ask("POST", f"/api/v1/forms/{FORM}/render", json.dumps({"name": planted[0]}).encode())[0] == 422
        status, _, text = server.ask("GET", "/metrics", Authorization=f"Bearer {key}")
        assert status == 200
        server.stop()
        log = server.log.read_text(encoding="utf-8")
    metrics = text.decode()
    for words in (*planted, "钱来福丁", code, version["code"], first["number"], key, server.key):
        assert words not in log
        assert words not in metrics
        assert json.dumps(words)[1:-1] not in log
    assert re.search(r'docgen_verifications_total\{result="(valid|not-yet)"\} 2\.0', metrics)
    assert 'docgen_render_seconds_count{kind="certificate"}' in metrics
    assert 'docgen_items{state="waiting"} 0.0' in metrics
    lines = [json.loads(line) for line in log.splitlines()]
    assert all({"time", "level", "logger", "message"} <= line.keys() for line in lines)
    assert {line["logger"].split(".")[0] for line in lines} == {"docgen"}


def test_a_second_server_on_one_folder_is_refused(server: Server, folder: Path) -> None:
    assert server.ask("GET", "/healthz")[0] == 200
    refused = docgen(folder, "serve", "--port", "1", env={"DOCGEN_DATA_DIR": str(folder / "data")})
    assert refused.code == 2
    assert "另一个 docgen 服务正在使用数据目录" in refused.err
    assert "DOCGEN_BROKER_URL" in refused.err


def test_stopped_in_the_middle_the_server_answers_who_is_in_and_goes_on_later(tmp_path: Path) -> None:
    with serving(tmp_path, public_url=URL) as server:
        body = json.dumps(order([person(index) for index in range(40)])).encode()
        path = server.ask("POST", BATCHES, body, **{"Idempotency-Key": "k"})[1]["Location"]
        while not members(server.ask("GET", path))["issued"]:
            time.sleep(0.05)
        assert "已停止" in server.stop()
        assert server.process.returncode == 0
        key = server.key
    with serving(tmp_path, public_url=URL) as again:
        again.printed += key
        assert ended(again, path)["issued"] == 40
