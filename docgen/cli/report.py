"""What commands print: tables, verdicts, diagnoses, and the same for machines."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from docgen.cli.outcome import fault_lines, placed
from docgen.cli.terminal import aligned

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docgen.doctor import Diagnosis
    from docgen.forms.checking import Verdict
    from docgen.forms.form import Finding, Form

_LEVELS: Final = MappingProxyType({"error": "错误", "warning": "待核实", "reminder": "提醒"})
"""In the order of weight."""

WAYS: Final = MappingProxyType({"tag": "按控件标记读出", "grid": "按表格位置读出"})
"""How values of a filled form were found."""

_REBUILT: Final = "※"


def as_json(value: object) -> str:
    """Return JSON for machines that people can read too."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def form_entries(forms: Iterable[Form]) -> list[dict[str, object]]:
    """Return the forms for machines."""
    return [
        {
            "id": form.id,
            "title": form.title,
            "annex": form.annex_name,
            "kind": form.kind.value,
            "provenance": form.provenance.value,
            "formats": list(form.formats),
        }
        for form in forms
    ]


def form_table(forms: Iterable[Form]) -> str:
    """Return the forms as a table; those that the notice only names carry a mark."""
    rows = [("编号", "附件", "名称", "种类", "格式", "")]
    rebuilt = False
    for form in forms:
        mark = _REBUILT if form.provenance.value == "reconstructed" else ""
        rebuilt = rebuilt or bool(mark)
        rows.append((form.id, form.annex_name or "—", form.title, form.kind.value, " ".join(form.formats), mark))
    legend = f"\n\n{_REBUILT} 通知只提到、没有附样表，按通知的文字重建" if rebuilt else ""
    return aligned(rows) + legend


def verdict_text(title: str, verdict: Verdict) -> str:
    """Return a verdict for people: faults, findings by weight with the notice's sentences, one last line."""
    lines = [title]
    if verdict.faults:
        lines += ["", f"填报数据有 {len(verdict.faults)} 处需要修改", *fault_lines(verdict.faults)]
    counts = []
    for level, name in _LEVELS.items():
        found = [finding for finding in verdict.findings if finding.level.value == level]
        if found:
            lines += ["", f"{name} {len(found)} 条", *_finding_lines(found)]
            counts.append(f"{name} {len(found)} 条")
    return "\n".join([*lines, "", _conclusion(verdict, counts)])


def _finding_lines(findings: Iterable[Finding]) -> list[str]:
    lines: list[str] = []
    for number, finding in enumerate(findings, 1):
        lines.append(f"{number}. {placed(finding.label, finding.pointer)}：{finding.detail}")
        if finding.rule:
            lines.append(f"   通知原文（{finding.rule}）：{finding.sentence}")
    return lines


def _conclusion(verdict: Verdict, counts: list[str]) -> str:
    listed = "，".join(counts)
    if verdict.faults:
        also = f"；另有{listed}" if counts else ""
        return f"结论：不完整，填报数据有 {len(verdict.faults)} 处需要修改{also}。改正后请再核对一次"
    if not verdict.complete:
        return f"结论：不完整（{listed}）。请改正错误后再核对一次"
    return f"结论：完整（{listed}）" if counts else "结论：完整"


def diagnosis_text(diagnoses: Iterable[Diagnosis]) -> str:
    """Return what the doctor saw, one line each, with the remedy under what is not well."""
    lines: list[str] = []
    for diagnosis in diagnoses:
        state = "异常" if not diagnosis.ok else "留意" if diagnosis.remedy else "正常"
        lines.append(f"{state}  {diagnosis.name}：{diagnosis.detail}")
        if diagnosis.remedy:
            lines.append(f"      办法：{diagnosis.remedy}")
    return "\n".join(lines)
