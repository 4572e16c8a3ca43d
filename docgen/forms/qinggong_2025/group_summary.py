"""附件 2 2025年轻工行业优秀质量管理小组汇总表 (轻工行业 2025): rebuilt, the notice only names it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from docgen.fields import (
    GroupName,
    IsoDate,
    Line,
    OrgName,
    Part,
    PersonName,
    Phone,
    Slots,
    Submission,
    TopicName,
)
from docgen.forms.form import Form, Kind, Provenance
from docgen.forms.qinggong_2025._rules import in_time, true_and_answered_for
from docgen.layout import PageKind


class GroupRow(Part):
    """One circle; its certificate is made from this row."""

    org_name: Annotated[OrgName, Field(title="单位名称（以公章为准）")]
    group_name: Annotated[GroupName, Field(title="小组名称")]
    topic_name: Annotated[TopicName, Field(title="课题名称")]
    topic_type: Annotated[Literal["问题解决型", "创新型"], Field(title="课题类型")]
    members: Annotated[list[PersonName], Field(title="小组成员", min_length=1, max_length=10)]
    contact: Annotated[str, Line(60), Field(title="联系人及电话")]


class GroupSummary(Submission):
    """One row a circle."""

    recommender: Annotated[OrgName, Field(title="推荐（申报）单位")]
    items: Annotated[list[GroupRow], Slots(10), Field(title="优秀质量管理小组", min_length=1, max_length=10_000)]
    filled_by: Annotated[PersonName | None, Field(title="填表人")] = None
    phone: Annotated[Phone | None, Field(title="电话")] = None
    date: Annotated[IsoDate | None, Field(title="填表日期")] = None


FORM = Form(
    module=__name__,
    title="2025年轻工行业优秀质量管理小组汇总表",
    annex="附件 2",
    kind=Kind.SUMMARY,
    page=PageKind.WIDE,
    model=GroupSummary,
    provenance=Provenance.RECONSTRUCTED,
    rules=(in_time, true_and_answered_for),
    tabular=True,
)
