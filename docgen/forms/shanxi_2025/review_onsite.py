"""质量管理小组活动现场评审表 (T/CAQ 10201—2020 附录B, named in 晋信息业工发〔2025〕38号, 五): forms.md 8.1."""

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

    organization: Annotated[Decimal, score(10), Field(title="质量管理小组活动的组织")]
    records: Annotated[Decimal, score(30), Field(title="活动情况与活动记录")]
    validity: Annotated[Decimal, score(30), Field(title="活动真实性与有效性")]
    maintenance: Annotated[Decimal, score(20), Field(title="成果的维持与巩固")]
    education: Annotated[Decimal, score(10), Field(title="质量管理小组教育")]


class OnsiteReview(Reviewed):
    """What the reviewers saw where the circle works."""

    scores: Annotated[Scores, Field(title="得分")]
    comment: Annotated[str | None, Words(), Field(title="总体评价")] = None
    total: Total = None
    signature: Annotated[str | None, Line(60), Field(title="评审组织方签字盖章")] = None


FORM = Form(
    module=__name__,
    title="质量管理小组活动现场评审表",
    annex="",
    kind=Kind.REVIEW,
    page=PageKind.FORM,
    model=OnsiteReview,
    provenance=Provenance.RECONSTRUCTED,
    rules=(scored_by_the_standard,),
    tabular=True,
)
