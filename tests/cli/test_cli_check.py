"""Checking submissions: what is printed, for people and for machines, and the exit code."""

import json
from pathlib import Path
from typing import Any

import pytest
from cli_process import APPLICATION, IN_TIME, ROOT, application, as_bytes, docgen

SAMPLES = ROOT / "samples" / "caq-2026"


def test_a_complete_submission(tmp_path: Path) -> None:
    ended = docgen(tmp_path, "check", APPLICATION, SAMPLES / "application.json", "--as-of", IN_TIME)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("全国优秀质量管理小组申报表\n")
    assert "\n提醒 " in ended.out
    assert "通知原文（C04）：申报材料须通过推荐单位审核" in ended.out
    assert ended.out.splitlines()[-1].startswith("结论：完整（")


def test_findings_are_grouped_by_weight_and_quote_the_notice(tmp_path: Path) -> None:
    spoilt = application(compliance=None, attachments=[])
    ended = docgen(tmp_path, "check", APPLICATION, "-", "--as-of", IN_TIME, stdin=as_bytes(spoilt))
    assert (ended.code, ended.err) == (1, "")
    errors, unsure, reminders = (ended.out.index(f"\n{name} ") for name in ("错误", "待核实", "提醒"))
    assert errors < unsure < reminders
    assert errors < ended.out.index("附件清单中没有能力培训证实材料") < unsure
    assert unsure < ended.out.index("（/compliance/registered_on）：未填小组注册日期") < reminders
    assert "   通知原文（C02）：" in ended.out
    assert ended.out.splitlines()[-1].startswith("结论：不完整（错误 ")


def test_the_day_decides_about_the_deadline(tmp_path: Path) -> None:
    ended = docgen(tmp_path, "check", APPLICATION, SAMPLES / "application.json", "--as-of", "2026-10-31")
    assert ended.code == 1
    assert "已超过报送截止日期 2026年10月30日" in ended.out


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "unknown-field": ({"group_nam": "攀登者QC小组"}, "没有这个字段，是否指 group_name"),
    "too-many-words": (
        {"activity_summary": "字" * 3001},
        "近三年 QC 小组活动综述（/activity_summary）：限 3000 字以内，现为 3001 字",
    ),
    "eleven-members": (
        {"members": [f"王小{name}" for name in "一二三四五六七八九十甲"]},
        "小组成员名单（/members）：最多 10 项，现为 11 项",
    ),
    "control": (
        {"org_name": "云岭\x07精密"},
        "组织名称（公章为准）（/org_name）：第 3 个字符是不能打印的",
    ),
    "surrogate": ({"org_name": "云岭\ud800精密"}, "组织名称（公章为准）（/org_name）：第 3 个字符是不能打印的"),
    "missing": ({"members": []}, "小组成员名单（/members）：至少 1 项"),
    "wrong-kind": ({"members": "王小一"}, "小组成员名单（/members）：应为列表"),
}


@pytest.mark.parametrize(("changes", "said"), FAULTS.values(), ids=FAULTS)
def test_a_fault_names_the_label_and_the_remedy(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    (tmp_path / "数据.json").write_bytes(as_bytes(application(**changes)))
    ended = docgen(tmp_path, "check", APPLICATION, "数据.json")
    assert (ended.code, ended.err) == (1, "")
    assert said in ended.out
    assert ended.out.splitlines()[-1].startswith("结论：不完整，填报数据有 1 处需要修改")

    ended = docgen(tmp_path, "render", APPLICATION, "数据.json", "-o", "表.docx")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("错误：填报数据有 1 处需要修改\n")
    assert said in ended.err
    assert "办法：" in ended.err
    assert [path.name for path in tmp_path.iterdir()] == ["数据.json"]


def test_a_limit_of_the_notice_quotes_its_sentence(tmp_path: Path) -> None:
    ended = docgen(tmp_path, "check", APPLICATION, "-", stdin=as_bytes(application(activity_summary="字" * 3001)))
    assert "   通知原文（C10）：" in ended.out


def test_values_are_not_repeated(tmp_path: Path) -> None:
    spoilt = application(org_name="绝密单位\x07", members=["绝密人员、绝密人员"])
    ended = docgen(tmp_path, "check", APPLICATION, "-", stdin=as_bytes(spoilt))
    assert ended.code == 1
    assert "绝密" not in ended.out + ended.err


@pytest.mark.parametrize("name", ["\x1b[31m红\x9b2J", "两\n行", "反\u202e向", "\u2028"], ids=ascii)
def test_a_field_name_cannot_play_with_the_terminal(tmp_path: Path, name: str) -> None:
    data = as_bytes(application(**{name: 1}))
    said = docgen(tmp_path, "check", APPLICATION, "-", stdin=data)
    machine = docgen(tmp_path, "check", APPLICATION, "-", "--json", stdin=data)
    assert (said.code, machine.code) == (1, 1)
    for char in "\x1b\x9b\u202e":
        assert char not in said.out + machine.out
    assert "没有这个字段" in next(line for line in said.out.splitlines() if line.startswith("1. "))
    json.loads(machine.out)


def test_machines_get_what_the_http_interface_answers(tmp_path: Path) -> None:
    spoilt = application(members=[], activity_summary="字" * 3001, group_nam="x")
    ended = docgen(tmp_path, "check", APPLICATION, "-", "--json", stdin=as_bytes(spoilt))
    assert (ended.code, ended.err) == (1, "")
    verdict = json.loads(ended.out)
    assert (verdict["complete"], verdict["findings"]) == (False, [])
    by_code = {error["code"]: error for error in verdict["errors"]}
    assert set(by_code["unknown_field"]) == {"pointer", "label", "code", "detail"}
    assert by_code["too_many_words"]["pointer"] == "/activity_summary"
    assert by_code["too_many_words"]["rule"] == "C10"
    assert "3000" in by_code["too_many_words"]["sentence"]

    ended = docgen(tmp_path, "check", APPLICATION, "-", "--json", "--as-of", IN_TIME, stdin=as_bytes(application()))
    assert ended.code == 0
    verdict = json.loads(ended.out)
    assert (verdict["complete"], verdict["errors"]) == (True, [])
    assert set(verdict["findings"][0]) == {"rule", "sentence", "level", "detail", "pointer", "label"}
    assert "\\u" not in ended.out


def test_a_package_is_checked_by_the_id_of_its_notice(tmp_path: Path) -> None:
    package = {
        name: json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("recommendation-opinion", "summary")
    }
    (tmp_path / "材料.json").write_bytes(as_bytes({**package, "application": [application()], "别的": {}}))
    ended = docgen(tmp_path, "check", "caq-2026", "材料.json", "--as-of", IN_TIME)
    assert ended.code == 1
    assert "本通知没有这个附件，可用的编号：" in ended.out

    (tmp_path / "材料.json").write_bytes(as_bytes({**package, "application": [application()]}))
    whole = docgen(tmp_path, "check", "caq-2026", "材料.json", "--as-of", IN_TIME)
    (tmp_path / "材料.json").write_bytes(as_bytes(package))
    without = docgen(tmp_path, "check", "caq-2026", "材料.json", "--as-of", IN_TIME)
    assert "材料中没有申报表（附件 2），请补齐" in without.out
    assert "材料中没有申报表（附件 2），请补齐" not in whole.out
    assert without.code == 1
