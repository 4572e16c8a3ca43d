"""湖南省机械工业优秀质量品牌故事荣誉证书: wording rebuilt from award notices (forms.md, section 9)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from docgen.fields import Line, OrgName, PersonName
from docgen.forms.certificate import Body, Certificate, Issuers, Recipient
from docgen.forms.form import Form, Honour, Kind, Provenance
from docgen.layout import PageKind


class StoryCertificate(Certificate):
    """Its own fields, and its usual words."""

    org_name: Annotated[OrgName, Field(title="单位名称")]
    story_name: Annotated[str, Line(50), Field(title="故事名称")]
    authors: Annotated[list[PersonName], Field(title="故事作者", max_length=10)] = Field(default=[])
    recipient: Recipient = "{单位名称}："
    body: Body = (
        "你单位推荐的《{故事名称}》在2025年度湖南省机械工业质量品牌故事交流活动中，"
        "被评为湖南省机械工业优秀质量品牌故事。"
    )
    issuers: Issuers = Field(default=["湖南省机械工业质量管理协会"])


FORM = Form(
    module=__name__,
    title="湖南省机械工业优秀质量品牌故事荣誉证书",
    annex="",
    kind=Kind.CERTIFICATE,
    page=PageKind.CERTIFICATE,
    model=StoryCertificate,
    provenance=Provenance.RECONSTRUCTED,
    honour=Honour(
        award="湖南省机械工业优秀质量品牌故事",
        series="HNJX-GS",
        holder=("org_name", "story_name"),
        persons=("authors",),
    ),
)
