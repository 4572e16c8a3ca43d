"""The real server in a process of its own, spoken to over a socket."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from cli_process import docgen
from registry_data import order
from web_server import Server, serving

from docgen.paths import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BASH = shutil.which("bash")
APPLICATION = "/api/v1/forms/caq-2026/application"
SAMPLE = (SAMPLES / "caq-2026" / "application.json").read_bytes()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("server"), max_body_bytes="4000000") as running:
        yield running


def test_from_first_start_to_stop(tmp_path: Path) -> None:
    with serving(tmp_path) as first:
        assert "首次启动" in first.printed
        assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
        assert "为本协会生成一把密钥" in first.printed
        assert "试用环境" in first.printed
        assert "DOCGEN_PUBLIC_URL" in first.printed
        status, headers, pdf = first.ask("POST", f"{APPLICATION}/render?format=pdf", SAMPLE)
        assert (status, headers["Content-Type"], pdf[:5]) == (200, "application/pdf", b"%PDF-")
        assert int(headers["Content-Length"]) == len(pdf)
        assert headers["Docgen-Template"].startswith("caq-2026/application@")
        assert headers["Server"] is None
        key = first.key
        assert "已停止" in first.stop()
        assert first.process.returncode == 0
    with serving(tmp_path) as second:
        assert "dgk_" not in second.printed
        assert "沿用已有的密钥，在用 1 把" in second.printed
        second.printed += key
        assert second.ask("GET", APPLICATION)[0] == 200
    withdrawn = docgen(
        tmp_path, "api-keys", "withdraw", key.split("_")[1], env={"DOCGEN_DATA_DIR": str(tmp_path / "data")}
    )
    assert withdrawn.code == 0
    with serving(tmp_path) as third:
        assert "dgk_" not in third.printed


def test_a_certificate_is_issued_printed_and_withdrawn_with_the_first_key(tmp_path: Path) -> None:
    why = json.dumps({"reason_class": "其他原因", "reason": "试一试"}).encode()
    with serving(tmp_path, public_url="https://zs.example.org.cn", association="云岭省质量管理协会") as running:
        assert "试用" not in running.printed
        assert "云岭省质量管理协会" in running.printed
        headers = {"Idempotency-Key": "first"}
        body = json.dumps(order(["章一"])).encode()
        status, _, answer = running.ask("POST", "/api/v1/certificates", body, **headers)
        assert status == 201
        line = json.loads(answer)["certificates"][0]
        assert line["url"].startswith("https://zs.example.org.cn/C/")
        assert running.ask("GET", line["links"]["pdf"])[2].startswith(b"%PDF-")
        assert running.ask("POST", f"{line['links']['self']}/revoke", why)[0] == 200
        assert running.ask("GET", line["links"]["pdf"])[0] == 409


def test_signing_keys_that_others_can_read_keep_the_server_from_starting(tmp_path: Path) -> None:
    with serving(tmp_path) as running:
        body = json.dumps(order(["章一"])).encode()
        assert running.ask("POST", "/api/v1/certificates", body, **{"Idempotency-Key": "k"})[0] == 201
    (file,) = (tmp_path / "data" / "signing-keys").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o640)
    ended = docgen(tmp_path, "serve", "--port", "1", env={"DOCGEN_DATA_DIR": str(tmp_path / "data")})
    assert ended.code == 3
    assert f"chmod 600 {file}" in ended.err


@pytest.mark.skipif(not (BASH and shutil.which("curl")), reason="the example is for bash and curl")
def test_the_printed_curl_example_works(server: Server, tmp_path: Path) -> None:
    example = server.printed[server.printed.index("    export") :].replace("上面的密钥", server.key)
    subprocess.run([str(BASH), "-euc", example], cwd=tmp_path, check=True, capture_output=True)
    (pdf,) = tmp_path.glob("*.pdf")
    assert pdf.read_bytes().startswith(b"%PDF-")


def test_renders_at_once_do_not_disturb_each_other(server: Server) -> None:
    wanted = [f"{APPLICATION}/render?format={fmt}" for fmt in ("docx", "pdf", "docx", "pdf")]
    alone = [server.ask("POST", path, SAMPLE)[1]["ETag"] for path in wanted]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda path: server.ask("POST", path, SAMPLE)[1]["ETag"], wanted))
    assert together == alone


def test_ten_megabytes_are_refused_with_an_answer(server: Server) -> None:
    status, headers, body = server.ask("POST", f"{APPLICATION}/check", b" " * 10_000_000)
    assert (status, headers["Content-Type"]) == (413, "application/problem+json")
    assert "4,000,000" in json.loads(body)["detail"]


def test_a_chunked_body_is_no_way_around_the_limit(server: Server) -> None:
    head = (
        f"POST {APPLICATION}/check HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {server.key}\r\n"
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
    answer = server.say(head.encode(), chunk * 5, b"0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"application/problem+json" in answer


@pytest.mark.parametrize(
    ("request_text", "status"),
    [
        ("POST /api/v1/forms HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n", 413),
        ("GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400),
        ("NONSENSE\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
        ("GET / HTTP/1.1\r\nHost: x\r\nX: ".ljust(256 * 1024, "x"), 431),
    ],
)
def test_what_never_reaches_the_application_is_told_in_chinese_too(
    server: Server, request_text: str, status: int
) -> None:
    head, _, body = server.say(request_text.encode()).partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.{'1' if status in {413, 501} else '0'} {status} ".encode())
    assert b"Content-Security-Policy" in head
    told = json.loads(body)
    assert told["status"] == status
    assert not told["detail"].isascii()


def test_no_value_of_a_submission_reaches_the_log(tmp_path: Path) -> None:
    planted = "王富贵甲乙丙"
    submission = json.loads(SAMPLE) | {"group_name": planted, "org_name": f" {planted}"}
    body = json.dumps(submission, ensure_ascii=False).encode()
    with serving(tmp_path) as running:
        for path in (f"{APPLICATION}/check", f"{APPLICATION}/render", "/C/4C08RZHVKES5WWE8?name=planted"):
            running.ask("POST", path, body)
        submission["org_name"] = planted
        assert running.ask("POST", f"{APPLICATION}/render", json.dumps(submission).encode())[0] == 200
        assert planted not in running.stop()
        log = running.log.read_text(encoding="utf-8")
    assert len(log.splitlines()) == 4
    assert not re.search(rf"{planted}|planted|4C08|{running.key}", log)


def test_a_damaged_template_is_our_fault_and_says_so(tmp_path: Path) -> None:
    template = tmp_path / "templates" / "html" / "caq-2026" / "application.html"
    template.parent.mkdir(parents=True)
    template.write_text("{% if %}", encoding="utf-8")
    with serving(tmp_path, templates_dir=str(tmp_path / "templates")) as running:
        status, headers, body = running.ask("POST", f"{APPLICATION}/render?format=pdf", SAMPLE)
        told = json.loads(body)
        assert (status, headers["Content-Type"]) == (500, "application/problem+json")
        assert told["type"] == "urn:docgen:problem:template-fault"
        assert told["instance"] in running.log.read_text(encoding="utf-8")
        assert running.ask("POST", f"{APPLICATION}/render?format=pdf", b"{}")[0] == 422
        assert running.ask("GET", "/readyz")[0] == 503
        assert running.ask("GET", "/healthz")[0] == 200


def test_an_open_door_is_warned_about(tmp_path: Path) -> None:
    with serving(tmp_path, host="0.0.0.0") as running:  # noqa: S104  the warning is what is tested
        assert "TLS" in running.log.read_text(encoding="utf-8")
    (tmp_path / "log").unlink()
    with serving(tmp_path) as running:
        assert "TLS" not in running.log.read_text(encoding="utf-8")


def test_a_taken_port_costs_no_first_key(tmp_path: Path, server: Server) -> None:
    taken = docgen(tmp_path, "serve", "--port", server.port, env={"DOCGEN_DATA_DIR": str(tmp_path / "data")})
    assert taken.code == 2
    assert "已被占用" in taken.err
    assert "dgk_" not in taken.out
    with serving(tmp_path) as running:
        assert "首次启动" in running.printed
