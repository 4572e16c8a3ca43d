"""轻工行业质量信得过班组荣誉证书: wording rebuilt from award notices (forms.md, section 9)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from docgen.fields import IsoDate, OrgName, PersonName, Submission
from docgen.forms.form import Form, Kind, Provenance
from docgen.forms.qinggong_2025._parts import TeamName
from docgen.forms.qinggong_2025._rules import ISSUERS
from docgen.layout import PageKind


class TeamCertificate(Submission):
    """What a certificate says; its number and code are decided when it is issued."""

    org_name: Annotated[OrgName, Field(title="单位名称")]
    team_name: Annotated[TeamName, Field(title="班组名称")]
    members: Annotated[list[PersonName], Field(title="班组成员", max_length=10)] = Field(default=[])
    issuers: Annotated[list[OrgName], Field(title="颁发单位", min_length=1, max_length=4)] = Field(
        default=list(ISSUERS)
    )
    issued_on: Annotated[IsoDate, Field(title="颁发日期")]


FORM = Form(
    module=__name__,
    title="轻工行业质量信得过班组荣誉证书",
    annex="",
    kind=Kind.CERTIFICATE,
    page=PageKind.CERTIFICATE,
    model=TeamCertificate,
    provenance=Provenance.RECONSTRUCTED,
)
