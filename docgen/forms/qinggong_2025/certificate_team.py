"""轻工行业质量信得过班组荣誉证书: wording rebuilt from award notices (forms.md, section 9)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from docgen.fields import OrgName, PersonName
from docgen.forms.certificate import Body, Certificate, Issuers, Recipient
from docgen.forms.form import Form, Honour, Kind, Provenance
from docgen.forms.qinggong_2025._parts import TeamName
from docgen.forms.qinggong_2025._rules import ISSUERS
from docgen.layout import PageKind


class TeamCertificate(Certificate):
    """Its own fields, and its usual words."""

    org_name: Annotated[OrgName, Field(title="单位名称")]
    team_name: Annotated[TeamName, Field(title="班组名称")]
    members: Annotated[list[PersonName], Field(title="班组成员", max_length=10)] = Field(default=[])
    recipient: Recipient = "{单位名称} {班组名称}："
    body: Body = "你班组在2025年度轻工行业质量管理创新提升活动中，被评为轻工行业质量信得过班组。"
    issuers: Issuers = Field(default=list(ISSUERS))


FORM = Form(
    module=__name__,
    title="轻工行业质量信得过班组荣誉证书",
    annex="",
    kind=Kind.CERTIFICATE,
    page=PageKind.CERTIFICATE,
    model=TeamCertificate,
    provenance=Provenance.RECONSTRUCTED,
    honour=Honour(
        award="轻工行业质量信得过班组",
        series="QG-BZ",
        holder=("org_name", "team_name"),
        persons=("members",),
    ),
)
