"""质量管理小组活动优秀企业荣誉证书: wording rebuilt from award notices (forms.md, section 9)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from docgen.fields import IsoDate, OrgName, Submission
from docgen.forms.form import Form, Kind, Provenance
from docgen.forms.shanxi_2025._parts import ISSUERS
from docgen.forms.shanxi_2025._rules import within_places
from docgen.layout import PageKind


class EnterpriseCertificate(Submission):
    """What a certificate says; its number and code are decided when it is issued."""

    org_name: Annotated[OrgName, Field(title="单位名称")]
    issuers: Annotated[list[OrgName], Field(title="颁发单位", min_length=1, max_length=4)] = Field(
        default=list(ISSUERS)
    )
    issued_on: Annotated[IsoDate, Field(title="颁发日期")]


FORM = Form(
    module=__name__,
    title="质量管理小组活动优秀企业荣誉证书",
    annex="",
    kind=Kind.CERTIFICATE,
    page=PageKind.CERTIFICATE,
    model=EnterpriseCertificate,
    provenance=Provenance.RECONSTRUCTED,
    rules=(within_places("6 个"),),
)
