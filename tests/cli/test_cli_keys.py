"""``docgen org``, ``api-keys`` and ``keys``: who may issue, and with what it is signed."""

from __future__ import annotations

import json
import re
import stat
from typing import TYPE_CHECKING

from cli_process import docgen
from registry_data import FORM, order

from docgen.issuing.registry import open_registry
from docgen.settings import Settings
from docgen.store.keys import Scope

if TYPE_CHECKING:
    from pathlib import Path

NAMED = {"DOCGEN_ASSOCIATION": "云岭省质量管理协会"}


def test_organisations_are_added_listed_and_renamed(tmp_path: Path) -> None:
    assert docgen(tmp_path, "org", "list", env=NAMED).out.split() == ["编号", "名称", "main", "云岭省质量管理协会"]
    added = docgen(tmp_path, "org", "add", "yunling-2", "云岭省质量协会第二分会")
    assert added.code == 0
    assert "--org yunling-2" in added.out
    assert docgen(tmp_path, "org", "rename", "main", "云岭省质量协会").code == 0
    assert docgen(tmp_path, "org", "list").out.split()[2:] == [
        "main", "云岭省质量协会", "yunling-2", "云岭省质量协会第二分会",
    ]  # fmt: skip
    for wrong in (("add", "main", "又一个"), ("add", "大写", "名称"), ("rename", "nobody", "名称"), ("add", "b", " ")):
        ended = docgen(tmp_path, "org", *wrong)
        assert (ended.code, ended.out) == (2, "")
        assert "办法：" in ended.err


def test_an_api_key_is_shown_once_and_can_be_taken_back(tmp_path: Path) -> None:
    docgen(tmp_path, "org", "add", "other", "另一协会")
    unnamed = docgen(tmp_path, "api-keys", "add", "--scope", "issue")
    assert unnamed.code == 2
    assert "请指明是哪一个" in unnamed.err
    made = docgen(tmp_path, "api-keys", "add", "--scope", "issue", "--scope", "revoke", "--org", "other")
    assert made.code == 0
    text = made.out.strip()
    assert re.fullmatch(r"dgk_[0-9a-f]{8}_[0-9a-f]{64}", text)
    registry = open_registry(Settings(data_dir=tmp_path / "docgen-data"))
    found = registry.keyring.find(text)
    assert found is not None
    assert (found.organisation, found.scopes) == ("other", frozenset({Scope.ISSUE, Scope.REVOKE}))
    listed = docgen(tmp_path, "api-keys", "list").out
    assert found.id in listed
    assert "在用" in listed
    assert text.rsplit("_", 1)[1] not in listed
    assert docgen(tmp_path, "api-keys", "withdraw", found.id).code == 0
    assert registry.keyring.find(text) is None
    registry.database.close()
    assert "收回" in docgen(tmp_path, "api-keys", "list").out
    again = docgen(tmp_path, "api-keys", "withdraw", found.id)
    assert (again.code, again.out) == (2, "")
    assert "docgen api-keys list" in again.err
    assert docgen(tmp_path, "api-keys", "add", "--scope", "all", "--org", "other").code == 2


def test_signing_keys_are_made_at_first_use_rotated_and_kept(tmp_path: Path) -> None:
    assert "第一次颁发" in docgen(tmp_path, "keys", "list").out
    (tmp_path / "order.json").write_text(json.dumps(order(["章一"])), encoding="utf-8")
    assert docgen(tmp_path, "issue", FORM, "order.json", "-o", "out").code == 0
    rotated = docgen(tmp_path, "keys", "rotate")
    assert rotated.code == 0
    table = docgen(tmp_path, "keys", "list").out.splitlines()[1:]
    assert [line.split()[1] for line in table] == ["试用", "试用"]
    assert [line.endswith("停用") for line in table] == [True, False]
    assert table[1].split()[0] in rotated.out
    files = list((tmp_path / "docgen-data" / "signing-keys").iterdir())
    assert {file.stem for file in files} == {line.split()[0] for line in table}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    (pdf,) = (tmp_path / "out").iterdir()
    assert docgen(tmp_path, "verify", pdf).code == 0


def test_a_lost_signing_key_stops_issuing_before_a_number_is_used(tmp_path: Path) -> None:
    (tmp_path / "order.json").write_text(json.dumps(order(["章一"])), encoding="utf-8")
    docgen(tmp_path, "keys", "rotate")
    (file,) = (tmp_path / "docgen-data" / "signing-keys").iterdir()
    whole = file.read_text(encoding="utf-8")
    file.unlink()
    ended = docgen(tmp_path, "issue", FORM, "order.json", "-o", "out")
    assert ended.code == 3
    assert "docgen keys rotate" in ended.err
    file.write_text(whole, encoding="utf-8")
    file.chmod(0o600)
    assert docgen(tmp_path, "issue", FORM, "order.json", "-o", "out").out.startswith("QG-GL-2026-000001")
