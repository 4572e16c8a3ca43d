"""附件 1 2025年轻工行业优秀质量管理者信息统计表 (轻工行业 2025): rebuilt, the notice only names it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from docgen.fields import IsoDate, Line, OrgName, Part, PersonName, Phone, Slots, Submission, YearMonth
from docgen.forms.form import Circumstances, Form, Kind, Level, Provenance, Remark
from docgen.forms.qinggong_2025._rules import in_time, rule, true_and_answered_for
from docgen.layout import PageKind

if TYPE_CHECKING:
    from collections.abc import Iterator


class ManagerRow(Part):
    """One nominee; the key data of the application again."""

    name: Annotated[PersonName, Field(title="姓名")]
    gender: Annotated[Literal["男", "女"], Field(title="性别")]
    birth: Annotated[YearMonth | None, Field(title="出生年月")] = None
    org_name: Annotated[OrgName, Field(title="单位名称（以公章为准）")]
    position: Annotated[str, Line(60), Field(title="职务")]
    title: Annotated[str | None, Line(60), Field(title="职称")] = None
    years_in_quality: Annotated[int | None, Field(title="从事质量工作年限", ge=0, le=80)] = None
    phone: Annotated[Phone, Field(title="联系电话")]
    remark: Annotated[str | None, Line(30), Field(title="备注")] = None


class ManagerStatistics(Submission):
    """One row a nominee."""

    recommender: Annotated[OrgName, Field(title="推荐单位")]
    items: Annotated[list[ManagerRow], Slots(8), Field(title="优秀质量管理者", min_length=1, max_length=10_000)]
    filled_by: Annotated[PersonName | None, Field(title="填表人")] = None
    phone: Annotated[Phone | None, Field(title="电话")] = None
    date: Annotated[IsoDate | None, Field(title="填表日期")] = None


@rule("L01")
def one_manager_a_unit(submission: ManagerStatistics, _: Circumstances) -> Iterator[Remark]:
    """Want each unit once."""
    seen: set[str] = set()
    for index, row in enumerate(submission.items):
        if row.org_name in seen:
            yield Remark(Level.ERROR, "该单位已有一名，每单位限报一名，请删去多余的", f"/items/{index}/org_name")
        seen.add(row.org_name)


FORM = Form(
    module=__name__,
    title="2025年轻工行业优秀质量管理者信息统计表",
    annex="附件 1",
    kind=Kind.STATISTICS,
    page=PageKind.WIDE,
    model=ManagerStatistics,
    provenance=Provenance.RECONSTRUCTED,
    rules=(one_manager_a_unit, in_time, true_and_answered_for),
    tabular=True,
)
