"""质量管理小组活动优秀推进者报告单 (named in 晋信息业工发〔2025〕38号, 四（四）5): rebuilt, forms.md 5.9."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from docgen.fields import (
    FromRule,
    IsoDate,
    Line,
    OrgName,
    Part,
    PersonName,
    Phone,
    Submission,
    Unprinted,
    Words,
    YearMonth,
)
from docgen.forms.form import Circumstances, Form, Kind, Provenance
from docgen.forms.shanxi_2025._parts import Award
from docgen.forms.shanxi_2025._reports import no_secrets, report_accompanies_entry
from docgen.forms.shanxi_2025._rules import in_time, recent_awards, rule, too_few_years
from docgen.layout import PageKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docgen.forms.form import Remark


class Compliance(Part):
    """A fact that the conditions ask for and the form has no cell for."""

    role: Annotated[Literal["主要领导人", "质量管理小组工作者"] | None, Field(title="推荐身份")] = None


class PromoterReport(Submission):
    """How a person meets conditions 三（一） to （三） of 附件1."""

    name: Annotated[PersonName, Field(title="姓名")]
    gender: Annotated[Literal["男", "女"] | None, Field(title="性别")] = None
    birth: Annotated[YearMonth | None, Field(title="出生年月")] = None
    title_position: Annotated[str, Line(60), Field(title="职称/职务")]
    years_in_qc: Annotated[int, Field(title="从事QC小组工作年限", ge=0, le=70)]
    phone: Annotated[Phone, Field(title="联系电话")]
    org_name: Annotated[OrgName, Field(title="工作单位")]
    support: Annotated[str, Words(), Field(title="对开展QC小组活动意义的认识及支持情况")]
    contribution: Annotated[str, Words(), Field(title="本岗位推动QC小组活动的突出贡献")]
    benefit: Annotated[str, Words(), Field(title="与企业中心工作结合取得的经济和社会效益")]
    awards: Annotated[list[Award], FromRule("S18"), Field(title="三年来获奖情况", max_length=200)] = Field(default=[])
    unit_opinion: Annotated[str | None, Words(), Field(title="申报单位意见")] = None
    unit_sealed_on: Annotated[IsoDate | None, Field(title="申报单位盖章日期")] = None
    recommender_opinion: Annotated[str | None, Words(), Field(title="推荐单位意见")] = None
    recommender_sealed_on: Annotated[IsoDate | None, Field(title="推荐单位盖章日期")] = None
    compliance: Annotated[Compliance | None, Unprinted(), Field(title="推荐条件核对信息")] = None


@rule("S14")
def five_years(submission: PromoterReport, _: Circumstances) -> Iterator[Remark]:
    """Want five years; a leader nominated under （一） is only warned."""
    leads = submission.compliance is not None and submission.compliance.role == "主要领导人"
    yield from too_few_years(submission.years_in_qc, "/years_in_qc", leads=leads)


FORM = Form(
    module=__name__,
    title="质量管理小组活动优秀推进者报告单",
    annex="",
    kind=Kind.REPORT,
    page=PageKind.FORM,
    model=PromoterReport,
    provenance=Provenance.RECONSTRUCTED,
    rules=(five_years, recent_awards, report_accompanies_entry, no_secrets, in_time),
)
