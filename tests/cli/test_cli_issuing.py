"""``docgen issue``, ``reissue`` and ``reprint`` as a person runs them: once is enough, twice does no harm."""

from __future__ import annotations

import json
import re
import resource
from typing import TYPE_CHECKING, Any

import pytest
from cli_process import Ended, docgen
from registry_data import DAY, DECISION, FORM, ORG, order

if TYPE_CHECKING:
    from pathlib import Path

NUMBER = "QG-GL-2026-000001"
TOTAL = re.compile(r"共 (\d+) 份：已颁发 (\d+) 份，没有颁发 (\d+) 份")


def rows(*names: str, **more: str) -> list[dict[str, str]]:
    return [{"name": name, "org_name": ORG, "issued_on": DAY, **more} for name in names]


def issue(folder: Path, raw: object, *options: object, env: dict[str, str] | None = None, **more: Any) -> Ended:
    """Issue what a file holds into the folder ``out``."""
    (folder / "data.json").write_text(json.dumps(raw, ensure_ascii=False), encoding="utf-8")
    return docgen(folder, "issue", FORM, "data.json", "-o", "out", *options, env=env, **more)


def written(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "out").iterdir())


def totals(ended: Ended) -> tuple[int, ...]:
    found = TOTAL.search(ended.out)
    assert found, ended
    return tuple(map(int, found.groups()))


def shown(folder: Path, number: str = NUMBER) -> Any:
    ended = docgen(folder, "show", number, "--json")
    assert ended.code == 0, ended.err
    return json.loads(ended.out)["versions"]


def test_a_list_becomes_numbered_files_in_its_order(tmp_path: Path) -> None:
    ended = issue(tmp_path, rows("章一", "章二"), "--decision", DECISION)
    assert ended.code == 0
    assert totals(ended) == (2, 2, 0)
    lines = ended.out.splitlines()
    assert [line.split("  ")[0] for line in lines[:2]] == [NUMBER, "QG-GL-2026-000002"]
    assert "章一" in lines[0]
    assert written(tmp_path) == [line.split("  ")[-1] for line in lines[:2]]
    assert all(name.endswith(".pdf") and "章" in name for name in written(tmp_path))
    assert (tmp_path / "out" / written(tmp_path)[0]).read_bytes().startswith(b"%PDF-")
    assert "试用" in ended.err
    assert "第一次使用" in ended.err
    (version,) = shown(tmp_path)
    assert version["events"][0]["actor"].startswith("cli:")


def test_the_same_command_again_issues_nothing_and_writes_the_same_bytes(tmp_path: Path) -> None:
    issue(tmp_path, rows("章一"), "--decision", DECISION)
    (name,) = written(tmp_path)
    first = (tmp_path / "out" / name).read_bytes()
    (tmp_path / "out" / name).unlink()
    again = issue(tmp_path, rows("章一"), "--decision", DECISION)
    assert again.code == 0
    assert "没有重复颁发" in again.out
    assert (tmp_path / "out" / name).read_bytes() == first
    assert len(shown(tmp_path)) == 1
    longer = issue(tmp_path, rows("章一", "章二"), "--decision", DECISION)
    assert longer.code == 1
    assert NUMBER in longer.err
    assert written(tmp_path) == [name]


def test_one_submission_standard_input_and_options_make_an_order(tmp_path: Path) -> None:
    row = {"name": "章一", "org_name": ORG}
    ended = docgen(
        tmp_path, "issue", FORM, "-", "--decision", DECISION, "--date", "2027-01-05", "--series", "ABC", "-o", "a/b",
        stdin=json.dumps(row).encode(),
    )  # fmt: skip
    assert ended.code == 0, ended.err
    (version,) = shown(tmp_path, "abc-2027-000001")
    assert (version["issued_on"], version["decision"]) == ("2027-01-05", DECISION)
    assert len(list((tmp_path / "a" / "b").iterdir())) == 1


