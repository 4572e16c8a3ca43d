"""What the three review tables of T/CAQ 10201—2020 附录B share (晋信息业工发〔2025〕38号, 五): forms.md, section 8."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from docgen.fields import GroupName, OrgName, Submission, TopicName
from docgen.forms.form import Circumstances, Level, Remark
from docgen.forms.shanxi_2025._rules import rule
from docgen.quantities import score

if TYPE_CHECKING:
    from collections.abc import Iterator


class Reviewed(Submission):
    """The head of a review table: whose topic is scored. forms.md has none, but nobody could tell the sheets apart."""

    org_name: Annotated[OrgName, Field(title="单位名称")]
    group_name: Annotated[GroupName, Field(title="小组名称")]
    topic_name: Annotated[TopicName, Field(title="课题名称")]


def _summed(total: Decimal | None, info: ValidationInfo) -> Decimal | None:
    """Add the scores up where no total is given, else compare; a score that was refused is reported by itself."""
    scores = info.data.get("scores")
    if scores is None:
        return total
    found = sum((getattr(scores, name) for name in type(scores).model_fields), Decimal(0))
    if total is not None and total != found:
        raise PydanticCustomError("total", "总分与各项得分之和不相等，请核对；不填总分时自动计算")
    return found


Total = Annotated[
    Annotated[Decimal, score(100)] | None, AfterValidator(_summed), Field(title="总分", validate_default=True)
]
"""Stands after ``scores``; the full marks of each table add up to 100."""


@rule("S22")
def scored_by_the_standard(_: Submission, __: Circumstances) -> Iterator[Remark]:
    """Remind of what is done on paper."""
    yield Remark(
        Level.REMINDER,
        "各项配分和评审内容依据 T/CAQ 10201—2020 附录B；打印后请评审人员核对得分并签字，签字前得分不生效",
    )
