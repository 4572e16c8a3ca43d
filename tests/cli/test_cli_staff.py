"""``docgen staff``: the way back in for whoever runs the server."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cli_process import docgen

from docgen.issuing.registry import open_registry
from docgen.people import accounts
from docgen.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path


def secret(out: str) -> str:
    found = re.fullmatch(r"http://127\.0\.0\.1:8080/staff/link/(\S+)\n", out)
    assert found
    return found[1]


def test_a_link_lets_an_administrator_in_again(tmp_path: Path) -> None:
    assert "还没有工作人员" in docgen(tmp_path, "staff", "list").out
    invited = docgen(tmp_path, "staff", "invite", "OuYang", "欧阳雪")
    assert (invited.code, "欧阳雪" in invited.err) == (0, True)
    registry = open_registry(Settings(data_dir=tmp_path / "docgen-data"))
    accounts.accept(registry, secret(invited.out), "青山 绿水 十九八八")
    again = docgen(tmp_path, "staff", "link", "ouyang")
    accounts.accept(registry, secret(again.out), "另一个 长长的 密码")
    accounts.enter(registry, "ouyang", "另一个 长长的 密码", "")
    registry.database.close()
    assert docgen(tmp_path, "staff", "list").out.split()[4:] == ["ouyang", "欧阳雪", "管理员", "可登录"]


def test_wrong_names_are_told(tmp_path: Path) -> None:
    docgen(tmp_path, "org", "add", "other", "另一协会")
    assert docgen(tmp_path, "staff", "invite", "lu", "卢思远", "--role", "issuer", "--org", "main").code == 0
    for wrong in (
        ("link", "nobody", "--org", "main"),
        ("link", "lu", "--org", "other"),
        ("invite", "a", "b", "--role", "x"),
    ):
        ended = docgen(tmp_path, "staff", *wrong)
        assert (ended.code, ended.out) == (2, ""), wrong
    taken = docgen(tmp_path, "staff", "invite", "LU", "另一人", "--org", "main")
    assert (taken.code, "已经有人用了" in taken.err) == (1, True)
