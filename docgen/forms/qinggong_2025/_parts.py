"""What several annexes of the notice share: attachments, kinds of nominee, and the routes of its third part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from docgen.fields import Line, Part, Submission

if TYPE_CHECKING:
    from collections.abc import Mapping

TeamName = Annotated[str, Line(40)]

Route = Literal["行业协（学）会、轻工行业组织推荐", "联合会会员单位直接申报", "专项行动重点企业直接申报"]
ShortRoute = Literal["推荐", "会员单位直报", "重点企业直报"]
"""The same, as the narrower cell of 附件 3 prints it."""
RECOMMENDED: Final = ("行业协（学）会、轻工行业组织推荐", "推荐")
"""The route on which a recommender reviews and writes the letter."""

Category = Literal["优秀质量管理者", "优秀质量管理小组", "质量信得过班组"]


class Attachment(Part):
    """A file sent beside an application."""

    kind: Annotated[Literal["成果报告", "证明材料"], Field(title="材料种类")]
    filename: Annotated[str, Line(120), Field(title="文件名")]


class Routed(Submission):
    """An application that a recommender sends on, or that goes directly; its fields stand in the forms.

    ``route`` is declared before ``recommender``, so that it is known where the other is judged.
    """

    @field_validator("recommender", check_fields=False)
    @classmethod
    def _named_on_its_route(cls, given: str | None, info: ValidationInfo) -> str | None:
        if given is None and info.data.get("route") in RECOMMENDED:
            raise PydanticCustomError("recommender_missing", "申报途径为推荐的，必须填写推荐单位")
        return given

    @field_validator("recommender", "recommender_opinion", "recommended_on", check_fields=False)
    @classmethod
    def _only_on_its_route(cls, given: Any, info: ValidationInfo) -> Any:  # noqa: ANN401  a text, a date or nothing
        if given is not None and info.data.get("route") not in {None, *RECOMMENDED}:
            raise PydanticCustomError("recommender_unwanted", "直接申报的没有推荐单位，请不填此项，或更正申报途径")
        return given


def head_count(given: int | None, fields: Mapping[str, Any]) -> int | None:
    """Return the given number of people, or that of the names; refuse fewer people than names.

    ``fields`` are those already valid: names at fault are missing from them.
    """
    names = len(fields.get("members", ()))
    if given is not None and given < names:
        raise PydanticCustomError("fewer_than_names", "少于所列成员的人数（{names} 人），请更正", {"names": names})
    return given or names or None
