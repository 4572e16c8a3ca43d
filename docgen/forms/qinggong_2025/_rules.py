"""The sentences of the notice, word for word, and the checks that several of its annexes share."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from docgen.fields import count_words
from docgen.forms.form import Circumstances, Level, Remark, Rule
from docgen.forms.ruling import declaring, late

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docgen.fields import Submission

SENTENCES: Final = MappingProxyType(
    {
        "L01": "每单位限报一名",
        "L02": (
            "申请参加优秀质量管理者交流，需提交“2025年轻工行业优秀质量管理者交流申报表、信息统计表”（附件1）"
            "及证明材料（包括质量业绩证明材料、荣誉证书、质量相关出版著作等）"
        ),
        "L03": (
            "申请参加 QC 小组交流，需提交“2025年轻工行业优秀质量管理小组申报表及汇总表”（附件2），"
            "其中QC小组成果报告应以《质量管理小组活动准则》（T/CAQ10201-2024）团体标准为指导，遵循标准程序编写"
        ),
        "L04": (
            "申请参加质量信得过班组交流，需提交“2025年轻工行业质量信得过班组申报表及汇总表”（附件3），"
            "其中质量信得过班组成果报告应以《质量信得过班组建设准则》（T/CAQ10204-2024）团体标准为指导，遵循标准程序编写"
        ),
        "L05": "请各申报单位于6月10日前将以上材料发送至邮箱lqh369@126.com",
        "L06": "申报质量管理者需另提交纸质材料一份至 联合会，逾期不予受理",
        "L07": "企业自愿申报，经轻工行业协（学）会、轻工行业组织组织审核并出具推荐函后报河南省轻工业行业协会",
        "L08": "河南省轻工业联合会会员单位、轻工行业产业工人队伍建设改革专项行动重点企业可以直接申报",
        "L09": "面向企业中高层质量管理者",
        "L10": "遵纪守法，在所在地区和组织内有一定影响力",
        "L11": "近三年无质量、安全、环保事故",
        "L12": "被推荐的班组是企业最基础的正式组织单元",
        "L13": "围绕持续改进、提质增效、绿色低碳、数字化转型开展质量提升活动",
        "L14": "请各申报单位按要求如实填写申报材料，并对材料的真实性负责",
        "L15": "严格选拔，择优推荐",
        "L16": "择优向中国质量协会推荐优秀质量管理小组和质量信得过班组典型经验",
        "L17": "推广和分享有关单位2024年度质量管理成果；现场交流展示2025年度QC小组和质量信得过班组",
    }
)

DEADLINE: Final = "submission"
"""The deadline that L05 checks."""

ISSUERS: Final = ("中国轻工业联合会", "中国财贸轻纺烟草工会")

_USUAL: Final = 800
"""字 of a long text that the siblings of these forms allow; this notice states no limit."""


rule: Final = declaring(SENTENCES)


@rule("L05")
def in_time(_: Submission, circumstances: Circumstances) -> Iterator[Remark]:
    """Refuse a date after the deadline, which counts as inclusive."""
    yield from late("报送截止日期", circumstances.deadlines[DEADLINE], circumstances.as_of)


@rule("L14")
def true_and_answered_for(_: Submission, __: Circumstances) -> Iterator[Remark]:
    """Remind of who answers for the material: it cannot be seen in the data."""
    yield Remark(Level.REMINDER, "请确认材料如实填写，申报单位对其真实性负责；打印后加盖单位公章")


@rule("L16")
def may_go_further(_: Submission, __: Circumstances) -> Iterator[Remark]:
    """Tell where the best go from here."""
    yield Remark(Level.REMINDER, "优秀的成果将择优推荐至中国质量协会，请保留成果报告和证实材料")


@rule("L17")
def shown_on_site(_: Submission, __: Circumstances) -> Iterator[Remark]:
    """Tell what is done with the material."""
    yield Remark(Level.REMINDER, "入选的成果将现场交流展示，具体安排另行通知")


def report_enclosed(rule_id: str) -> Rule:
    """Want the report of achievements among the enclosures; the package looks for the other sheet."""

    @rule(rule_id)
    def report(submission: Any, _: Circumstances) -> Iterator[Remark]:  # noqa: ANN401  either application with attachments
        if submission.attachments is None:
            yield Remark(Level.WARNING, "未列附件清单，无法核对；请列出成果报告", "/attachments")
        elif all(item.kind != "成果报告" for item in submission.attachments):
            yield Remark(Level.ERROR, "附件清单中没有成果报告，至少需要一份", "/attachments")

    return report


def usual_length(*names: str) -> Rule:
    """Point at long texts of these fields. The notice sets no limit, so there is no sentence to quote."""

    def check(submission: Submission, _: Circumstances) -> Iterator[Remark]:
        for name in names:
            count = count_words(getattr(submission, name) or "")
            if count > _USUAL:
                detail = f"通知未限定字数；同类申报表一般不超过 {_USUAL} 字，现为 {count} 字，建议精简"
                yield Remark(Level.WARNING, detail, f"/{name}")

    return Rule("", "", check)
