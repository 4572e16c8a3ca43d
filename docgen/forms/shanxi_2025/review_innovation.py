"""创新型课题成果评审表 (T/CAQ 10201—2020 附录B, named in 晋信息业工发〔2025〕38号, 五): forms.md 8.3."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from docgen.fields import Line, Part, Words
from docgen.forms.form import Form, Kind, Provenance
from docgen.forms.shanxi_2025._review import Reviewed, Total, scored_by_the_standard
from docgen.layout import PageKind
from docgen.quantities import score


class Scores(Part):
    """Points by item."""

    topic: Annotated[Decimal, score(20), Field(title="选题")]
    plan: Annotated[Decimal, score(30), Field(title="提出方案并确定最佳方案")]
    countermeasure: Annotated[Decimal, score(20), Field(title="对策与实施")]
    effect: Annotated[Decimal, score(15), Field(title="效果")]
    report: Annotated[Decimal, score(5), Field(title="成果报告")]
    feature: Annotated[Decimal, score(10), Field(title="特点")]


class InnovationReview(Reviewed):
    """What the reviewers think of an innovation."""

    scores: Annotated[Scores, Field(title="得分")]
    comment: Annotated[str | None, Words(), Field(title="总体评价")] = None
    total: Total = None
    signature: Annotated[str | None, Line(60), Field(title="评审组长签字")] = None


FORM = Form(
    module=__name__,
    title="创新型课题成果评审表",
    annex="",
    kind=Kind.REVIEW,
    page=PageKind.FORM,
    model=InnovationReview,
    provenance=Provenance.RECONSTRUCTED,
    rules=(scored_by_the_standard,),
    tabular=True,
)
