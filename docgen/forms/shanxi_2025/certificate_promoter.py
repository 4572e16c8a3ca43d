"""质量管理小组活动优秀推进者荣誉证书: wording rebuilt from award notices (forms.md, section 9)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from docgen.fields import OrgName, PersonName
from docgen.forms.certificate import Body, Certificate, Issuers, Recipient
from docgen.forms.form import Form, Honour, Kind, Provenance
from docgen.forms.shanxi_2025._parts import ISSUERS, Grade
from docgen.forms.shanxi_2025._rules import GRADED_PLACES, GRADES
from docgen.layout import PageKind


class PromoterCertificate(Certificate):
    """Its own fields, and its usual words."""

    org_name: Annotated[OrgName, Field(title="单位名称")]
    name: Annotated[PersonName, Field(title="姓名")]
    grade: Annotated[Grade, Field(title="奖项等级")]
    recipient: Recipient = "{单位名称} {姓名}同志："
    body: Body = "在2025年全省信息系统全面质量管理成果竞赛中，荣获质量管理小组活动优秀推进者{奖项等级}。"
    issuers: Issuers = Field(default=list(ISSUERS))


FORM = Form(
    module=__name__,
    title="质量管理小组活动优秀推进者荣誉证书",
    annex="",
    kind=Kind.CERTIFICATE,
    page=PageKind.CERTIFICATE,
    model=PromoterCertificate,
    provenance=Provenance.RECONSTRUCTED,
    rules=(GRADED_PLACES,),
    honour=Honour(
        award="质量管理小组活动优秀推进者",
        series="SXXX-TJ",
        holder=("org_name",),
        persons=("name",),
        grade="grade",
        places=GRADES,
    ),
)
