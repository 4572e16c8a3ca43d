"""QC小组竞赛荣誉证书: wording rebuilt from award notices (forms.md, section 9)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from docgen.fields import GroupName, IsoDate, OrgName, PersonName, Submission, TopicName
from docgen.forms.form import Form, Kind, Provenance
from docgen.forms.shanxi_2025._parts import ISSUERS, Grade
from docgen.forms.shanxi_2025._rules import GRADED_PLACES
from docgen.layout import PageKind


class GroupCertificate(Submission):
    """What a certificate says; its number and code are decided when it is issued."""

    org_name: Annotated[OrgName, Field(title="单位名称")]
    group_name: Annotated[GroupName, Field(title="小组名称")]
    topic_name: Annotated[TopicName, Field(title="课题名称")]
    grade: Annotated[Grade, Field(title="奖项等级")]
    members: Annotated[list[PersonName], Field(title="小组成员", max_length=10)] = Field(default=[])
    issuers: Annotated[list[OrgName], Field(title="颁发单位", min_length=1, max_length=4)] = Field(
        default=list(ISSUERS)
    )
    issued_on: Annotated[IsoDate, Field(title="颁发日期")]


FORM = Form(
    module=__name__,
    title="QC小组竞赛荣誉证书",
    annex="",
    kind=Kind.CERTIFICATE,
    page=PageKind.CERTIFICATE,
    model=GroupCertificate,
    provenance=Provenance.RECONSTRUCTED,
    rules=(GRADED_PLACES,),
)
