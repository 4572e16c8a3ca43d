"""附件二：湖南省机械工业优秀质量信得过班组成果表 (湘机质协[2026] 03 号)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from docgen.fields import (
    Address,
    Email,
    GroupName,
    IsoDate,
    Line,
    Mobile,
    OrgName,
    Part,
    PersonName,
    Phone,
    Postcode,
    Submission,
    Unprinted,
    Words,
)
from docgen.forms.form import Circumstances, Erratum, Form, Kind, Level, Provenance, Remark
from docgen.forms.hunan_2026._rules import (
    FEE,
    Attachment,
    editable_attachments,
    electronic,
    in_time,
    no_grades,
    reminder,
    rule,
)
from docgen.layout import PageKind
from docgen.quantities import Count, Hours, Rate

if TYPE_CHECKING:
    from collections.abc import Iterator


class Training(Part):
    """How many people were trained in a year, and for how long; printed 12人、36学时."""

    people: Annotated[Count, Field(title="人数")]
    hours: Annotated[Hours, Field(title="学时")]


class TeamAchievement(Submission):
    """What a team fills in."""

    team_name: Annotated[GroupName, Field(title="质量信得过班组名称")]
    org_name: Annotated[OrgName, Field(title="企业名称")]
    address: Annotated[Address, Field(title="详细通讯地址")]
    postcode: Annotated[Postcode, Field(title="邮编")]
    department: Annotated[str, Line(60), Field(title="联系部门")]
    phone: Annotated[Phone, Field(title="电话")]
    fax: Annotated[Phone | None, Field(title="传真")] = None
    contact_name: Annotated[PersonName, Field(title="联系人")]
    mobile: Annotated[Mobile, Field(title="手机")]
    email: Annotated[Email, Field(title="邮箱")]
    leader: Annotated[PersonName, Field(title="班组长")]
    member_count: Annotated[Count, Field(title="班组人数", ge=1)]
    team_type: Annotated[str, Line(60), Field(title="班组类型")]
    completion_rate: Annotated[Rate, Field(title="班组工作完成率%")]
    first_pass_rate: Annotated[Rate, Field(title="产品/服务一次合格率%")]
    complaints: Annotated[Count, Field(title="年顾客投诉数")]
    accidents: Annotated[Count, Field(title="年质量、安全事故数")]
    improvement_rate: Annotated[Rate, Field(title="成员参与改进活动率%")]
    training: Annotated[Training, Field(title="年培训人数、时长")]
    introduction: Annotated[str, Words(), Field(title="质量信得过班组简介及创建活动结果")]
    sealed_on: Annotated[IsoDate | None, Field(title="单位盖章日期")] = None
    attachments: Annotated[list[Attachment] | None, Unprinted(), Field(title="附件清单", max_length=100)] = None


@rule("H01")
def truly_filled_in(submission: TeamAchievement, _: Circumstances) -> Iterator[Remark]:
    """Ask again where a team reports an accident: few would recommend it then."""
    if submission.accidents:
        yield Remark(Level.WARNING, "年质量、安全事故数不为 0，请核实是否属实、是否仍予推荐", "/accidents")


FORM = Form(
    module=__name__,
    title="湖南省机械工业优秀质量信得过班组成果表",
    annex="附件二：",
    kind=Kind.APPLICATION,
    page=PageKind.FORM,
    model=TeamAchievement,
    provenance=Provenance.EXACT,
    rules=(
        truly_filled_in,
        reminder("H07", f"本班组须交纳 {FEE} 元，申报时汇入表注所列账户"),
        in_time,
        electronic,
        editable_attachments,
        no_grades,
    ),
    errata=(Erratum("6. 班组创建目标达成情况", "6. 班组创建目标达成情况。"),),
)
