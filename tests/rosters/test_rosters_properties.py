"""What holds for every roster: order, text, no row lost; bounded memory; and what LibreOffice makes of the file."""

import csv
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from roster_files import DECISION, HEAD, ROWS, SHARED, fates, shared_strings, xlsx

from docgen import rosters
from docgen.forms.catalogue import get_form
from docgen.rosters import synonyms

GROUP = get_form("caq-2026/certificate-group")
ROOT = Path(__file__).resolve().parents[2]
HAN = st.characters(categories=["Lo"], min_codepoint=0x4E00, max_codepoint=0x9FA5)
NAMES = st.text(HAN, min_size=2, max_size=3)
TEXTS = st.text(
    st.one_of(HAN, st.sampled_from("ABCxyz0123456789（）()·-—《》“”%&<>{}=+@'\"#$ＡＢ１２")), min_size=1, max_size=30
).filter(lambda text: text.strip() == text and text not in synonyms.NOTHING | synonyms.REPEATS)


@given(
    st.lists(st.tuples(TEXTS, TEXTS, st.lists(NAMES, min_size=1, max_size=10)), min_size=1, max_size=12), st.booleans()
)
def test_text_in_is_text_out_and_the_order_is_kept(lines: list[tuple[str, str, list[str]]], shared: bool) -> None:  # noqa: FBT001  drawn by hypothesis
    numbered = [(at, org, group, "、".join(names)) for at, (org, group, names) in enumerate(lines, 1)]

    def as_text(sheet: Any) -> None:
        for row in sheet.iter_rows(min_row=2, min_col=2):
            for cell in row:
                cell.data_type = "s"

    data = xlsx(HEAD, *numbered, change=as_text)
    roster = rosters.read(shared_strings(data) if shared else data, GROUP)
    read = [
        (row.values.get("org_name"), row.values.get("group_name"), row.values.get("members")) for row in roster.rows
    ]
    assert read == lines
    assert roster.tally == rosters.Tally(len(lines), len(lines), 0, 0)


CELLS = st.one_of(
    st.none(),
    TEXTS,
    st.sampled_from(
        [
            "合计",
            "小计",
            "同上",
            "无",
            "序号",
            "组织名称",
            "小组名称",
            "示例",
            "注：x",
            "填表人：x",
            "张 三 李 四",
            " ",
            "\u200b",
        ]
    ),
    st.integers(-5, 50_000),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.booleans(),
    st.dates(),
)
AREAS = st.tuples(st.integers(1, 9), st.integers(1, 5), st.integers(0, 4), st.integers(0, 3))


@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS, CELLS), max_size=8), st.lists(AREAS, max_size=2), st.booleans())
def test_every_row_with_something_in_it_is_in_exactly_one_of_three(
    lines: list[tuple[Any, ...]],
    areas: list[tuple[int, int, int, int]],
    headless: bool,  # noqa: FBT001  the same
) -> None:
    def change(sheet: Any) -> None:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type in {"f", "e"}:
                    cell.data_type = "s"
        taken: set[tuple[int, int]] = set()
        for top, left, down, right in areas:
            cells = {(row, column) for row in range(top, top + down + 1) for column in range(left, left + right + 1)}
            if len(cells) > 1 and not cells & taken:
                taken |= cells
                sheet.merge_cells(start_row=top, start_column=left, end_row=top + down, end_column=left + right)

    data = xlsx(*([] if headless else [HEAD]), *lines, change=change)
    roster = rosters.check(rosters.read(data, GROUP), DECISION, SHARED)
    tally = roster.tally
    assert tally.rows_in == len(roster.rows) == tally.good + tally.skipped + tally.failed
    assert len({row.number for row in roster.rows}) == len(roster.rows)
    assert len(rosters.order_of(roster, DECISION, None, SHARED)["rows"]) == tally.good
    assert rosters.report(roster, [rosters.Result("1")] * tally.good)
    if not headless and not areas and not any(fault.code == "no-heading" for fault in roster.faults):
        told = {row.number for row in roster.rows}
        written = {
            number
            for number, line in enumerate(lines, 2)
            if any(value is not None and str(value).strip() for value in line)
        }
        assert written <= told | {1, 2}


