"""附件 3 企业质量管理小组活动统计表 (青质协联〔2026〕5号): rebuilt, the notice only names it.

Rows after another association's 质量管理小组概况统计表 and 湖南 附件六.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from docgen.fields import IsoDate, Line, OrgName, Part, PersonName, Phone, Submission, Words
from docgen.forms.form import Form, Kind, Provenance
from docgen.forms.qinghai_2026._rules import before_the_last_term_ends, on_paper_and_by_mail, sealed_by_unit
from docgen.layout import PageKind
from docgen.quantities import Count, Money, Rate

if TYPE_CHECKING:
    from collections.abc import Mapping

_WHOLE: Final = Decimal(100)
_TOLERANCE: Final = Decimal("0.1")
"""Percentage points by which a given rate may differ from the computed one."""

Note = Annotated[str, Line(30)]


class Remarks(Part):
    """The last column, row by row."""

    r1: Annotated[Note | None, Field(title="第 1 行备注")] = None
    r2: Annotated[Note | None, Field(title="第 2 行备注")] = None
    r3: Annotated[Note | None, Field(title="第 3 行备注")] = None
    r4: Annotated[Note | None, Field(title="第 4 行备注")] = None
    r5: Annotated[Note | None, Field(title="第 5 行备注")] = None
    r6: Annotated[Note | None, Field(title="第 6 行备注")] = None
    r7: Annotated[Note | None, Field(title="第 7 行备注")] = None
    r8: Annotated[Note | None, Field(title="第 8 行备注")] = None
    r9: Annotated[Note | None, Field(title="第 9 行备注")] = None
    r10: Annotated[Note | None, Field(title="第 10 行备注")] = None
    r11: Annotated[Note | None, Field(title="第 11 行备注")] = None
    r12: Annotated[Note | None, Field(title="第 12 行备注")] = None
    r13: Annotated[Note | None, Field(title="第 13 行备注")] = None
    r14: Annotated[Note | None, Field(title="第 14 行备注")] = None
    r15: Annotated[Note | None, Field(title="第 15 行备注")] = None


class Statistics(Submission):
    """An enterprise's circles in figures, January to December 2025; both rates follow from the counts."""

    org_name: Annotated[OrgName, Field(title="填报单位")]
    employees: Annotated[Count, Field(title="企业职工总数")]
    total_registered: Annotated[Count, Field(title="历年来登记注册QC小组累计数量")]
    year_registered: Annotated[Count, Field(title="本年度登记注册QC小组数量")]
    year_active: Annotated[Count, Field(title="本年度开展活动的QC小组数量")]
    year_results: Annotated[Count, Field(title="本年度取得成果数量")]
    result_rate: Annotated[Rate | None, Field(title="本年度QC小组成果率", validate_default=True)] = None
    participants: Annotated[Count, Field(title="本年度参加QC小组活动人数")]
    popularity_rate: Annotated[Rate | None, Field(title="本年度QC小组普及率", validate_default=True)] = None
    benefit_total: Annotated[Money | None, Field(title="历年来累计可计算的经济效益（万元）")] = None
    benefit_year: Annotated[Money | None, Field(title="本年度可计算的经济效益（万元）")] = None
    training: Annotated[Count | None, Field(title="本年度参加QC小组培训人次")] = None
    proposals: Annotated[Count | None, Field(title="本年度QC小组成员提合理化建议数量")] = None
    qualified: Annotated[Count | None, Field(title="具有QC小组活动推进者（评委）资格人数")] = None
    expense: Annotated[Money | None, Field(title="本年度活动经费投入（万元）")] = None
    reward: Annotated[Money | None, Field(title="本年度对活动的奖励费用（万元）")] = None
    remark: Annotated[Remarks | None, Field(title="备注")] = None
    features_suggestions: Annotated[str | None, Words(), Field(title="本年度QC小组活动主要特点与建议")] = None
    department: Annotated[str | None, Line(60), Field(title="QC小组活动管理部门")] = None
    contact: Annotated[str | None, Line(60), Field(title="联系人及电话")] = None
    filled_by: Annotated[PersonName | None, Field(title="填表人")] = None
    phone: Annotated[Phone | None, Field(title="电话")] = None
    date: Annotated[IsoDate | None, Field(title="填表日期")] = None

    @field_validator("result_rate")
    @classmethod
    def _results_of_registered(cls, given: Decimal | None, info: ValidationInfo) -> Decimal | None:
        return _share(given, info.data, "year_results", "year_registered")

    @field_validator("popularity_rate")
    @classmethod
    def _participants_of_employees(cls, given: Decimal | None, info: ValidationInfo) -> Decimal | None:
        return _share(given, info.data, "participants", "employees")


def _share(given: Decimal | None, counts: Mapping[str, int], part: str, whole: str) -> Decimal | None:
    """Return the given percentage, or the computed one with one decimal; refuse what the two counts do not bear.

    A count that is itself at fault is missing from ``counts``.
    """
    if part not in counts or not counts.get(whole):
        return given
    exact = counts[part] * _WHOLE / counts[whole]
    titles = {name: Statistics.model_fields[name].title for name in (part, whole)}
    if exact > _WHOLE:
        raise PydanticCustomError(
            "over_hundred",
            "「{part}」大于「{whole}」，比率超过 100%，请核对这两项数量",
            {"part": titles[part], "whole": titles[whole]},
        )
    if given is None:
        return exact.quantize(_TOLERANCE, ROUND_HALF_UP)
    if abs(given - exact) > _TOLERANCE:
        raise PydanticCustomError(
            "rate_mismatch",
            "与「{part}」除以「{whole}」的结果不符（相差超过 0.1 个百分点），请更正，或不填此项由系统计算",
            {"part": titles[part], "whole": titles[whole]},
        )
    return given


FORM = Form(
    module=__name__,
    title="企业质量管理小组活动统计表",
    annex="附件 3",
    kind=Kind.STATISTICS,
    page=PageKind.FORM,
    model=Statistics,
    provenance=Provenance.RECONSTRUCTED,
    rules=(sealed_by_unit, on_paper_and_by_mail, before_the_last_term_ends),
    tabular=True,
)
