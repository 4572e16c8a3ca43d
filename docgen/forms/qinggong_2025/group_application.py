"""附件 2 2025年轻工行业优秀质量管理小组申报表 (轻工行业 2025): rebuilt, the notice only names it.

After 山西 附件2 and 中国质协 附件2, with the conditions of the notice's part 二（二）.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from docgen.fields import (
    Address,
    Distinct,
    Email,
    GroupName,
    IsoDate,
    OrgName,
    Period,
    PersonName,
    Phone,
    Postcode,
    Slots,
    TopicName,
    Unprinted,
    Words,
)
from docgen.forms.form import Circumstances, Form, Kind, Level, Provenance, Remark
from docgen.forms.qinggong_2025._parts import Attachment, Route, Routed, head_count
from docgen.forms.qinggong_2025._rules import (
    in_time,
    may_go_further,
    report_enclosed,
    rule,
    shown_on_site,
    true_and_answered_for,
    usual_length,
)
from docgen.layout import PageKind

if TYPE_CHECKING:
    from collections.abc import Iterator


class GroupApplication(Routed):
    """What a circle fills in."""

    route: Annotated[Route, Field(title="申报途径")]
    recommender: Annotated[OrgName | None, Field(title="推荐单位", validate_default=True)] = None
    org_name: Annotated[OrgName, Field(title="单位名称（以公章为准）")]
    group_name: Annotated[GroupName, Field(title="QC 小组名称")]
    topic_name: Annotated[TopicName, Field(title="课题名称")]
    topic_type: Annotated[Literal["问题解决型", "创新型"], Field(title="课题类型")]
    period: Annotated[Period | None, Field(title="活动时间")] = None
    directions: Annotated[
        list[Literal["持续改进", "提质增效", "绿色低碳", "数字化转型"]], Distinct(), Field(title="活动方向")
    ]
    registered_on: Annotated[IsoDate | None, Field(title="小组注册时间")] = None
    members: Annotated[list[PersonName], Slots(10), Field(title="小组成员名单", min_length=1, max_length=10)]
    member_count: Annotated[int | None, Field(title="小组人数", ge=1, le=1000, validate_default=True)] = None
    address: Annotated[Address, Field(title="通信地址")]
    postcode: Annotated[Postcode | None, Field(title="邮编")] = None
    contact_name: Annotated[PersonName, Field(title="联系人")]
    phone: Annotated[Phone, Field(title="电话")]
    email: Annotated[Email, Field(title="邮箱")]
    introduction: Annotated[str, Words(), Field(title="QC 小组简介、主要活动过程与效果（含创新性和推广意义）")]
    sealed_on: Annotated[IsoDate | None, Field(title="单位盖章日期")] = None
    recommender_opinion: Annotated[str | None, Words(), Field(title="推荐单位意见")] = None
    recommended_on: Annotated[IsoDate | None, Field(title="推荐单位盖章日期")] = None
    attachments: Annotated[list[Attachment] | None, Unprinted(), Field(title="附件清单", max_length=100)] = None

    @field_validator("member_count")
    @classmethod
    def _counted(cls, given: int | None, info: ValidationInfo) -> int | None:
        return head_count(given, info.data)


@rule("L13")
def some_direction(submission: GroupApplication, _: Circumstances) -> Iterator[Remark]:
    """Want a direction of the notice."""
    if not submission.directions:
        yield Remark(Level.ERROR, "未勾选活动方向，至少选一项", "/directions")


FORM = Form(
    module=__name__,
    title="2025年轻工行业优秀质量管理小组申报表",
    annex="附件 2",
    kind=Kind.APPLICATION,
    page=PageKind.FORM,
    model=GroupApplication,
    provenance=Provenance.RECONSTRUCTED,
    rules=(
        report_enclosed("L03"),
        in_time,
        some_direction,
        true_and_answered_for,
        may_go_further,
        shown_on_site,
        usual_length("introduction"),
    ),
)
