"""QC小组竞赛荣誉证书: wording rebuilt from award notices (forms.md, section 9)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from docgen.fields import GroupName, OrgName, PersonName, TopicName
from docgen.forms.certificate import Body, Certificate, Issuers, Recipient
from docgen.forms.form import Form, Honour, Kind, Provenance
from docgen.forms.shanxi_2025._parts import ISSUERS, Grade
from docgen.forms.shanxi_2025._rules import GRADED_PLACES, GRADES
from docgen.layout import PageKind


class GroupCertificate(Certificate):
    """Its own fields, and its usual words."""

    org_name: Annotated[OrgName, Field(title="单位名称")]
    group_name: Annotated[GroupName, Field(title="小组名称")]
    topic_name: Annotated[TopicName, Field(title="课题名称")]
    grade: Annotated[Grade, Field(title="奖项等级")]
    members: Annotated[list[PersonName], Field(title="小组成员", max_length=10)] = Field(default=[])
    recipient: Recipient = "{单位名称} {小组名称}："
    body: Body = "你小组课题《{课题名称}》在2025年全省信息系统全面质量管理成果竞赛中，荣获QC小组竞赛{奖项等级}。"
    issuers: Issuers = Field(default=list(ISSUERS))


FORM = Form(
    module=__name__,
    title="QC小组竞赛荣誉证书",
    annex="",
    kind=Kind.CERTIFICATE,
    page=PageKind.CERTIFICATE,
    model=GroupCertificate,
    provenance=Provenance.RECONSTRUCTED,
    rules=(GRADED_PLACES,),
    honour=Honour(
        award="QC小组竞赛",
        series="SXXX-QC",
        holder=("org_name", "group_name", "topic_name"),
        persons=("members",),
        grade="grade",
        places=GRADES,
    ),
)
