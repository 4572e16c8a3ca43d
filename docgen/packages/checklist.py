"""The checklist of a package: what is in it, and what a person still has to do before it can be handed in."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field

from docgen.fields import Part, Submission
from docgen.forms.form import HouseForm, Kind, Level, Provenance
from docgen.layout import PageKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from docgen.packages.preparing import Prepared, Sheet

MOST_TASKS: Final = 200
"""Tasks of one section; more are counted, and stand in the manifest."""
_MOST_NUMBERS: Final = 8
_NUMERALS: Final = "二三四五六"
"""Of the sections; the first is the list of papers."""
_COPY: Final = re.compile(r"（第 (\d+) 份）")
_ITEM: Final = re.compile(r"第 (\d+) 项")

_LEVELS: Final = {Level.ERROR: "必须改正或补填", Level.WARNING: "请核实", Level.REMINDER: "请办理"}
_FORMATS: Final = {"docx": "Word", "pdf": "PDF", "xlsx": "Excel"}
_ATTACHING: Final = "请附上证实材料"
_DELIVERING: Final = "请按要求报送"


class Fact(Part):
    """One line of the head."""

    name: Annotated[str, Field(title="事项")]
    text: Annotated[str, Field(title="内容")]


class Paper(Part):
    """One annex in the package."""

    title: Annotated[str, Field(title="材料")]
    copies: Annotated[str, Field(title="份数")]
    formats: Annotated[str, Field(title="格式")]
    source: Annotated[str, Field(title="来源")]


class Task(Part):
    """One thing to do; ``sentence`` is the notice's."""

    place: Annotated[str, Field(title="材料")]
    text: Annotated[str, Field(title="事项")]
    sentence: Annotated[str, Field(title="通知原文")]


class Section(Part):
    """Things of one kind to do."""

    title: Annotated[str, Field(title="类别")]
    tasks: Annotated[list[Task], Field(title="事项")]


class Checklist(Submission):
    """What the checklist prints."""

    subject: Annotated[str, Field(title="通知")]
    facts: Annotated[list[Fact], Field(title="概况")]
    papers: Annotated[list[Paper], Field(title="材料目录")]
    sections: Annotated[list[Section], Field(title="待办事项")]


FORM: Final = HouseForm(
    module=__name__,
    title="报送材料核对清单",
    annex="",
    kind=Kind.CHECKLIST,
    page=PageKind.FORM,
    model=Checklist,
    provenance=Provenance.RECONSTRUCTED,
)


@dataclass(slots=True)
class _Group:
    """Findings that say the same of several places."""

    copies: set[int] = field(default_factory=set)
    items: set[int] = field(default_factory=set)
    sentences: dict[str, None] = field(default_factory=dict)


