"""质量管理小组活动优秀企业荣誉证书: wording rebuilt from award notices (forms.md, section 9)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from docgen.fields import OrgName
from docgen.forms.certificate import Body, Certificate, Issuers, Recipient
from docgen.forms.form import Form, Honour, Kind, Provenance
from docgen.forms.shanxi_2025._parts import ISSUERS
from docgen.forms.shanxi_2025._rules import ENTERPRISES, within_places
from docgen.layout import PageKind


class EnterpriseCertificate(Certificate):
    """Its own fields, and its usual words."""

    org_name: Annotated[OrgName, Field(title="单位名称")]
    recipient: Recipient = "{单位名称}："
    body: Body = "你单位在2025年全省信息系统全面质量管理成果竞赛中，被评为质量管理小组活动优秀企业。"
    issuers: Issuers = Field(default=list(ISSUERS))


FORM = Form(
    module=__name__,
    title="质量管理小组活动优秀企业荣誉证书",
    annex="",
    kind=Kind.CERTIFICATE,
    page=PageKind.CERTIFICATE,
    model=EnterpriseCertificate,
    provenance=Provenance.RECONSTRUCTED,
    rules=(within_places(ENTERPRISES, "个"),),
    honour=Honour(
        award="质量管理小组活动优秀企业",
        series="SXXX-QY",
        holder=("org_name",),
        places=ENTERPRISES,
    ),
)
