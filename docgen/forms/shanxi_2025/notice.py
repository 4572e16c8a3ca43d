"""The notice itself: number, deadline, and the rules that look at several annexes at once."""

from __future__ import annotations

from collections import Counter
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from docgen.forms.form import Circumstances, Deadline, Level, Notice, Remark
from docgen.forms.shanxi_2025._derived import DELIVERY, DERIVATIONS
from docgen.forms.shanxi_2025._parts import ISSUERS
from docgen.forms.shanxi_2025._reports import (
    report_for_each_nominee,
    same_topic_type_on_report,
    same_topic_types,
)
from docgen.forms.shanxi_2025._rules import DEADLINE, MOST_GROUPS, SENTENCES, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Package = Mapping[str, Sequence[Any]]
    """All submissions of one member unit: annex stem -> submissions of that annex's model."""

_PLACES: Final = MappingProxyType({"一等奖": 1, "二等奖": 2, "三等奖": 3})
_MOST_ENTERPRISES: Final = 6


def _competing(package: Package) -> Iterator[tuple[int, Any]]:
    """Walk the entries with a result, each with its place."""
    return ((index, entry) for index, entry in enumerate(package.get("entry", ())) if entry.competes)


@rule("S06")
def twenty_entries(package: Package, _: Circumstances) -> Iterator[Remark]:
    """Count the entries of each enterprise, and point at the first one too many."""
    totals = Counter(entry.org_name for _, entry in _competing(package))
    seen: Counter[str] = Counter()
    for index, entry in _competing(package):
        seen[entry.org_name] += 1
        if seen[entry.org_name] == MOST_GROUPS + 1:
            detail = f"该企业申报了 {totals[entry.org_name]} 个小组成果，最多 {MOST_GROUPS} 个，请删去多余的"
            yield Remark(Level.ERROR, detail, f"/entry/{index}/org_name")


@rule("S10")
def each_result_once(package: Package, _: Circumstances) -> Iterator[Remark]:
    """Want each topic of an enterprise once."""
    seen: set[tuple[str, str]] = set()
    for index, entry in _competing(package):
        if entry.topic_name is None:
            continue
        result = (entry.org_name, entry.topic_name)
        if result in seen:
            yield Remark(Level.ERROR, "该企业的同一课题在材料中重复申报，请只保留一次", f"/entry/{index}/topic_name")
        seen.add(result)


@rule("S13")
def one_enterprise(package: Package, _: Circumstances) -> Iterator[Remark]:
    """Allow a member unit one enterprise."""
    if (given := len(package.get("enterprise-entry", ()))) > 1:
        detail = f"有 {given} 份优秀企业报名表（附件 3），每个会员单位限推荐 1 个"
        yield Remark(Level.ERROR, detail, "/enterprise-entry/1/org_name")


@rule("S15")
def one_promoter(package: Package, _: Circumstances) -> Iterator[Remark]:
    """Allow a member unit one promoter."""
    if (given := len(package.get("promoter-entry", ()))) > 1:
        detail = f"有 {given} 份优秀推进者报名表（附件 4），每个会员单位限推荐 1 名"
        yield Remark(Level.ERROR, detail, "/promoter-entry/1/name")


@rule("S21")
def places_to_award(package: Package, _: Circumstances) -> Iterator[Remark]:
    """Hold the certificates of a batch against the places that the notice awards."""
    for stem, contest in (("certificate-group", "QC小组竞赛"), ("certificate-promoter", "优秀推进者")):
        seen: Counter[str] = Counter()
        for index, certificate in enumerate(package.get(stem, ())):
            grade = certificate.grade
            seen[grade] += 1
            if seen[grade] == _PLACES[grade] + 1:
                detail = f"{contest}{grade}只有 {_PLACES[grade]} 名，此份超出名额"
                yield Remark(Level.ERROR, detail, f"/{stem}/{index}/grade")
    if (given := len(package.get("certificate-enterprise", ()))) > _MOST_ENTERPRISES:
        detail = f"优秀企业只有 {_MOST_ENTERPRISES} 个，现为 {given} 个，超出名额"
        yield Remark(Level.ERROR, detail, f"/certificate-enterprise/{_MOST_ENTERPRISES}/org_name")


NOTICE = Notice(
    id="shanxi-2025",
    title="关于开展 2025 年全省信息系统全面质量管理成果竞赛的通知",
    number="晋信息业工发〔2025〕38号",
    issuers=ISSUERS,
    award="全省信息系统全面质量管理成果竞赛",
    deadlines=(Deadline(DEADLINE, "报名", date(2025, 9, 30)),),
    sentences=SENTENCES,
    package_rules=(
        twenty_entries,
        same_topic_types,
        report_for_each_nominee,
        each_result_once,
        same_topic_type_on_report,
        one_enterprise,
        one_promoter,
        places_to_award,
    ),
    derivations=DERIVATIONS,
    delivery=DELIVERY,
)