CHILD = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (900 * 2**20, 900 * 2**20))
from docgen import rosters
from docgen.forms.catalogue import get_form
form = get_form("caq-2026/certificate-group")
roster = rosters.read(open(sys.argv[1], "rb").read(), form)
roster = rosters.check(roster, "云质协〔2026〕50号", {"issued_on": "2026-10-30"})
report = rosters.report(roster, [rosters.Result("N", "C")] * len(roster.good))
most = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))  # ru_maxrss counts the parent too
print(roster.tally, len(report) > 100_000, int(most.split()[1]) // 1024)
"""


def test_ten_thousand_rows_are_read_checked_and_reported_in_bounded_memory(tmp_path: Path) -> None:
    def name(number: int) -> str:
        return chr(0x4E00 + number * 7 % 5000) + chr(0x5000 + number * 13 % 5000)

    lines = [
        (at, f"云岭{name(at % 900)}机械有限公司", f"{name(at)}QC小组", "、".join(name(at * 10 + k) for k in range(10)))
        for at in range(10_000)
    ]
    path = tmp_path / "roster.xlsx"
    path.write_bytes(xlsx(HEAD, *lines))
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(path)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    counted, reported, most = done.stdout.rsplit(" ", 2)
    assert counted.startswith("Tally(rows_in=10000, ")
    assert reported == "True"
    assert int(most) < 400, "mebibytes"


def converted(tmp_path: Path, source: Path, *options: str) -> bytes:
    """Let LibreOffice save a file as xlsx."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    target = tmp_path / "out"
    subprocess.run(
        [office, profile, "--headless", *options, "--convert-to", "xlsx", "--outdir", str(target), str(source)],
        capture_output=True,
        check=True,
        timeout=120,
    )
    return (target / source.with_suffix(".xlsx").name).read_bytes()


def test_a_list_that_came_as_csv_and_was_saved_by_libreoffice(tmp_path: Path) -> None:
    source = tmp_path / "名单.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [("推荐汇总表",), (*HEAD, "颁发日期"), *((*row, "2026-10-30") for row in ROWS), ("合计",)]
        )
    utf8 = "--infilter=CSV:44,34,76"
    roster = rosters.read(converted(tmp_path, source, utf8), GROUP)
    assert [row.values["group_name"] for row in roster.good] == [row[2] for row in ROWS]
    assert {row.values["issued_on"] for row in roster.good} == {"2026-10-30"}
    assert fates(roster)[6] == "合计行"


def test_a_list_with_merged_cells_and_formulas_that_libreoffice_worked_out(tmp_path: Path) -> None:
    lines = [HEAD, ROWS[0], (2, None, '="飞轮"&"QC小组"', "管鲍"), ROWS[1]]
    source = tmp_path / "名单.xlsx"
    source.write_bytes(xlsx(*lines, change=lambda sheet: sheet.merge_cells("B2:B3")))
    roster = rosters.read(converted(tmp_path, source), GROUP)
    assert [(row.values["org_name"], row.values["group_name"]) for row in roster.good] == [
        (ROWS[0][1], "攀登者QC小组"),
        (ROWS[0][1], "飞轮QC小组"),
        (ROWS[1][1], "清源QC小组"),
    ]
    assert roster.faults == ()


def test_the_template_survives_libreoffice(tmp_path: Path) -> None:
    source = tmp_path / "模板.xlsx"
    source.write_bytes(rosters.template(GROUP))
    roster = rosters.read(converted(tmp_path, source), GROUP)
    assert fates(roster) == {2: "示例行"}
    assert roster.warnings == ()
