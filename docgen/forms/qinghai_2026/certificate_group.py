"""青海省优秀质量管理小组荣誉证书: wording rebuilt from award notices (forms.md, section 9)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from docgen.fields import GroupName, OrgName, PersonName
from docgen.forms.certificate import Body, Certificate, Issuers, Recipient
from docgen.forms.form import Form, Honour, Kind, Provenance
from docgen.forms.qinghai_2026._rules import ISSUERS
from docgen.layout import PageKind


class GroupCertificate(Certificate):
    """Its own fields, and its usual words."""

    org_name: Annotated[OrgName, Field(title="组织名称")]
    group_name: Annotated[GroupName, Field(title="小组名称")]
    members: Annotated[list[PersonName], Field(title="小组成员", max_length=10)] = Field(default=[])
    recipient: Recipient = "{组织名称} {小组名称}："
    body: Body = "你小组在青海省第48次质量管理小组活动中，被评为2026年度青海省优秀质量管理小组。"
    issuers: Issuers = Field(default=list(ISSUERS))


FORM = Form(
    module=__name__,
    title="青海省优秀质量管理小组荣誉证书",
    annex="",
    kind=Kind.CERTIFICATE,
    page=PageKind.CERTIFICATE,
    model=GroupCertificate,
    provenance=Provenance.RECONSTRUCTED,
    honour=Honour(
        award="青海省优秀质量管理小组",
        series="QH-QC",
        holder=("org_name", "group_name"),
        persons=("members",),
    ),
)
