"""附件六：湖南省机械工业群众性质量管理活动概况统计表 (湘机质协[2026] 03 号)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field, model_validator

from docgen.fields import Line, Mobile, OrgName, Part, PersonName, Phone, Submission, Unprinted, Words
from docgen.forms.form import Circumstances, Erratum, Form, Kind, Level, Provenance, Remark
from docgen.forms.hunan_2026._rules import electronic, in_time, reminder, rule
from docgen.layout import PageKind
from docgen.quantities import Count, Money, Rate

if TYPE_CHECKING:
    from collections.abc import Iterator

_TENTH: Final = Decimal("0.1")


class Counts(Part):
    """A number of teams and one of circles."""

    team: Annotated[Count, Field(title="信得过班组")]
    qc: Annotated[Count, Field(title="QC小组")]


class Rates(Part):
    """A percentage of the teams and one of the circles; a unit without them has none."""

    team: Annotated[Rate | None, Field(title="信得过班组")] = None
    qc: Annotated[Rate | None, Field(title="QC小组")] = None


class Amounts(Part):
    """万元 for the teams and for the circles."""

    team: Annotated[Money, Field(title="信得过班组")]
    qc: Annotated[Money, Field(title="QC小组")]


class Training(Part):
    """How often people were brought together, and how many they were; printed 6次/320人."""

    times: Annotated[Count, Field(title="次数")]
    people: Annotated[Count, Field(title="人数")]


class PairRemark(Part):
    """The remarks beside two rows."""

    team: Annotated[str | None, Line(30), Field(title="信得过班组")] = None
    qc: Annotated[str | None, Line(30), Field(title="QC小组")] = None


class Remarks(Part):
    """The last column, row by row."""

    total_registered: Annotated[PairRemark | None, Field(title="历年来已登记注册累计数")] = None
    year_registered: Annotated[PairRemark | None, Field(title="本年度已登记注册数")] = None
    popularity_rate: Annotated[str | None, Line(30), Field(title="本年度普及率")] = None
    active: Annotated[PairRemark | None, Field(title="本年度坚持活动的小组数")] = None
    benefit_total: Annotated[str | None, Line(30), Field(title="历年来累计 QC、信组可创计算的经济效益")] = None
    benefit_year: Annotated[str | None, Line(30), Field(title="本年度 QC、信组可创计算的经济效益")] = None
    result_rate: Annotated[PairRemark | None, Field(title="本年度成果率")] = None
    expense: Annotated[PairRemark | None, Field(title="本年度对活动经费的投入")] = None
    reward: Annotated[PairRemark | None, Field(title="本年度企业对活动奖励费用")] = None
    training: Annotated[str | None, Line(30), Field(title="单位组织的培训交流次数与人数")] = None


class Statistics(Submission):
    """What an enterprise counts; ``popularity_rate`` follows from the people taking part where it is left out."""

    org_name: Annotated[OrgName, Field(title="填报单位")]
    contact_name: Annotated[PersonName, Field(title="联系人")]
    phone: Annotated[Phone, Field(title="电话")]
    total_registered: Annotated[Counts, Field(title="历年来已登记注册累计数")]
    year_registered: Annotated[Counts, Field(title="本年度已登记注册数")]
    popularity_rate: Annotated[Rate | None, Field(title="本年度普及率")] = None
    active: Annotated[Counts, Field(title="本年度坚持活动的小组数")]
    benefit_total: Annotated[Money, Field(title="历年来累计 QC、信组可创计算的经济效益（万元）")]
    benefit_year: Annotated[Money, Field(title="本年度 QC、信组可创计算的经济效益（万元）")]
    result_rate: Annotated[Rates | None, Field(title="本年度成果率")] = None
    expense: Annotated[Amounts, Field(title="本年度对活动经费的投入（万元）")]
    reward: Annotated[Amounts, Field(title="本年度企业对活动奖励费用（万元）")]
    training: Annotated[Training, Field(title="单位组织的培训交流次数与人数")]
    features_suggestions: Annotated[str | None, Words(), Field(title="本年度 QC 小组活动主要特点与建议")] = None
    management_department: Annotated[str | None, Line(60), Field(title="群众性质量管理活动管理部门")] = None
    manager_contact: Annotated[str | None, Line(60), Field(title="管理部门联系人")] = None
    mobile: Annotated[Mobile | None, Field(title="联系方式：手机")] = None
    fax: Annotated[Phone | None, Field(title="传真")] = None
    address_postcode: Annotated[str | None, Line(90), Field(title="通信地址、邮编")] = None
    email_or_qq: Annotated[str | None, Line(40), Field(title="邮箱或 QQ")] = None
    remark: Annotated[Remarks | None, Field(title="备注")] = None
    participants: Annotated[Count | None, Unprinted(), Field(title="参加活动人数")] = None
    employees: Annotated[Count | None, Unprinted(), Field(title="职工总数", ge=1)] = None

    @model_validator(mode="after")
    def _work_out_the_rate(self) -> Statistics:
        if self.popularity_rate is None and (rate := popularity(self)) is not None:
            return self.model_copy(update={"popularity_rate": rate})
        return self


def popularity(submission: Statistics) -> Decimal | None:
    """Return the percentage of the staff who take part, to one decimal; None where it cannot be worked out."""
    taking_part, staff = submission.participants, submission.employees
    if taking_part is None or staff is None or taking_part > staff:
        return None
    return (Decimal(100) * taking_part / staff).quantize(_TENTH, ROUND_HALF_UP)


@rule("H10")
def rate_as_defined(submission: Statistics, _: Circumstances) -> Iterator[Remark]:
    """Work the rate out from its definition."""
    taking_part, staff = submission.participants, submission.employees
    if taking_part is not None and staff is not None and taking_part > staff:
        yield Remark(Level.ERROR, "参加活动人数多于职工总数，请核实（同一人参加多项活动只计一次）", "/participants")
        return
    rate = popularity(submission)
    if submission.popularity_rate is None:
        yield Remark(Level.ERROR, "未填普及率；请填写，或补填参加活动人数和职工总数，由系统计算", "/popularity_rate")
    elif rate is None:
        yield Remark(Level.REMINDER, "未填参加活动人数和职工总数，无法核对普及率", "/popularity_rate")
    elif abs(submission.popularity_rate - rate) > _TENTH:
        detail = f"与参加活动人数除以职工总数的结果（{rate}%）不一致，请更正"
        yield Remark(Level.ERROR, detail, "/popularity_rate")


@rule("H11")
def totals_bound_years(submission: Statistics, _: Circumstances) -> Iterator[Remark]:
    """Look for a year that exceeds the total of all years."""
    total, year, active = submission.total_registered, submission.year_registered, submission.active
    for kind in ("team", "qc"):
        if getattr(year, kind) > getattr(total, kind):
            yield Remark(Level.WARNING, "大于历年来已登记注册累计数，请核实", f"/year_registered/{kind}")
        if getattr(active, kind) > getattr(total, kind):
            yield Remark(Level.WARNING, "大于历年来已登记注册累计数，请核实", f"/active/{kind}")
    if submission.benefit_year > submission.benefit_total:
        yield Remark(Level.WARNING, "大于历年来累计的经济效益，请核实", "/benefit_year")


FORM = Form(
    module=__name__,
    title="湖南省机械工业群众性质量管理活动概况统计表",
    annex="附件六：",
    kind=Kind.STATISTICS,
    page=PageKind.FORM,
    model=Statistics,
    provenance=Provenance.EXACT,
    rules=(
        rate_as_defined,
        totals_bound_years,
        reminder("H12", "统计期间固定为 2025年7月至2026年7月，请核对各项数据均按此期间统计"),
        in_time,
        electronic,
    ),
    tabular=True,
    errata=(Erratum("质量该进活动", "质量改进活动"),),
)
