"""附件 5：［申报材料打印格式］推荐汇总表 (晋信息业工发〔2025〕38号): three tables on one sheet."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field

from docgen.fields import GroupName, Line, OrgName, Part, PersonName, Phone, Slots, Submission
from docgen.forms.form import Circumstances, Form, Kind, Level, Provenance, Remark
from docgen.forms.shanxi_2025._rules import MOST_GROUPS, in_time, rule
from docgen.layout import PageKind

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_ROWS: Final = 10_000


class GroupRow(Part):
    """One circle with its result."""

    org_name: Annotated[OrgName, Field(title="企业名称")]
    group_name: Annotated[GroupName, Field(title="小组名称")]
    member_count: Annotated[int, Field(title="小组人数", ge=1, le=1000)]


class EnterpriseRow(Part):
    """One enterprise."""

    org_name: Annotated[OrgName, Field(title="企业名称")]
    phone: Annotated[Phone, Field(title="联系电话")]
    contact_name: Annotated[PersonName, Field(title="联系人")]


class PromoterRow(Part):
    """One promoter."""

    name: Annotated[PersonName, Field(title="推进者姓名")]
    org_name: Annotated[OrgName, Field(title="所在单位名称")]
    phone: Annotated[Phone, Field(title="联系电话")]
    contact_name: Annotated[PersonName, Field(title="联系人")]


class RecommendationSummary(Submission):
    """What a member unit fills in; 编号 is the organiser's."""

    org_name: Annotated[OrgName, Field(title="单位、部门")]
    number: Annotated[str | None, Line(60), Field(title="编号")] = None
    groups: Annotated[list[GroupRow], Slots(5), Field(title="优秀质量管理小组活动成果", max_length=_MOST_ROWS)] = Field(
        default=[]
    )
    enterprises: Annotated[
        list[EnterpriseRow], Slots(2), Field(title="全省质量管理小组活动优秀企业", max_length=_MOST_ROWS)
    ] = Field(default=[])
    promoters: Annotated[
        list[PromoterRow], Slots(2), Field(title="全省质量管理小组活动优秀推进者", max_length=_MOST_ROWS)
    ] = Field(default=[])


@rule("S06")
def twenty_groups(summary: RecommendationSummary, _: Circumstances) -> Iterator[Remark]:
    """Count the results of each enterprise, and point at the first one too many."""
    seen: Counter[str] = Counter()
    for index, row in enumerate(summary.groups):
        seen[row.org_name] += 1
        if seen[row.org_name] == MOST_GROUPS + 1:
            total = sum(other.org_name == row.org_name for other in summary.groups)
            detail = f"该企业列了 {total} 个小组成果，最多 {MOST_GROUPS} 个，请删去多余的"
            yield Remark(Level.ERROR, detail, f"/groups/{index}/org_name")


@rule("S13")
def one_enterprise(summary: RecommendationSummary, _: Circumstances) -> Iterator[Remark]:
    """Allow a member unit one enterprise."""
    if (given := len(summary.enterprises)) > 1:
        yield Remark(Level.ERROR, f"列了 {given} 个优秀企业，每个会员单位限推荐 1 个", "/enterprises/1")


@rule("S15")
def one_promoter(summary: RecommendationSummary, _: Circumstances) -> Iterator[Remark]:
    """Allow a member unit one promoter."""
    if (given := len(summary.promoters)) > 1:
        yield Remark(Level.ERROR, f"列了 {given} 名优秀推进者，每个会员单位限推荐 1 名", "/promoters/1")


FORM = Form(
    module=__name__,
    title="推荐汇总表",
    annex="附件 5：［申报材料打印格式］",
    kind=Kind.SUMMARY,
    page=PageKind.FORM,
    model=RecommendationSummary,
    provenance=Provenance.EXACT,
    rules=(in_time, twenty_groups, one_enterprise, one_promoter),
    tabular=True,
)
