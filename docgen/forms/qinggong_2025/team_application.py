"""附件 3 2025年轻工行业质量信得过班组申报表 (轻工行业 2025): rebuilt, the notice only names it.

After 湖南 附件二, with the conditions of the notice's part 二（三）.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from docgen.fields import (
    Address,
    Email,
    IsoDate,
    Line,
    OrgName,
    Part,
    PersonName,
    Phone,
    Postcode,
    Unprinted,
    Words,
)
from docgen.forms.form import Circumstances, Form, Kind, Level, Provenance, Remark
from docgen.forms.qinggong_2025._parts import Attachment, Routed, ShortRoute, TeamName, head_count
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
from docgen.quantities import Count, Hours, Rate

if TYPE_CHECKING:
    from collections.abc import Iterator


class Training(Part):
    """A year's training, printed 12人、36学时."""

    people: Annotated[Count, Field(title="人数")]
    hours: Annotated[Hours, Field(title="学时")]


class TeamApplication(Routed):
    """What a team fills in."""

    team_name: Annotated[TeamName, Field(title="班组名称")]
    org_name: Annotated[OrgName, Field(title="单位名称（以公章为准）")]
    address: Annotated[Address, Field(title="通信地址")]
    postcode: Annotated[Postcode | None, Field(title="邮编")] = None
    contact_name: Annotated[PersonName, Field(title="联系人")]
    phone: Annotated[Phone, Field(title="电话")]
    email: Annotated[Email, Field(title="邮箱")]
    leader: Annotated[PersonName, Field(title="班组长")]
    members: Annotated[list[PersonName], Field(title="班组成员", min_length=1, max_length=100)]
    member_count: Annotated[int | None, Field(title="班组人数", ge=1, le=1000, validate_default=True)] = None
    team_type: Annotated[str | None, Line(60), Field(title="班组类型")] = None
    founded_on: Annotated[IsoDate | None, Field(title="班组成立时间")] = None
    completion_rate: Annotated[Rate, Field(title="工作完成率%")]
    first_pass_rate: Annotated[Rate, Field(title="产品/服务一次合格率%")]
    complaints: Annotated[Count, Field(title="年顾客投诉数")]
    improvement_rate: Annotated[Rate, Field(title="参与改进活动率%")]
    training: Annotated[Training, Field(title="年培训人数、时长")]
    accident_free: Annotated[Literal["无", "有"], Field(title="近三年质量、安全、环保事故")]
    route: Annotated[ShortRoute, Field(title="申报途径")]
    recommender: Annotated[OrgName | None, Unprinted(), Field(title="推荐单位", validate_default=True)] = None
    introduction: Annotated[str, Words(), Field(title="班组简介及建设成果")]
    sealed_on: Annotated[IsoDate | None, Field(title="单位盖章日期")] = None
    recommender_opinion: Annotated[str | None, Words(), Field(title="推荐单位意见")] = None
    recommended_on: Annotated[IsoDate | None, Field(title="推荐单位盖章日期")] = None
    attachments: Annotated[list[Attachment] | None, Unprinted(), Field(title="附件清单", max_length=100)] = None

    @field_validator("member_count")
    @classmethod
    def _counted(cls, given: int | None, info: ValidationInfo) -> int | None:
        return head_count(given, info.data)


@rule("L11")
def no_accident(submission: TeamApplication, _: Circumstances) -> Iterator[Remark]:
    """Refuse a team with an accident in three years."""
    if submission.accident_free != "无":
        yield Remark(Level.ERROR, "近三年有事故的班组不能申报", "/accident_free")


@rule("L12")
def formal_unit(_: TeamApplication, __: Circumstances) -> Iterator[Remark]:
    """Remind of what a team is: it cannot be seen in the data."""
    yield Remark(Level.REMINDER, "请确认该班组是企业最基础的正式组织单元", "/team_name")


FORM = Form(
    module=__name__,
    title="2025年轻工行业质量信得过班组申报表",
    annex="附件 3",
    kind=Kind.APPLICATION,
    page=PageKind.FORM,
    model=TeamApplication,
    provenance=Provenance.RECONSTRUCTED,
    rules=(
        report_enclosed("L04"),
        in_time,
        no_accident,
        formal_unit,
        true_and_answered_for,
        may_go_further,
        shown_on_site,
        usual_length("introduction"),
    ),
)