def test_a_date_fills_only_what_has_none(tmp_path: Path) -> None:
    own, none = rows("章一")[0], {"name": "章二", "org_name": ORG}
    assert issue(tmp_path, [own, none], "--decision", DECISION, "--date", "2027-01-05").code == 0
    assert {name.split(" ")[0] for name in written(tmp_path)} == {NUMBER, "QG-GL-2027-000001"}


def test_a_full_order_is_taken_as_it_is_and_must_agree(tmp_path: Path) -> None:
    full = order(["章一"])
    refused = issue(tmp_path, {**full, "certificate": "caq-2026/certificate-group"})
    assert refused.code == 2
    assert "certificate" in refused.err
    assert issue(tmp_path, full, "--decision", "别的〔2026〕1号").code == 2
    assert issue(tmp_path, full, "--decision", DECISION).code == 0
    assert issue(tmp_path, full).out.count("没有重复颁发") == 1


@pytest.mark.parametrize(
    ("options", "said", "code"),
    [
        ((), "--decision", 2),
        (("--decision", DECISION, "--date", "明天"), "应为存在的日期", 2),
        (("--decision", DECISION, "--key", "a b"), "--key", 2),
        (("--decision", DECISION, "--series", "小写"), "/series", 1),
        (("--decision", DECISION, "--org", "nobody"), "没有编号为「nobody」的颁证单位", 2),
    ],
)
def test_wrong_options_issue_nothing(tmp_path: Path, options: tuple[str, ...], said: str, code: int) -> None:
    ended = issue(tmp_path, rows("章一"), *options)
    assert (ended.code, ended.out) == (code, "")
    assert said in ended.err
    assert docgen(tmp_path, "show", NUMBER).code == 2


def test_faulty_rows_are_all_told_and_cost_no_number(tmp_path: Path) -> None:
    ended = issue(tmp_path, [*rows("章一"), {"name": " "}, 3], "--decision", DECISION)
    assert ended.code == 1
    assert "第 2 行" in ended.err
    assert "第 3 行" in ended.err
    assert written(tmp_path) == []
    assert issue(tmp_path, rows("章一"), "--decision", DECISION).out.startswith(NUMBER)


def test_names_of_files_are_clean_and_names_of_people_are_no_paths(tmp_path: Path) -> None:
    raw = rows("章一", "章二", org_name='../../甲/乙\\丙:*?"<>|公司') + rows("章三", org_name="长" * 60)
    ended = issue(tmp_path, raw, "--decision", DECISION)
    assert ended.code == 0, ended.err
    names = written(tmp_path)
    assert len(names) == 3
    assert all(len(name.encode()) <= 200 and name.endswith(".pdf") for name in names)
    assert not [char for name in names for char in '/\\:*?"<>|' if char in name]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data.json", "docgen-data", "out"]


