"""``docgen show``, ``history``, ``verify``, ``revoke``, ``suspend`` and ``resume`` on one real registry."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from cli_process import docgen
from registry_data import DECISION, FORM, ORG

if TYPE_CHECKING:
    from pathlib import Path

NUMBER = "QG-GL-2026-000001"
WHY = ("--class", "成果存在争议", "--reason", "有人反映")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a registry in which one certificate was issued, and its file."""
    row = {"name": "欧阳章一", "org_name": ORG, "issued_on": "2025-12-10"}
    (tmp_path / "row.json").write_text(json.dumps(row), encoding="utf-8")
    ended = docgen(tmp_path, "issue", FORM, "row.json", "--decision", DECISION, "--series", "QG-GL", "-o", ".")
    assert ended.code == 0, ended.err
    (made,) = tmp_path.glob("*.pdf")
    made.rename(tmp_path / "one.pdf")
    return tmp_path


NUMBER_2025 = NUMBER.replace("2026", "2025")


def code(folder: Path) -> str:
    told = json.loads(docgen(folder, "show", NUMBER_2025, "--json").out)
    return str(told["versions"][0]["code"])


def test_show_tells_everything_and_history_who_did_what(folder: Path) -> None:
    seen = docgen(folder, "show", NUMBER_2025.lower())
    assert (seen.code, seen.err) == (0, "")
    for words in (NUMBER_2025, "第 1 版  有效", "欧阳章一", ORG, DECISION, code(folder), "/C/", "SHA-256"):
        assert words in seen.out
    for action, state in (("suspend", "已暂停"), ("suspend", "已暂停"), ("resume", "有效"), ("revoke", "已撤销")):
        ended = docgen(folder, action, NUMBER_2025, *WHY)
        assert ended.code == 0, ended.err
        assert state in ended.out
    told = json.loads(docgen(folder, "history", NUMBER_2025, "--json").out)
    assert [event["state"] for event in told["events"]] == ["pending", "issued", "suspended", "issued", "revoked"]
    lines = docgen(folder, "history", NUMBER_2025).out.splitlines()
    assert [line.split()[3] for line in lines[3:]] == ["待发布", "有效", "已暂停", "有效", "已撤销"]
    assert "有人反映" in lines[-1]
    assert docgen(folder, "resume", NUMBER_2025, *WHY).code == 1
    assert docgen(folder, "reprint", NUMBER_2025, "-o", "again.pdf").code == 1
    assert not (folder / "again.pdf").exists()


@pytest.mark.parametrize("command", ["show", "history", "revoke", "suspend", "resume"])
def test_an_unknown_number_is_wrong_use(tmp_path: Path, command: str) -> None:
    ended = docgen(
        tmp_path, command, "QG-GL-2026-000009", *(WHY if command.startswith("re") or command == "suspend" else ())
    )
    assert (ended.code, ended.out) == (2, "")
    assert "没有这个编号的证书" in ended.err
    assert "办法：" in ended.err


@pytest.mark.parametrize("command", ["revoke", "suspend", "resume"])
def test_a_change_wants_a_class_and_a_reason(tmp_path: Path, command: str) -> None:
    assert "--class" in docgen(tmp_path, command, NUMBER, "--reason", "x").err
    assert "--reason" in docgen(tmp_path, command, NUMBER, "--class", "其他原因").err
    wrong = docgen(tmp_path, command, NUMBER, "--class", "别的", "--reason", "x")
    assert wrong.code == 2
    assert "应持证方要求" in wrong.err


def test_verify_reads_codes_and_addresses_and_warns_of_foreign_ones(folder: Path) -> None:
    plain = code(folder)
    for typed in (plain, plain.lower(), plain.replace("-", " "), f"http://127.0.0.1:8080/C/{plain.replace('-', '')}"):
        ended = docgen(folder, "verify", typed)
        assert ended.code == 0, ended.out
        assert ended.out.startswith("有效：")
        assert "欧阳**" in ended.out
        assert "欧阳章一" not in ended.out
    foreign = docgen(folder, "verify", f"https://zs.examp1e.org.cn/C/{plain.replace('-', '')}")
    assert foreign.code == 1
    assert "警告：这个网址属于 zs.examp1e.org.cn" in foreign.out
    for typed, said in (("4C08RZHVKES5WWE8", "查无此证"), (plain[:-1] + "?", "输入有误"), ("0" * 16, "样张")):
        ended = docgen(folder, "verify", typed)
        assert ended.code == 1
        assert ended.out.startswith(said)
    docgen(folder, "revoke", NUMBER_2025, *WHY)
    told = json.loads(docgen(folder, "verify", plain, "--json").out)
    assert (told["result"], told["change"]["reason_class"]) == ("revoked", "成果存在争议")
    assert "有人反映" not in json.dumps(told, ensure_ascii=False)


def test_verify_tells_an_original_from_what_only_claims_to_be_one(folder: Path) -> None:
    whole = (folder / "one.pdf").read_bytes()
    original = docgen(folder, "verify", "one.pdf")
    assert original.code == 0
    assert original.out.startswith("原件：")
    assert NUMBER_2025 in original.out
    (folder / "bent.pdf").write_bytes(whole + b"\n")
    bent = docgen(folder, "verify", "bent.pdf")
    assert bent.code == 1
    assert bent.out.startswith("非原件或已改动：")
    assert f"文件自称是证书 {NUMBER_2025}" in bent.out
    told = json.loads(docgen(folder, "verify", "bent.pdf", "--json").out)
    assert (told["answer"], told["claimed"]["result"]) == ("not-original", "valid")
    (folder / "junk.pdf").write_bytes(b"no pdf")
    junk = docgen(folder, "verify", "junk.pdf")
    assert (junk.code, "自称" in junk.out) == (1, False)
    assert "没有文件" in docgen(folder, "verify", "absent.pdf").err
    docgen(folder, "suspend", NUMBER_2025, *WHY)
    assert docgen(folder, "verify", "one.pdf").out.startswith("原件，但证书已撤销或暂停")


def test_verify_warns_of_a_code_that_leads_elsewhere(folder: Path) -> None:
    """The same house under another address: what was printed before leads to a host that is no longer ours."""
    env = {"DOCGEN_PUBLIC_URL": "http://127.0.0.1:9999"}
    whole = (folder / "one.pdf").read_bytes()
    (folder / "bent.pdf").write_bytes(whole + b"\n")
    bent = docgen(folder, "verify", "bent.pdf", env=env)
    assert bent.code == 1
    assert "警告：文件上的二维码指向 127.0.0.1:8080" in bent.out
    assert f"文件自称是证书 {NUMBER_2025}" in bent.out


def test_a_damaged_database_is_our_fault_and_says_so(folder: Path) -> None:
    (folder / "docgen-data" / "docgen.sqlite3").write_bytes(b"no database" * 1000)
    ended = docgen(folder, "show", NUMBER_2025)
    assert (ended.code, ended.out) == (3, "")
    assert "数据库" in ended.err
