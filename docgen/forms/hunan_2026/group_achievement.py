"""附件一：湖南省机械工业优秀质量管理小组成果表 (湘机质协[2026] 03 号).

The notice only names this form. It is rebuilt after 附件二 of the same notice; forms.md, section 4.1, gives the reason
for each field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator

from docgen.fields import (
    Address,
    Email,
    GroupName,
    IsoDate,
    Line,
    Mobile,
    OrgName,
    Period,
    PersonName,
    Phone,
    Postcode,
    Submission,
    TopicName,
    Unprinted,
    Words,
)
from docgen.forms.form import Circumstances, Form, Kind, Level, Provenance, Remark
from docgen.forms.hunan_2026._rules import Attachment, editable_attachments, electronic, in_time, no_grades, rule
from docgen.layout import PageKind
from docgen.quantities import Count, Money, Rate

if TYPE_CHECKING:
    from collections.abc import Iterator


class GroupAchievement(Submission):
    """What a circle fills in; ``member_count`` follows from ``members`` where it is left out."""

    group_name: Annotated[GroupName, Field(title="质量管理小组名称")]
    org_name: Annotated[OrgName, Field(title="企业名称")]
    topic_name: Annotated[TopicName, Field(title="课题名称")]
    address: Annotated[Address, Field(title="详细通讯地址")]
    postcode: Annotated[Postcode, Field(title="邮编")]
    department: Annotated[str, Line(60), Field(title="联系部门")]
    phone: Annotated[Phone, Field(title="电话")]
    fax: Annotated[Phone | None, Field(title="传真")] = None
    contact_name: Annotated[PersonName, Field(title="联系人")]
    mobile: Annotated[Mobile, Field(title="手机")]
    email: Annotated[Email, Field(title="邮箱")]
    leader: Annotated[PersonName, Field(title="小组组长")]
    member_count: Annotated[Count | None, Field(title="小组人数", ge=1)] = None
    topic_type: Annotated[Literal["问题解决型", "创新型"], Field(title="课题类型")]
    registered_on: Annotated[IsoDate, Field(title="小组注册时间")]
    topic_registered_on: Annotated[IsoDate | None, Field(title="课题注册时间")] = None
    period: Annotated[Period, Field(title="活动起止时间")]
    activity_count: Annotated[Count | None, Field(title="年活动次数")] = None
    attendance_rate: Annotated[Rate | None, Field(title="成员参与率%")] = None
    economic_benefit: Annotated[Money, Field(title="年可计算经济效益（万元）")]
    members: Annotated[list[PersonName], Field(title="小组成员", min_length=1, max_length=10)]
    introduction: Annotated[str, Words(), Field(title="质量管理小组简介及活动成果")]
    sealed_on: Annotated[IsoDate | None, Field(title="单位盖章日期")] = None
    fee: Annotated[Count | None, Field(title="成果评审、注册、公告费（元），按协会的答复填写", ge=1)] = None
    attachments: Annotated[list[Attachment] | None, Unprinted(), Field(title="附件清单", max_length=100)] = None

    @model_validator(mode="after")
    def _count_members(self) -> GroupAchievement:
        if self.member_count is None:
            return self.model_copy(update={"member_count": len(self.members)})
        return self


@rule("H01")
def truly_filled_in(submission: GroupAchievement, _: Circumstances) -> Iterator[Remark]:
    """Look for numbers and dates that contradict each other."""
    if submission.member_count is not None and submission.member_count < len(submission.members):
        yield Remark(Level.WARNING, f"小组人数少于所列的 {len(submission.members)} 名成员，请核实", "/member_count")
    if submission.topic_registered_on and submission.topic_registered_on < submission.registered_on:
        yield Remark(Level.WARNING, "课题注册时间早于小组注册时间，请核实", "/topic_registered_on")


FORM = Form(
    module=__name__,
    title="湖南省机械工业优秀质量管理小组成果表",
    annex="附件一：",
    kind=Kind.APPLICATION,
    page=PageKind.FORM,
    model=GroupAchievement,
    provenance=Provenance.RECONSTRUCTED,
    rules=(truly_filled_in, in_time, electronic, editable_attachments, no_grades),
)
