"""The sentences of the notice, word for word, and the checks that several of its annexes share."""

from __future__ import annotations

from pathlib import PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field

from docgen.fields import Line, Part
from docgen.forms.form import Circumstances, Level, Remark, Rule
from docgen.forms.ruling import declaring, late

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docgen.fields import Submission

SENTENCES: Final = MappingProxyType(
    {
        "H01": (
            "参加交流发表的小组，需如实填写《湖南省机械工业优秀质量管理小组成果表》（附件一）、"
            "《湖南省机械工业优秀质量信得过班组成果表》（附件二）、《成果推荐汇总表》（附件三）"
        ),
        "H02": "附件三作为登记及制证的重要依据，务必填写准确、完整，不得遗漏关键信息",
        "H03": (
            "质量品牌故事申报需填写《湖南省机械工业质量文化品牌故事推荐表》（附件四），"
            "内容应突出企业质量文化内涵、品牌建设实践及典型案例，兼具真实性与感染力"
        ),
        "H04": (
            "请各企业认真总结 2025 年度开展群众性质量管理活动的情况（含工作开展、经验成效、存在问题及改进方向）；"
            "确保总结内容全面、数据真实、分析深入"
        ),
        "H05": (
            "于 7 月 15 日前将《湖南省机械工业群众性质量管理活动工作总结》（附件五）、"
            "《湖南省机械工业群众性质量管理活动概况统计表》（附件六）的电子版报送至指定邮箱；"
            "请务必于 7 月 15 日前发送至指定邮箱；逾期将不予受理"
        ),
        "H06": "本次所有申报、推荐材料均提交电子版，无需报送纸质资料，确保电子版材料清晰、可编辑",
        "H07": "每个信得过班组须交纳成果评审、注册、公告费 500 元",
        "H08": "每个质量文化品牌故事须交纳成果评审、注册、公告费 500 元",
        "H09": "故事主要特色简介 200字以内",
        "H10": "本年度普及率 = 参加活动人数 (含信组、QC、合理化建议等质量该进活动) / 职工总数 × 100%",
        "H11": (
            "历年来已登记注册累计数；本年度已登记注册数；本年度坚持活动的小组数；"
            "历年来累计 QC、信组可创计算的经济效益；本年度 QC、信组可创计算的经济效益"
        ),
        "H12": "（2025年7月~2026年7月）",
        "H13": (
            "活动将评选优秀质量管理 QC 小组、质量信得过班组和质量品牌故事，推荐其出席中国机械工业质量管理小组代表大会"
        ),
        "H14": "特色突出、数据详实",
    }
)

DEADLINE: Final = "submission"
"""The deadline that H05 checks."""

FEE: Final = 500
"""元 for each team and each story (H07, H08); what a circle pays stands nowhere in the notice."""

_EDITABLE: Final = frozenset(
    {".doc", ".docx", ".wps", ".xls", ".xlsx", ".et", ".ppt", ".pptx", ".dps", ".odt", ".ods", ".odp", ".txt"}
)


class Attachment(Part):
    """A file sent beside a form (另附材料)."""

    filename: Annotated[str, Line(120), Field(title="文件名")]


rule: Final = declaring(SENTENCES)


def reminder(rule_id: str, detail: str, pointer: str = "") -> Rule:
    """Make a rule that only reminds: of what no data can show."""

    @rule(rule_id)
    def remind(_: Submission, __: Circumstances) -> Iterator[Remark]:
        yield Remark(Level.REMINDER, detail, pointer)

    return remind


@rule("H05")
def in_time(_: Submission, circumstances: Circumstances) -> Iterator[Remark]:
    """Refuse a date after the deadline, which counts as inclusive."""
    yield from late("报送截止日期", circumstances.deadlines[DEADLINE], circumstances.as_of, "协会秘书处")


electronic: Final = reminder("H06", "请提交可编辑的电子版（Word 或 Excel），无需报送纸质资料")


@rule("H06")
def editable_attachments(submission: Any, _: Circumstances) -> Iterator[Remark]:  # noqa: ANN401  any form with attachments
    """Look at the endings of the files that go with a form: a scan or a PDF cannot be edited."""
    attachments: Sequence[Attachment] = submission.attachments or ()
    for index, attachment in enumerate(attachments):
        if PurePosixPath(attachment.filename.lower()).suffix not in _EDITABLE:
            yield Remark(
                Level.WARNING,
                "该文件不是可编辑的格式（Word、Excel、PPT 等）；文字材料请改交可编辑的文件，证书扫描件请保证清晰",
                f"/attachments/{index}/filename",
            )


no_grades: Final = reminder("H13", "本活动评选三项荣誉，均不分等级；获评名单由协会公布，据以制证")
