"""附件 3：全省质量管理小组活动优秀企业报名表 (晋信息业工发〔2025〕38号)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from docgen.fields import (
    Address,
    Email,
    FromRule,
    IsoDate,
    OrgName,
    PersonName,
    Phone,
    Postcode,
    Submission,
    Unprinted,
    Words,
)
from docgen.forms.form import Circumstances, Form, Kind, Level, Provenance, Remark
from docgen.forms.shanxi_2025._parts import Attachment, Award
from docgen.forms.shanxi_2025._rules import (
    in_time,
    recent_awards,
    rule,
    sealed_by,
    sheet_in_both_formats,
    without_recent_award,
)
from docgen.layout import PageKind

if TYPE_CHECKING:
    from collections.abc import Iterator


class EnterpriseEntry(Submission):
    """What an enterprise fills in; the recommender's opinion is written in by hand as a rule."""

    org_name: Annotated[OrgName, Field(title="单位名称")]
    contact_name: Annotated[PersonName, Field(title="联系人")]
    phone: Annotated[Phone, Field(title="联系电话")]
    email: Annotated[Email, Field(title="电子邮箱")]
    address: Annotated[Address, Field(title="详细通信地址")]
    postcode: Annotated[Postcode, Field(title="邮编")]
    deeds: Annotated[str, Words(1000), FromRule("S16"), Field(title="开展活动事迹简介")]
    sealed_on: Annotated[IsoDate | None, Field(title="单位盖章日期")] = None
    awards: Annotated[
        list[Award], FromRule("S18", least="S12"), Field(title="三年来获奖情况", min_length=1, max_length=100)
    ]
    recommender_opinion: Annotated[str | None, Words(), Field(title="推荐单位审核意见")] = None
    recommended_on: Annotated[IsoDate | None, Field(title="推荐单位盖章日期")] = None
    attachments: Annotated[list[Attachment] | None, Unprinted(), Field(title="附件清单", max_length=100)] = None


@rule("S12")
def award_and_publication(entry: EnterpriseEntry, circumstances: Circumstances) -> Iterator[Remark]:
    """Want a recent award; publications stand on the report sheet."""
    yield from without_recent_award(entry.awards, circumstances.as_of)
    yield Remark(
        Level.REMINDER, "省以上报刊杂志或会议上发表的论文、成果或经验，请在优秀企业报告单中列出，至少一项", "/deeds"
    )


FORM = Form(
    module=__name__,
    title="全省质量管理小组活动优秀企业报名表",
    annex="附件 3：",
    kind=Kind.APPLICATION,
    page=PageKind.FORM,
    model=EnterpriseEntry,
    provenance=Provenance.EXACT,
    rules=(
        in_time,
        award_and_publication,
        recent_awards,
        sheet_in_both_formats,
        sealed_by("S20", "申报单位和推荐单位的"),
    ),
)
