"""推荐函 (轻工行业 2025): rebuilt, the notice only asks for it.

Written by a 轻工行业协（学）会 or 轻工行业组织 for those who do not apply directly; laid out as a letter of GB/T 9704.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from docgen.fields import Email, IsoDate, Line, OrgName, Part, PersonName, Phone, Slots, Submission
from docgen.forms.form import Circumstances, Form, Kind, Level, Provenance, Remark
from docgen.forms.qinggong_2025._parts import Category
from docgen.forms.qinggong_2025._rules import in_time, rule, true_and_answered_for
from docgen.layout import PageKind
from docgen.quantities import Count

if TYPE_CHECKING:
    from collections.abc import Iterator


class Nominee(Part):
    """One line of the list: a manager, a circle or a team."""

    category: Annotated[Category, Field(title="类别")]
    org_name: Annotated[OrgName, Field(title="单位名称")]
    name: Annotated[str, Line(40), Field(title="姓名/小组名称/班组名称")]


class RecommendationLetter(Submission):
    """What a recommender writes; the three numbers follow from the list."""

    document_number: Annotated[str | None, Line(40), Field(title="发文字号")] = None
    addressee: Annotated[OrgName, Field(title="主送单位")] = "河南省轻工业行业协会"
    items: Annotated[list[Nominee], Slots(5), Field(title="推荐名单", min_length=1, max_length=10_000)]
    manager_count: Annotated[Count | None, Field(title="优秀质量管理者人数", validate_default=True)] = None
    group_count: Annotated[Count | None, Field(title="优秀质量管理小组个数", validate_default=True)] = None
    team_count: Annotated[Count | None, Field(title="质量信得过班组个数", validate_default=True)] = None
    contact_name: Annotated[PersonName, Field(title="联系人")]
    phone: Annotated[Phone, Field(title="电话")]
    email: Annotated[Email, Field(title="邮箱")]
    issuer: Annotated[OrgName, Field(title="推荐单位")]
    date: Annotated[IsoDate | None, Field(title="日期")] = None

    @field_validator("manager_count")
    @classmethod
    def _managers(cls, given: int | None, info: ValidationInfo) -> int | None:
        return _counted(given, info, "优秀质量管理者")

    @field_validator("group_count")
    @classmethod
    def _groups(cls, given: int | None, info: ValidationInfo) -> int | None:
        return _counted(given, info, "优秀质量管理小组")

    @field_validator("team_count")
    @classmethod
    def _teams(cls, given: int | None, info: ValidationInfo) -> int | None:
        return _counted(given, info, "质量信得过班组")


def _counted(given: int | None, info: ValidationInfo, category: Category) -> int | None:
    """Return how many of a kind the list names; refuse another number. A list at fault is missing from the data."""
    if "items" not in info.data:
        return given
    items: list[Nominee] = info.data["items"]
    count = sum(item.category == category for item in items)
    if given not in {None, count}:
        raise PydanticCustomError(
            "count_mismatch",
            "与推荐名单不符（名单中有 {count} 项），请更正，或不填此项由系统计算",
            {"count": count},
        )
    return count


@rule("L15")
def chosen_strictly(_: RecommendationLetter, __: Circumstances) -> Iterator[Remark]:
    """Remind of the recommender's part: it cannot be seen in the data."""
    yield Remark(Level.REMINDER, "请确认已对申报材料审核，严格选拔、择优推荐；打印后加盖推荐单位公章", "/items")


FORM = Form(
    module=__name__,
    title="推荐函",
    annex="",
    kind=Kind.LETTER,
    page=PageKind.TEXT,
    model=RecommendationLetter,
    provenance=Provenance.RECONSTRUCTED,
    rules=(in_time, true_and_answered_for, chosen_strictly),
)
