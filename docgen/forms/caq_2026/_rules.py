"""The sentences of the notice, word for word, and the checks that several of its annexes share."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from docgen.forms.form import Circumstances, Level, Remark, Rule
from docgen.forms.ruling import declaring, late
from docgen.forms.shape import texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docgen.fields import Submission

SENTENCES: Final = MappingProxyType(
    {
        "C01": "已在组织内正式注册至少三年",
        "C02": "小组成员积极学习 QC 小组活动相关标准和工具方法，不断提升活动专业能力",
        "C03": "近三年至少完成两项课题，并至少有一项课题成果达到一等水平",
        "C04": "申报材料须通过推荐单位审核，确保材料内容真实、准确，推荐单位汇总后以电子版形式报送",
        "C05": "由小组填写并加盖单位公章；由推荐单位填写并加盖单位公章",
        "C06": "汇总全部申报小组的推荐意见；汇总全部申报小组名单",
        "C07": "成果证明：小组近三年课题成果报告（Word 格式）及获得外部认可证实材料",
        "C08": "能力证明：小组成员参与 QC 小组活动专业能力、评审能力培训相关证实材料",
        "C09": "小组成员的活动专业能力、评审能力请提供相关证实材料",
        "C10": "近三年 QC 小组活动综述，内容涵盖申报条件要求（3000 字以内）",
        "C11": "推荐意见（限 300 字）",
        "C12": "小组成员（10 人以内请用“、”隔开）",
        "C13": "不要挂上级部门（组织名称以公章为准）",
        "C14": "以上内容提交后不得进行更改",
        "C15": "请全国质协系统成员单位及相关组织于2026年10月30日前将推荐材料发送至邮箱 qc@caq.org.cn",
        "C16": (
            "各单位在推荐全国优秀质量管理小组过程中，不得以任何形式、任何名义收取费用。"
            "对违反规定的单位，直接取消推荐资格"
        ),
        "C17": "近三年课题成果（课题名称、活动时间、获得外部认可）；小组成员名单",
    }
)

DEADLINE: Final = "recommendation"
"""The deadline that C15 checks."""

_MONEY = re.compile(
    r"收款|账号|帐号|开户行|开户银行|汇款|评审费|评选费|报名费|参评费|会务费|工本费|缴费|交费|收费标准"
    r"|(?<!\d)(?:\d{16,19}|\d{4}(?: \d{4}){3}(?: \d{1,3})?)(?!\d)"
)
"""Words that go with a fee, and bank account numbers: 16 to 19 digits, in one run or in fours."""


rule: Final = declaring(SENTENCES)


@rule("C04")
def reviewed_by_recommender(_: Submission, __: Circumstances) -> Iterator[Remark]:
    """Remind of the recommender's review: it cannot be seen in the data."""
    yield Remark(Level.REMINDER, "请确认推荐单位已审核材料，并由其汇总后以电子版报送", "/recommender")


def sealed_by(who: str) -> Rule:
    """Remind of the seal: it is put on paper."""

    @rule("C05")
    def seal(_: Submission, __: Circumstances) -> Iterator[Remark]:
        yield Remark(Level.REMINDER, f"打印后请加盖{who}公章，再扫描成电子版")

    return seal


@rule("C14")
def locked_after_submission(_: Submission, __: Circumstances) -> Iterator[Remark]:
    """Remind that certificates are made from these values; a package compares them across the annexes."""
    yield Remark(Level.REMINDER, "组织名称、小组名称和成员名单是制作证书的依据，提交前请逐字核对")


@rule("C15")
def in_time(_: Submission, circumstances: Circumstances) -> Iterator[Remark]:
    """Refuse a date after the deadline, which counts as inclusive."""
    yield from late("报送截止日期", circumstances.deadlines[DEADLINE], circumstances.as_of)


@rule("C16")
def no_fee(submission: Submission, _: Circumstances) -> Iterator[Remark]:
    """Look for money in all texts, as no annex has a field for it."""
    for pointer, text in texts(submission.model_dump(mode="json")):
        if _MONEY.search(text):
            yield Remark(
                Level.WARNING, "文字中有疑似收费或银行账户的内容；推荐过程不得收费，请核实，确属收费的请删除", pointer
            )
