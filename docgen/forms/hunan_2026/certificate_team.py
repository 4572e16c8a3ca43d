"""湖南省机械工业优秀质量信得过班组荣誉证书: wording rebuilt from award notices (forms.md, section 9)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from docgen.fields import GroupName, OrgName, PersonName
from docgen.forms.certificate import Body, Certificate, Issuers, Recipient
from docgen.forms.form import Form, Honour, Kind, Provenance
from docgen.layout import PageKind


class TeamCertificate(Certificate):
    """Its own fields, and its usual words."""

    org_name: Annotated[OrgName, Field(title="企业名称")]
    team_name: Annotated[GroupName, Field(title="班组名称")]
    members: Annotated[list[PersonName], Field(title="班组成员", max_length=30)] = Field(default=[])
    recipient: Recipient = "{企业名称} {班组名称}："
    body: Body = "你班组在2025年度湖南省机械工业质量信得过班组交流活动中，被评为湖南省机械工业优秀质量信得过班组。"
    issuers: Issuers = Field(default=["湖南省机械工业质量管理协会"])


FORM = Form(
    module=__name__,
    title="湖南省机械工业优秀质量信得过班组荣誉证书",
    annex="",
    kind=Kind.CERTIFICATE,
    page=PageKind.CERTIFICATE,
    model=TeamCertificate,
    provenance=Provenance.RECONSTRUCTED,
    honour=Honour(
        award="湖南省机械工业优秀质量信得过班组",
        series="HNJX-BZ",
        holder=("org_name", "team_name"),
        persons=("members",),
    ),
)
