"""Looking forms up: table, JSON, schema, sample, and identifiers that do not exist."""

import json
from pathlib import Path

import pytest
from cli_process import APPLICATION, ROOT, docgen

from docgen.cli.terminal import width
from docgen.forms.catalogue import all_forms
from docgen.forms.form import Provenance


def test_forms_is_a_table_whose_columns_stand_under_each_other(tmp_path: Path) -> None:
    ended = docgen(tmp_path, "forms")
    assert (ended.code, ended.err) == (0, "")
    head, *rows = ended.out.partition("\n\n")[0].splitlines()
    forms = list(all_forms().values())
    assert [row.split()[0] for row in rows] == [form.id for form in forms]
    for row, form in zip(rows, forms, strict=True):
        for column, cell in (("附件", form.annex_name or "—"), ("名称", form.title), ("格式", " ".join(form.formats))):
            assert width(row[: row.index(f"  {cell}")]) == width(head[: head.index(f"  {column}")])


def test_forms_marks_what_was_rebuilt(tmp_path: Path) -> None:
    table, _, legend = docgen(tmp_path, "forms").out.partition("\n\n")
    marked = {line.split()[0] for line in table.splitlines() if line.endswith("※")}
    assert marked == {form.id for form in all_forms().values() if form.provenance is Provenance.RECONSTRUCTED}
    assert legend.startswith("※ 通知只提到")


def test_forms_as_json(tmp_path: Path) -> None:
    ended = docgen(tmp_path, "forms", "--json")
    assert (ended.code, ended.err) == (0, "")
    listed = json.loads(ended.out)
    assert [entry["id"] for entry in listed] == list(all_forms())
    assert listed[1] == {
        "id": APPLICATION,
        "title": "全国优秀质量管理小组申报表",
        "annex": "附件 2",
        "kind": "申报表",
        "provenance": "exact",
        "formats": ["docx", "pdf", "png"],
    }
    assert "申报表" in ended.out


def test_schema(tmp_path: Path) -> None:
    ended = docgen(tmp_path, "schema", APPLICATION)
    assert (ended.code, ended.err) == (0, "")
    schema = json.loads(ended.out)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"] == "全国优秀质量管理小组申报表"


@pytest.mark.parametrize("form_id", all_forms())
def test_sample_is_the_committed_one(tmp_path: Path, form_id: str) -> None:
    ended = docgen(tmp_path, "sample", form_id)
    assert (ended.code, ended.err) == (0, "")
    assert json.loads(ended.out) == json.loads((ROOT / "samples" / f"{form_id}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "arguments",
    [
        ["schema", "caq-2026/aplication"],
        ["sample", "caq-2026/aplication"],
        ["blank", "caq-2026/aplication", "-o", "表.docx"],
        ["check", "caq-2026/aplication", "-"],
        ["render", "caq-2026/aplication", "-", "-o", "表.docx"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_an_unknown_form_is_wrong_use_and_the_nearest_are_named(tmp_path: Path, arguments: list[str]) -> None:
    ended = docgen(tmp_path, *arguments, stdin=b"{}")
    assert (ended.code, ended.out) == (2, "")
    assert "错误：没有编号为「caq-2026/aplication」的表" in ended.err
    assert "是否指 caq-2026/application" in ended.err
    assert list(tmp_path.iterdir()) == []
