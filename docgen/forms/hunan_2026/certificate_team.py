"""湖南省机械工业优秀质量信得过班组荣誉证书: wording rebuilt from award notices (forms.md, section 9)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from docgen.fields import GroupName, IsoDate, OrgName, PersonName, Submission
from docgen.forms.form import Form, Kind, Provenance
from docgen.layout import PageKind


class TeamCertificate(Submission):
    """What a certificate says; its number and code are decided when it is issued."""

    org_name: Annotated[OrgName, Field(title="企业名称")]
    team_name: Annotated[GroupName, Field(title="班组名称")]
    members: Annotated[list[PersonName], Field(title="班组成员", max_length=30)] = Field(default=[])
    issuers: Annotated[list[OrgName], Field(title="颁发单位", min_length=1, max_length=4)] = Field(
        default=["湖南省机械工业质量管理协会"]
    )
    issued_on: Annotated[IsoDate, Field(title="颁发日期")]


FORM = Form(
    module=__name__,
    title="湖南省机械工业优秀质量信得过班组荣誉证书",
    annex="",
    kind=Kind.CERTIFICATE,
    page=PageKind.CERTIFICATE,
    model=TeamCertificate,
    provenance=Provenance.RECONSTRUCTED,
)
