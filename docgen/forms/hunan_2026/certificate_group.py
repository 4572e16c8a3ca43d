"""湖南省机械工业优秀质量管理小组荣誉证书: wording rebuilt from award notices (forms.md, section 9)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from docgen.fields import GroupName, OrgName, PersonName, TopicName
from docgen.forms.certificate import Body, Certificate, Issuers, Recipient
from docgen.forms.form import Form, Honour, Kind, Provenance
from docgen.layout import PageKind


class GroupCertificate(Certificate):
    """Its own fields, and its usual words."""

    org_name: Annotated[OrgName, Field(title="企业名称")]
    group_name: Annotated[GroupName, Field(title="小组名称")]
    topic_name: Annotated[TopicName | None, Field(title="课题名称")] = None
    members: Annotated[list[PersonName], Field(title="小组成员", max_length=10)] = Field(default=[])
    recipient: Recipient = "{企业名称} {小组名称}："
    body: Body = "你小组在2025年度湖南省机械工业质量管理小组交流活动中，被评为湖南省机械工业优秀质量管理小组。"
    issuers: Issuers = Field(default=["湖南省机械工业质量管理协会"])


FORM = Form(
    module=__name__,
    title="湖南省机械工业优秀质量管理小组荣誉证书",
    annex="",
    kind=Kind.CERTIFICATE,
    page=PageKind.CERTIFICATE,
    model=GroupCertificate,
    provenance=Provenance.RECONSTRUCTED,
    honour=Honour(
        award="湖南省机械工业优秀质量管理小组",
        series="HNJX-QC",
        holder=("org_name", "group_name", "topic_name"),
        persons=("members",),
    ),
)
