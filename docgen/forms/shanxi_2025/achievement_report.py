"""2025年全省优秀质量管理小组成果报告单 (named in 晋信息业工发〔2025〕38号, 四（四）3): rebuilt, forms.md 5.7.

Two variants in one form: the steps of a problem-solving topic (by the origin of its target) and of an innovation.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from docgen.fields import FromRule, GroupName, IsoDate, Line, OrgName, Part, Period, Slots, Submission, TopicName, Words
from docgen.forms.form import Circumstances, Form, Kind, Level, Provenance, Remark
from docgen.forms.shanxi_2025._parts import TopicType
from docgen.forms.shanxi_2025._reports import no_secrets, report_accompanies_entry
from docgen.forms.shanxi_2025._rules import in_time, rule
from docgen.layout import PageKind
from docgen.pictures import Picture

if TYPE_CHECKING:
    from collections.abc import Iterator

TargetOrigin = Literal["自定目标", "指令性目标"]

_COMMON: Final = (
    "四、原因分析",
    "五、确定主要原因",
    "六、制定对策",
    "七、对策实施",
    "八、效果检查",
    "九、制定巩固措施",
    "十、总结和下一步打算",
)
HEADINGS: Final = MappingProxyType(
    {
        ("问题解决型", "自定目标"): ("一、选题理由", "二、现状调查", "三、设定目标", *_COMMON),
        ("问题解决型", "指令性目标"): ("一、选题理由", "二、设定目标", "三、目标可行性论证", *_COMMON),
        ("创新型", None): (
            "一、选择课题",
            "二、设定目标及目标可行性论证",
            "三、提出方案并确定最佳方案",
            "四、制定对策",
            "五、对策实施",
            "六、效果检查",
            "七、标准化",
            "八、总结和下一步打算",
        ),
    }
)
"""The steps of T/CAQ 10201 for each kind of topic; only problem solving asks where its target comes from."""

MOST_PICTURES: Final = 10
"""In one step; the sheet is a report, not an album."""


class Section(Part):
    """One step of the topic."""

    heading: Annotated[str, Line(40), Field(title="步骤标题")]
    text: Annotated[str, Words(), Field(title="步骤内容")]
    pictures: Annotated[list[Picture], Field(title="图片", max_length=MOST_PICTURES)] = Field(default=[])


class AchievementReport(Submission):
    """The report of one circle's finished topic."""

    org_name: Annotated[OrgName, Field(title="单位名称")]
    group_name: Annotated[GroupName, Field(title="小组名称")]
    topic_name: Annotated[TopicName, Field(title="课题名称")]
    topic_type: Annotated[TopicType, FromRule("S11"), Field(title="课题类型")]
    target_origin: Annotated[TargetOrigin | None, Field(title="目标来源", validate_default=True)] = None
    group_reg_no: Annotated[str | None, Line(40), Field(title="小组注册号")] = None
    topic_reg_no: Annotated[str | None, Line(40), Field(title="课题登记号")] = None
    period: Annotated[Period, Field(title="活动起止时间")]
    member_count: Annotated[int | None, Field(title="小组人数", ge=1, le=1000)] = None
    introduction: Annotated[str, Words(), Field(title="小组简介")]
    sections: Annotated[list[Section], Slots(8), Field(title="活动步骤", max_length=10)]
    unit_opinion: Annotated[str | None, Words(), Field(title="单位意见")] = None
    sealed_on: Annotated[IsoDate | None, Field(title="单位盖章日期")] = None

    @field_validator("target_origin")
    @classmethod
    def _ask_origin(cls, origin: TargetOrigin | None, info: ValidationInfo) -> TargetOrigin | None:
        topic_type = info.data.get("topic_type")
        if topic_type == "问题解决型" and origin is None:
            raise PydanticCustomError(
                "target_origin", "问题解决型课题须选「自定目标」或「指令性目标」，步骤二、三的标题由此而定"
            )
        if topic_type == "创新型" and origin is not None:
            raise PydanticCustomError("target_origin", "创新型课题不分目标来源，请删除此项")
        return origin

    @field_validator("sections")
    @classmethod
    def _follow_steps(cls, sections: list[Section], info: ValidationInfo) -> list[Section]:
        """Compare with the steps of the variant; a variant that is not known is reported by its own fields."""
        topic_type, origin = info.data.get("topic_type", ""), info.data.get("target_origin", "")
        headings = HEADINGS.get((topic_type, origin))
        if headings is None:
            return sections
        name = f"{topic_type}（{origin}）" if origin else topic_type
        for place, (heading, section) in enumerate(zip(headings, sections, strict=False), 1):
            if section.heading != heading:
                raise PydanticCustomError(
                    "section_heading",
                    "{name}课题的第 {place} 项标题应为「{heading}」，请按此更正标题或次序",
                    {"name": name, "place": place, "heading": heading},
                )
        if len(sections) != len(headings):
            raise PydanticCustomError(
                "section_count",
                "{name}课题共 {count} 个步骤，现为 {given} 个；各步骤依次为：{headings}",
                {"name": name, "count": len(headings), "given": len(sections), "headings": "、".join(headings)},
            )
        return sections


@rule("S07")
def report_in_word(_: Submission, __: Circumstances) -> Iterator[Remark]:
    """Remind of the format, and of the records that count in the review."""
    yield Remark(
        Level.REMINDER, "成果报告须提交电子文本（Word 版本）一份，并附小组活动记录等证实性材料（Word 版本，占评审分）"
    )


FORM = Form(
    module=__name__,
    title="2025年全省优秀质量管理小组成果报告单",
    annex="",
    kind=Kind.REPORT,
    page=PageKind.FORM,
    model=AchievementReport,
    provenance=Provenance.RECONSTRUCTED,
    rules=(report_in_word, report_accompanies_entry, no_secrets, in_time),
)
