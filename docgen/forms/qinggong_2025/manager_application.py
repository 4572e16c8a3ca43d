"""附件 1 2025年轻工行业优秀质量管理者交流申报表 (轻工行业 2025): rebuilt, the notice only names it.

A person's form after 山西 附件4, with the conditions of the notice's part 二（一）.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import Field

from docgen.fields import (
    Address,
    Distinct,
    Email,
    FromRule,
    IsoDate,
    Line,
    OrgName,
    PersonName,
    Phone,
    Postcode,
    Unprinted,
    Words,
    YearMonth,
)
from docgen.forms.form import Circumstances, Form, Kind, Level, Provenance, Remark
from docgen.forms.qinggong_2025._parts import Route, Routed
from docgen.forms.qinggong_2025._rules import in_time, rule, true_and_answered_for, usual_length
from docgen.layout import PageKind

if TYPE_CHECKING:
    from collections.abc import Iterator

ACHIEVED: Final = "质量业绩证明材料"


class ManagerApplication(Routed):
    """What a manager's enterprise fills in; one manager an enterprise."""

    name: Annotated[PersonName, Field(title="姓名")]
    gender: Annotated[Literal["男", "女"], Field(title="性别")]
    birth: Annotated[YearMonth | None, Field(title="出生年月")] = None
    education: Annotated[str | None, Line(60), Field(title="学历/学位")] = None
    title: Annotated[str | None, Line(60), Field(title="职称")] = None
    position: Annotated[str, Line(60), Field(title="职务")]
    level: Annotated[Literal["高层", "中层"], FromRule("L09"), Field(title="管理层级")]
    years_in_quality: Annotated[int | None, Field(title="从事质量工作年限", ge=0, le=80)] = None
    org_name: Annotated[OrgName, Field(title="工作单位")]
    address: Annotated[Address | None, Field(title="通信地址")] = None
    postcode: Annotated[Postcode | None, Field(title="邮编")] = None
    phone: Annotated[Phone, Field(title="联系电话")]
    email: Annotated[Email, Field(title="电子邮箱")]
    route: Annotated[Route, Field(title="申报途径")]
    recommender: Annotated[OrgName | None, Unprinted(), Field(title="推荐单位", validate_default=True)] = None
    achievements: Annotated[str, Words(), Field(title="在质量创新、体系建设、质量活动中取得的突出成绩")]
    breakthroughs: Annotated[str, Words(), Field(title="解决瓶颈问题及品牌建设、效益情况")]
    participation: Annotated[str, Words(), Field(title="组织参加行业质量管理创新提升活动、交流分享情况")]
    honours: Annotated[str | None, Words(), Field(title="获得荣誉及质量相关出版著作")] = None
    proofs: Annotated[
        list[Literal["质量业绩证明材料", "荣誉证书", "质量相关出版著作", "其他"]],
        Distinct(),
        Field(title="证明材料清单"),
    ] = Field(default=[])
    unit_opinion: Annotated[str | None, Words(), Field(title="申报单位意见")] = None
    sealed_on: Annotated[IsoDate | None, Field(title="单位盖章日期")] = None
    recommender_opinion: Annotated[str | None, Words(), Field(title="推荐单位意见")] = None
    recommended_on: Annotated[IsoDate | None, Field(title="推荐单位盖章日期")] = None


@rule("L02")
def achievements_proved(submission: ManagerApplication, _: Circumstances) -> Iterator[Remark]:
    """Want a proof of what was achieved; the package looks for the other sheet."""
    if ACHIEVED not in submission.proofs:
        yield Remark(Level.ERROR, f"未勾选{ACHIEVED}，至少需要提交一份", "/proofs")


@rule("L06")
def also_on_paper(_: ManagerApplication, __: Circumstances) -> Iterator[Remark]:
    """Remind of the paper copy that only this annex needs."""
    yield Remark(Level.REMINDER, "除电子版外，另提交纸质材料一份，逾期不予受理")


@rule("L10")
def law_abiding(_: ManagerApplication, __: Circumstances) -> Iterator[Remark]:
    """Remind of the unit's word for it: it cannot be seen in the data."""
    yield Remark(Level.REMINDER, "请由申报单位在意见中确认该同志遵纪守法、有一定影响力", "/unit_opinion")


FORM = Form(
    module=__name__,
    title="2025年轻工行业优秀质量管理者交流申报表",
    annex="附件 1",
    kind=Kind.APPLICATION,
    page=PageKind.FORM,
    model=ManagerApplication,
    provenance=Provenance.RECONSTRUCTED,
    rules=(
        achievements_proved,
        in_time,
        also_on_paper,
        law_abiding,
        true_and_answered_for,
        usual_length("achievements", "breakthroughs", "participation", "honours"),
    ),
)
