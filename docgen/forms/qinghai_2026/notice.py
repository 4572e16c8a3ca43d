"""The notice itself: number, deadlines, and the rules that look at several annexes at once."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from docgen.forms.form import Circumstances, Deadline, Level, Notice, Remark
from docgen.forms.qinghai_2026._derived import DELIVERY, DERIVATIONS
from docgen.forms.qinghai_2026._rules import FIRST, ISSUERS, SECOND, SENTENCES, rule
from docgen.forms.qinghai_2026.application import Application
from docgen.forms.qinghai_2026.statistics import Statistics
from docgen.forms.qinghai_2026.work_summary import WorkSummary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Package = Mapping[str, Sequence[object]]
    """All submissions handed in together: annex stem -> submissions."""

_ANNEXES = {
    "application": "申报表（附件 1）",
    "work-summary": "活动总结（附件 2）",
    "statistics": "统计表（附件 3）",
}
"""The annexes that a unit hands in; the records of activity stand in the application's list of enclosures."""


def _units(package: Package) -> Mapping[str, Mapping[str, list[str]]]:
    """Return annex -> unit -> pointers to its name there, in the order of the annexes."""
    found: dict[str, dict[str, list[str]]] = {}
    for stem in _ANNEXES:
        found[stem] = {}
        for index, submission in enumerate(package.get(stem, ())):
            match submission:
                case Application() | WorkSummary() | Statistics():
                    found[stem].setdefault(submission.org_name, []).append(f"/{stem}/{index}/org_name")
    return found


@rule("Q01")
def every_annex_of_every_unit(package: Package, _: Circumstances) -> Iterator[Remark]:
    """Want 附件 1 to 3 of each unit, the summary and the statistics once."""
    units = _units(package)
    for stem, title in _ANNEXES.items():
        if not units[stem]:
            yield Remark(Level.ERROR, f"材料中没有{title}，请补齐", f"/{stem}")
        if stem != "application":
            for pointers in units[stem].values():
                for pointer in pointers[1:]:
                    yield Remark(Level.ERROR, f"该单位的{title}重复出现，每个单位只交一份", pointer)
    present = {stem: found for stem, found in units.items() if found}
    for unit in dict.fromkeys(unit for found in present.values() for unit in found):
        absent = [_ANNEXES[stem] for stem, found in present.items() if unit not in found]
        if absent:
            place = next(found[unit][0] for found in present.values() if unit in found)
            detail = f"没有该单位的{'和'.join(absent)}，请补上，或把各附件的单位名称改为一致"
            yield Remark(Level.ERROR, detail, place)


@rule("Q05")
def one_folder_for_one_unit(package: Package, _: Circumstances) -> Iterator[Remark]:
    """Point at a package of several units: a folder bears the name of one."""
    units = _units(package)
    for unit in list(dict.fromkeys(unit for found in units.values() for unit in found))[1:]:
        place = next(found[unit][0] for found in units.values() if unit in found)
        yield Remark(Level.WARNING, "材料中有不止一个单位；请每个单位单独整理成一个文件夹，以单位名称命名", place)


NOTICE = Notice(
    id="qinghai-2026",
    title="关于开展青海省48次质量管理小组活动推进工作通知",
    number="青质协联〔2026〕5号",
    issuers=ISSUERS,
    award="青海省优秀质量管理小组",
    deadlines=(
        Deadline(FIRST, "第一期申报材料受理", date(2026, 6, 30)),
        Deadline(SECOND, "第二期申报材料受理", date(2026, 10, 20)),
    ),
    sentences=SENTENCES,
    package_rules=(every_annex_of_every_unit, one_folder_for_one_unit),
    derivations=DERIVATIONS,
    delivery=DELIVERY,
)