def values(prepared: Prepared, folder: str, formats: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return what the checklist prints; ``formats`` are those of each annex stem in the package."""
    notice = prepared.notice
    sections = [
        *((title, _found(prepared, level)) for level, title in _LEVELS.items()),
        (_ATTACHING, list(_attached(prepared.sheets))),
        (_DELIVERING, [_task("全部材料", one.text, notice.sentences[one.rule]) for one in notice.delivery.clauses]),
    ]
    return {
        "subject": notice.title,
        "facts": list(_facts(prepared, folder)),
        "papers": list(_papers(prepared.sheets, formats)),
        "sections": [
            {"title": f"{numeral}、{title}（{len(tasks)} 项）", "tasks": _bounded(tasks)}
            for numeral, (title, tasks) in zip(_NUMERALS, (one for one in sections if one[1]), strict=False)
        ],
    }


def _task(place: str, text: str, sentence: str = "") -> dict[str, str]:
    return {"place": place, "text": text, "sentence": sentence}


def _bounded(tasks: list[dict[str, str]]) -> list[dict[str, str]]:
    if len(tasks) <= MOST_TASKS:
        return tasks
    return [*tasks[:MOST_TASKS], _task("其余", f"另有 {len(tasks) - MOST_TASKS} 项，见 manifest.json")]


def _facts(prepared: Prepared, folder: str) -> Iterator[dict[str, str]]:
    days = prepared.circumstances.deadlines
    if prepared.notice.number:
        yield {"name": "通知文号", "text": prepared.notice.number}
    if prepared.unit:
        yield {"name": "报送单位", "text": prepared.unit}
    for deadline in prepared.notice.deadlines:
        last = days.get(deadline.id, deadline.day)
        late = "，已经过期" if prepared.circumstances.as_of > last else ""
        yield {"name": "截止日期", "text": f"{deadline.title}：{_day(last)}（含当天）{late}"}
    yield {"name": "文件夹名称", "text": folder}
    yield {"name": "核对日期", "text": _day(prepared.circumstances.as_of)}
    told = "完整，办完下列事项即可报送" if prepared.verdict.complete else "不完整，请先办理第二部分所列的事项"
    yield {"name": "核对结论", "text": told}


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _papers(sheets: Iterable[Sheet], formats: Mapping[str, Sequence[str]]) -> Iterator[dict[str, str]]:
    counts = Counter(sheet.form.stem for sheet in sheets)
    for sheet in {sheet.form.stem: sheet for sheet in sheets}.values():
        form = sheet.form
        yield {
            "title": " ".join(filter(None, (form.annex_name, form.title))),
            "copies": str(counts[form.stem]),
            "formats": "、".join(_FORMATS[fmt] for fmt in formats[form.stem]),
            "source": "汇总得出，待补填" if sheet.gaps else "汇总得出" if sheet.sources else "单位填报",
        }


def _found(prepared: Prepared, level: Level) -> list[dict[str, str]]:
    """Return the findings of one level; what several documents have in common stands once."""
    totals = Counter(sheet.form.stem for sheet in prepared.sheets)
    groups: dict[tuple[str, str, str], _Group] = {}
    for finding in prepared.verdict.findings:
        if finding.level is level:
            stem = finding.pointer.split("/")[1] if finding.pointer else ""
            plain = "·".join(dict.fromkeys(_ITEM.sub("", _COPY.sub("", finding.label)).split("·")))
            group = groups.setdefault((stem, plain, finding.detail), _Group())
            group.copies.update(int(number) for number in _COPY.findall(finding.label))
            group.items.update(int(number) for number in _ITEM.findall(finding.label)[:1])
            group.sentences[finding.sentence] = None
    return [
        _task(_where(label, group, totals[stem]), detail, "；".join(group.sentences))
        for (stem, label, detail), group in groups.items()
    ]


def _where(label: str, group: _Group, total: int) -> str:
    """Return 附件 2·小组联系人（各份）, （第 1、3 份） or （第 2、4 项）."""
    if total > 1 and len(group.copies) == total:
        return f"{label}（各份）"
    numbers, unit = (sorted(group.copies), "份") if group.copies else (sorted(group.items), "项")
    if not numbers or (unit == "份" and total == 1):
        return label
    listed = "、".join(map(str, numbers[:_MOST_NUMBERS]))
    return f"{label}（第 {listed} {unit}{f'等 {len(numbers)} {unit}' if len(numbers) > _MOST_NUMBERS else ''}）"


def _attached(sheets: Iterable[Sheet]) -> Iterator[dict[str, str]]:
    """Walk the supporting files that units listed, by annex and kind: none of them is in the package."""
    kinds: dict[tuple[str, str], int] = {}
    for sheet in sheets:
        for item in sheet.submission.get("attachments") or ():
            key = (sheet.form.annex_name or sheet.form.title, item.get("kind", "所列附件"))
            kinds[key] = kinds.get(key, 0) + 1
    for (label, kind), count in kinds.items():
        yield _task(label, f"附上{kind}，共 {count} 份（文件由单位自备，不在本包内）")
