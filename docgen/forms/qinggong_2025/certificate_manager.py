"""轻工行业优秀质量管理者荣誉证书: wording rebuilt from award notices (forms.md, section 9)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from docgen.fields import OrgName, PersonName
from docgen.forms.certificate import Body, Certificate, Issuers, Recipient
from docgen.forms.form import Form, Honour, Kind, Provenance
from docgen.forms.qinggong_2025._rules import ISSUERS
from docgen.layout import PageKind


class ManagerCertificate(Certificate):
    """Its own fields, and its usual words."""

    org_name: Annotated[OrgName, Field(title="单位名称")]
    name: Annotated[PersonName, Field(title="姓名")]
    recipient: Recipient = "{单位名称} {姓名}同志："
    body: Body = "在2025年度轻工行业质量管理创新提升活动中，被评为轻工行业优秀质量管理者。"
    issuers: Issuers = Field(default=list(ISSUERS))


FORM = Form(
    module=__name__,
    title="轻工行业优秀质量管理者荣誉证书",
    annex="",
    kind=Kind.CERTIFICATE,
    page=PageKind.CERTIFICATE,
    model=ManagerCertificate,
    provenance=Provenance.RECONSTRUCTED,
    honour=Honour(
        award="轻工行业优秀质量管理者",
        series="QG-GL",
        holder=("org_name",),
        persons=("name",),
    ),
)
