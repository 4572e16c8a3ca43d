"""The sentences of the notice, word for word, and the checks that several of its annexes share."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from docgen.forms.form import Circumstances, Level, Remark
from docgen.forms.ruling import declaring, late

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docgen.fields import Submission

SENTENCES: Final = MappingProxyType(
    {
        "Q01": (
            "青海省优秀质量管理小组申报材料包括：《青海省优秀管理小组申报表》（附件 1）、"
            "《2025 年企业质量管理小组活动总结》（附件 2）、《企业质量管理小组活动统计表》（附件 3）"
            "及小组活动记录等证实性材料"
        ),
        "Q02": "以上所有申报材料应按要求填报并盖公章",
        "Q03": "报送纸质版材料 1 份至青海省质量管理协会秘书处，并将材料的电子版发送至青海省质量管理协会邮箱",
        "Q04": "申报材料受理截止时间：第一期 2026 年 6 月 30 日、第二期 2026 年 10 月 20 日",
        "Q05": "发送电子版材料时请将材料整理成一个文件夹（以单位名称命名，并备注联系人和电话）",
        "Q06": "凡在青海省境内依法注册的企业法人单位（包括外地企业在青设立的分支机构）的企业均可报名申报",
        "Q07": "各单位及相关组织应择优推荐，申报数量不限制",
        "Q08": "评选 2026 年度“青海省质量管理小组活动”中三项单项奖；与活动同时申报、同时评审、单独评奖",
        "Q09": "以上三项单项奖的申报要求、评审要求按照“青海省质量管理小组活动”的相关要求执行",
        "Q10": "计划发布交流时间为 7 月和 12 月，具体安排另行通知",
        "Q11": "为确保申报小组材料的真实性、准确性和完整性，将小组的活动过程、申报材料进行全流程严格审核",
    }
)

ISSUERS: Final = (
    "青海省质量管理协会",
    "青海省总工会办公室",
    "青海省妇女联合会办公室",
    "青海省科学技术协会办公室",
)

FIRST: Final = "first-term"
SECOND: Final = "second-term"
"""The deadlines that Q04 checks."""


rule: Final = declaring(SENTENCES)


@rule("Q02")
def sealed_by_unit(_: Submission, __: Circumstances) -> Iterator[Remark]:
    """Remind of the seal: it is put on paper."""
    yield Remark(Level.REMINDER, "打印后请加盖单位公章")


@rule("Q03")
def on_paper_and_by_mail(_: Submission, __: Circumstances) -> Iterator[Remark]:
    """Remind of the two ways that each annex goes."""
    yield Remark(Level.REMINDER, "纸质版报送 1 份至青海省质量管理协会秘书处，电子版发送至 qhzhixie@163.com")


@rule("Q04")
def before_the_last_term_ends(_: Submission, circumstances: Circumstances) -> Iterator[Remark]:
    """Judge an annex that names no term by the later one."""
    yield from late("第二期申报材料受理截止日期", circumstances.deadlines[SECOND], circumstances.as_of)
