"""轻工行业优秀质量管理者荣誉证书: wording rebuilt from award notices (forms.md, section 9)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from docgen.fields import IsoDate, OrgName, PersonName, Submission
from docgen.forms.form import Form, Kind, Provenance
from docgen.forms.qinggong_2025._rules import ISSUERS
from docgen.layout import PageKind


class ManagerCertificate(Submission):
    """What a certificate says; its number and code are decided when it is issued."""

    org_name: Annotated[OrgName, Field(title="单位名称")]
    name: Annotated[PersonName, Field(title="姓名")]
    issuers: Annotated[list[OrgName], Field(title="颁发单位", min_length=1, max_length=4)] = Field(
        default=list(ISSUERS)
    )
    issued_on: Annotated[IsoDate, Field(title="颁发日期")]


FORM = Form(
    module=__name__,
    title="轻工行业优秀质量管理者荣誉证书",
    annex="",
    kind=Kind.CERTIFICATE,
    page=PageKind.CERTIFICATE,
    model=ManagerCertificate,
    provenance=Provenance.RECONSTRUCTED,
)
