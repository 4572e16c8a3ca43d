"""附件 3 全国优秀质量管理小组推荐意见 (中国质协字〔2026〕23号)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from docgen.fields import FromRule, GroupName, OrgName, Part, Slots, Submission, Words
from docgen.forms.caq_2026._rules import in_time, no_fee, reviewed_by_recommender, sealed_by
from docgen.forms.form import Form, Kind, Provenance
from docgen.layout import PageKind


class OpinionRow(Part):
    """The recommender's opinion of one circle."""

    org_name: Annotated[OrgName, Field(title="组织名称")]
    group_name: Annotated[GroupName, Field(title="小组名称")]
    opinion: Annotated[str, Words(300), FromRule("C11"), Field(title="推荐意见")]


class RecommendationOpinion(Submission):
    """What a recommender fills in, one row a circle."""

    recommender: Annotated[OrgName, Field(title="推荐省区市、行业质协")]
    items: Annotated[list[OpinionRow], Slots(5), Field(title="推荐意见", min_length=1, max_length=10_000)]


FORM = Form(
    module=__name__,
    title="全国优秀质量管理小组推荐意见",
    annex="附件 3",
    kind=Kind.OPINION,
    page=PageKind.FORM,
    model=RecommendationOpinion,
    provenance=Provenance.EXACT,
    rules=(reviewed_by_recommender, sealed_by("推荐单位"), in_time, no_fee),
)
