"""质量管理小组注册登记表 (named in 晋信息业工发〔2025〕38号, 四（四）2): rebuilt from sibling forms, forms.md 5.6."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from docgen.fields import (
    FromRule,
    GroupName,
    IsoDate,
    Line,
    OrgName,
    Part,
    Period,
    PersonName,
    Phone,
    Slots,
    Submission,
    TopicName,
    Words,
)
from docgen.forms.form import Form, Kind, Provenance
from docgen.forms.shanxi_2025._parts import TopicType
from docgen.forms.shanxi_2025._reports import no_secrets, registered_and_listed
from docgen.forms.shanxi_2025._rules import in_time
from docgen.layout import PageKind
from docgen.quantities import Hours

if TYPE_CHECKING:
    from typing import Self


class Member(Part):
    """One member of the circle."""

    name: Annotated[PersonName, Field(title="姓名")]
    gender: Annotated[Literal["男", "女"] | None, Field(title="性别")] = None
    age: Annotated[int | None, Field(title="年龄", ge=14, le=100)] = None
    education: Annotated[str | None, Line(40), Field(title="文化程度")] = None
    position: Annotated[str | None, Line(40), Field(title="职务")] = None
    title: Annotated[str | None, Line(40), Field(title="职称")] = None
    duty: Annotated[str | None, Line(40), Field(title="组内分工")] = None


class GroupRegistration(Submission):
    """A circle and its topic, each registered with a number and a day."""

    org_name: Annotated[OrgName, Field(title="单位名称")]
    department: Annotated[str | None, Line(60), Field(title="所在部门")] = None
    group_name: Annotated[GroupName, Field(title="小组名称")]
    group_reg_no: Annotated[str | None, Line(40), Field(title="小组注册号")] = None
    founded_on: Annotated[IsoDate | None, Field(title="小组成立日期")] = None
    registered_on: Annotated[IsoDate, Field(title="小组注册日期")]
    member_count: Annotated[int | None, Field(title="小组人数", ge=1, le=10)] = None
    topic_name: Annotated[TopicName, Field(title="课题名称")]
    topic_reg_no: Annotated[str | None, Line(40), Field(title="课题登记号")] = None
    topic_type: Annotated[TopicType, FromRule("S11"), Field(title="课题类型")]
    topic_registered_on: Annotated[IsoDate | None, Field(title="课题登记日期")] = None
    period: Annotated[Period, Field(title="活动起止时间")]
    training_hours: Annotated[Hours | None, Field(title="人均受QC教育时间（学时）")] = None
    leader: Annotated[PersonName, Field(title="组长")]
    adviser: Annotated[PersonName | None, Field(title="辅导者")] = None
    phone: Annotated[Phone | None, Field(title="联系电话")] = None
    members: Annotated[list[Member], Slots(10), FromRule("S24"), Field(title="小组成员", min_length=1, max_length=10)]
    reason: Annotated[str | None, Words(), Field(title="选题理由")] = None
    target: Annotated[str | None, Words(), Field(title="课题目标")] = None
    plan: Annotated[str | None, Words(), Field(title="活动计划（进度安排）")] = None
    department_opinion: Annotated[str | None, Words(), Field(title="所在部门意见")] = None
    department_signed_on: Annotated[IsoDate | None, Field(title="所在部门签字日期")] = None
    manager_opinion: Annotated[str | None, Words(), Field(title="QC小组主管部门意见")] = None
    manager_signed_on: Annotated[IsoDate | None, Field(title="主管部门签字日期")] = None

    @model_validator(mode="after")
    def _count_members(self) -> Self:
        """Count the members where the count is not given, else compare."""
        count = len(self.members)
        if self.member_count is None:
            return self.model_copy(update={"member_count": count})
        if self.member_count != count:
            raise PydanticCustomError(
                "member_count",
                "小组人数与成员名单的人数（{count} 人）不一致，请更正；小组人数不填时按成员名单计算",
                {"count": count},
            )
        return self


FORM = Form(
    module=__name__,
    title="质量管理小组注册登记表",
    annex="",
    kind=Kind.REGISTRATION,
    page=PageKind.FORM,
    model=GroupRegistration,
    provenance=Provenance.RECONSTRUCTED,
    rules=(registered_and_listed, no_secrets, in_time),
)