def test_a_folder_that_cannot_be_written_costs_no_number(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    ended = issue(tmp_path, rows("章一"), "--decision", DECISION)
    assert ended.code == 2
    assert "不是文件夹" in ended.err
    assert docgen(tmp_path, "show", NUMBER).code == 2


def test_a_page_that_says_something_else_is_void_or_costs_nothing(tmp_path: Path) -> None:
    """The rehearsal finds a template that prints nobody's name before anything is numbered."""
    own = tmp_path / "templates" / "html" / f"{FORM}.html"
    own.parent.mkdir(parents=True)
    own.write_text("<!DOCTYPE html><html><body><p>空白</p></body></html>", encoding="utf-8")
    env = {"DOCGEN_TEMPLATES_DIR": str(tmp_path / "templates")}
    ended = issue(tmp_path, rows("章一"), "--decision", DECISION, env=env)
    assert ended.code == 3
    assert "办法：" in ended.err
    assert written(tmp_path) == []
    assert docgen(tmp_path, "show", NUMBER).code == 2


def test_a_disk_that_fills_up_is_told_row_by_row_and_the_same_command_goes_on(tmp_path: Path) -> None:
    assert issue(tmp_path, rows("章零"), "--decision", DECISION).code == 0
    documents = tmp_path / "docgen-data" / "documents"
    documents.rename(tmp_path / "away")
    documents.touch()
    ended = issue(tmp_path, rows("章一", "章二"), "--decision", DECISION)
    assert ended.code == 3
    assert totals(ended) == (2, 0, 2)
    assert ended.err.count("待发布") == 2
    documents.unlink()
    (tmp_path / "away").rename(documents)
    again = issue(tmp_path, rows("章一", "章二"), "--decision", DECISION)
    assert (again.code, totals(again)) == (0, (2, 2, 0))
    assert [name.split(" ")[0][-1] for name in written(tmp_path)] == ["1", "2", "3"]


def test_no_half_file_is_left_where_writing_fails(tmp_path: Path) -> None:
    assert issue(tmp_path, rows("章一"), "--decision", DECISION).code == 0
    (name,) = written(tmp_path)
    whole = (tmp_path / "out" / name).read_bytes()

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    ended = docgen(tmp_path, "reprint", NUMBER, "-o", f"out/{name}", before=little_room)
    assert ended.code != 0
    assert (tmp_path / "out" / name).read_bytes() == whole
    assert written(tmp_path) == [name]


def test_a_reprint_is_the_same_bytes_and_card_stock_gets_no_border(tmp_path: Path) -> None:
    issue(tmp_path, rows("章一"), "--decision", DECISION, "--no-border")
    plain = (tmp_path / "out" / written(tmp_path)[0]).read_bytes()
    for name, options in (("a.pdf", ("--no-border",)), ("b.pdf", ()), ("c.pdf", ()), ("d.docx", ()), ("e.docx", ())):
        ended = docgen(tmp_path, "reprint", NUMBER.lower(), "-o", name, *options)
        assert ended.code == 0, ended.err
    made = {name: (tmp_path / name).read_bytes() for name in ("a.pdf", "b.pdf", "c.pdf", "d.docx", "e.docx")}
    assert made["a.pdf"] == plain
    assert made["b.pdf"] == made["c.pdf"] != plain
    assert made["d.docx"] == made["e.docx"]
    assert docgen(tmp_path, "reprint", NUMBER, "-o", "f.png").code == 2
    assert docgen(tmp_path, "reprint", "QG-GL-2026-000009", "-o", "f.pdf").code == 2
    assert not list(tmp_path.glob("f.*"))


def test_a_correction_makes_a_second_version_once(tmp_path: Path) -> None:
    issue(tmp_path, rows("章一"), "--decision", DECISION)
    (tmp_path / "changes.json").write_text('{"name": "章二"}', encoding="utf-8")
    command = ("reissue", NUMBER, "changes.json", "--class", "信息有误", "--reason", "写错了姓名", "-o", "new.pdf")
    first = docgen(tmp_path, *command)
    assert first.code == 0, first.err
    assert "第 2 版" in first.out
    made = (tmp_path / "new.pdf").read_bytes()
    (tmp_path / "new.pdf").unlink()
    assert docgen(tmp_path, *command).code == 0
    assert (tmp_path / "new.pdf").read_bytes() == made
    assert [version["state"] for version in shown(tmp_path)] == ["issued", "superseded"]
    repeated = docgen(tmp_path, *command, "--key", "anew")
    assert repeated.code == 1
    assert "没有需要更正的地方" in repeated.err


@pytest.mark.parametrize(
    ("changes", "options", "code"),
    [
        ('{"name": " "}', (), 1),
        ("[]", (), 1),
        ("{", (), 1),
        ('{"name": "章二"}', ("--class", "别的"), 2),
        ('{"name": "章二"}', ("--reason", " "), 1),
        ('{"name": "章二"}', ("-o", "new.docx"), 2),
    ],
)
def test_a_faulty_correction_changes_nothing(tmp_path: Path, changes: str, options: tuple[str, ...], code: int) -> None:
    issue(tmp_path, rows("章一"), "--decision", DECISION)
    (tmp_path / "changes.json").write_text(changes, encoding="utf-8")
    given = ("--class", "信息有误", "--reason", "写错了", "-o", "new.pdf", *options)
    ended = docgen(tmp_path, "reissue", NUMBER, "changes.json", *given)
    assert ended.code == code, ended.err
    assert not list(tmp_path.glob("new.*"))
    assert len(shown(tmp_path)) == 1
