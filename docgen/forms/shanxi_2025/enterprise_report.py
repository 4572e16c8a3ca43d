"""质量管理小组活动优秀企业报告单 (named in 晋信息业工发〔2025〕38号, 四（四）4): rebuilt, forms.md 5.8."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from docgen.fields import FromRule, IsoDate, Line, OrgName, PersonName, Submission, Words
from docgen.forms.form import Circumstances, Form, Kind, Provenance
from docgen.forms.shanxi_2025._parts import Award
from docgen.forms.shanxi_2025._reports import no_secrets, report_accompanies_entry
from docgen.forms.shanxi_2025._rules import in_time, recent_awards, rule, without_recent_award
from docgen.layout import PageKind
from docgen.quantities import Count, Rate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docgen.forms.form import Remark


class EnterpriseReport(Submission):
    """How an enterprise meets conditions 二（一） to （三） of 附件1."""

    org_name: Annotated[OrgName, Field(title="单位名称")]
    head_name: Annotated[PersonName | None, Field(title="企业负责人")] = None
    employees: Annotated[Count | None, Field(title="职工总数")] = None
    department: Annotated[str | None, Line(60), Field(title="QC小组主管部门")] = None
    contact: Annotated[str, Line(60), Field(title="联系人及电话")]
    total_registered: Annotated[Count | None, Field(title="累计注册小组数")] = None
    year_registered: Annotated[Count | None, Field(title="本年度注册小组数")] = None
    popularity_rate: Annotated[Rate | None, Field(title="普及率（%）")] = None
    result_rate: Annotated[Rate | None, Field(title="成果率（%）")] = None
    leadership: Annotated[str, Words(), Field(title="领导质量意识与推进全面质量管理、实施卓越绩效模式情况")]
    experience: Annotated[str, Words(), Field(title="推动QC小组活动的特色经验与推广价值")]
    awards: Annotated[
        list[Award],
        FromRule("S18", least="S12"),
        Field(title="近三年全省（及以上）优秀质量管理小组", min_length=1, max_length=200),
    ]
    publications: Annotated[
        list[Annotated[str, Line(200)]],
        FromRule("S12"),
        Field(title="省以上报刊杂志或会议发表的论文、成果或经验", min_length=1, max_length=200),
    ]
    recommender_opinion: Annotated[str | None, Words(), Field(title="推荐单位意见")] = None
    sealed_on: Annotated[IsoDate | None, Field(title="单位盖章日期")] = None


@rule("S12")
def awarded_of_late(submission: EnterpriseReport, circumstances: Circumstances) -> Iterator[Remark]:
    """Want an award of the last three years; that something was published, the field itself wants."""
    yield from without_recent_award(submission.awards, circumstances.as_of)


FORM = Form(
    module=__name__,
    title="质量管理小组活动优秀企业报告单",
    annex="",
    kind=Kind.REPORT,
    page=PageKind.FORM,
    model=EnterpriseReport,
    provenance=Provenance.RECONSTRUCTED,
    rules=(awarded_of_late, recent_awards, report_accompanies_entry, no_secrets, in_time),
)
