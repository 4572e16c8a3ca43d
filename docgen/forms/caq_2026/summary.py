"""附件 4 全国优秀质量管理小组推荐汇总表 (中国质协字〔2026〕23号)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from docgen.fields import FromRule, GroupName, IsoDate, OrgName, Part, PersonName, Phone, Slots, Submission
from docgen.forms.caq_2026._rules import (
    in_time,
    locked_after_submission,
    no_fee,
    reviewed_by_recommender,
    sealed_by,
)
from docgen.forms.form import Form, Kind, Provenance
from docgen.layout import PageKind


class SummaryRow(Part):
    """One recommended circle; its certificate is made from this row."""

    org_name: Annotated[OrgName, Field(title="组织名称（以公章为准）")]
    group_name: Annotated[GroupName, Field(title="小组名称")]
    members: Annotated[
        list[Annotated[PersonName, FromRule("C12")]],
        FromRule("C12"),
        Field(title="小组成员", min_length=1, max_length=10),
    ]


class Summary(Submission):
    """What a recommender fills in, one row a circle."""

    recommender: Annotated[OrgName, Field(title="推荐省区市、行业质协")]
    items: Annotated[list[SummaryRow], Slots(10), Field(title="推荐名单", min_length=1, max_length=10_000)]
    filled_by: Annotated[PersonName | None, Field(title="填表人")] = None
    phone: Annotated[Phone | None, Field(title="电话")] = None
    date: Annotated[IsoDate | None, Field(title="填表日期")] = None


FORM = Form(
    module=__name__,
    title="全国优秀质量管理小组推荐汇总表",
    annex="附件 4",
    kind=Kind.SUMMARY,
    page=PageKind.WIDE,
    model=Summary,
    provenance=Provenance.EXACT,
    rules=(reviewed_by_recommender, sealed_by("推荐单位"), locked_after_submission, in_time, no_fee),
    tabular=True,
)
