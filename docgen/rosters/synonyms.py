"""What people print over the columns of their lists, as plain data. All of it is folded: see ``headings.fold``.

The words come from the summary tables of the five notices (forms.md, sections 3.4, 4.3, 5.5, 7.2, 7.4, 7.6) and from
what associations write in their own lists. A field's printed title always counts and stands before all of these.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

REF: Final = "ref"
REF_TITLE: Final = "区分标记"

SURE: Final = MappingProxyType(
    {
        "org_name": (
            "组织名称",
            "企业名称",
            "单位名称",
            "公司名称",
            "获奖单位",
            "获奖单位名称",
            "获奖企业",
            "获奖企业名称",
            "所在单位名称",
            "所属单位名称",
            "组织全称",
            "企业全称",
            "单位全称",
        ),
        "group_name": (
            "小组名称",
            "qc小组名称",
            "质量管理小组名称",
            "班组/小组名称",
            "小组/班组名称",
            "获奖小组名称",
            "小组全称",
        ),
        "team_name": (
            "班组名称",
            "信得过班组名称",
            "质量信得过班组名称",
            "班组/小组名称",
            "小组/班组名称",
            "获奖班组名称",
        ),
        "topic_name": (
            "课题名称",
            "成果名称",
            "活动课题名称",
            "小组课题名称",
            "qc课题名称",
            "获奖课题名称",
            "成果课题名称",
            "课题/成果名称",
        ),
        "story_name": ("故事名称", "品牌故事名称", "质量品牌故事名称", "故事题目", "故事标题"),
        "authors": ("故事作者", "作者", "作者姓名", "故事作者姓名", "主要作者", "主创人员"),
        "name": ("姓名", "推进者姓名", "管理者姓名", "获奖者姓名", "获奖人姓名", "获奖个人姓名", "个人姓名"),
        "members": (
            "小组成员",
            "班组成员",
            "班组/小组成员",
            "小组/班组成员",
            "主要成员",
            "成员名单",
            "小组成员名单",
            "班组成员名单",
            "小组成员姓名",
            "班组成员姓名",
            "成员姓名",
            "成员",
            "qc小组成员",
            "小组主要成员",
            "班组主要成员",
            "全体成员",
        ),
        "grade": ("奖项等级", "获奖等级", "奖励等级", "等级", "获奖等次", "奖项等次"),
        "prize": ("单项奖", "单项奖名称", "单项奖奖项"),
        "issued_on": ("颁发日期", "发证日期", "颁证日期", "证书日期", "颁奖日期"),
        REF: ("区分标记", "区分标识"),
    }
)
"""Field to the headings that mean it and nothing else."""

LIKELY: Final = MappingProxyType(
    {
        "org_name": (
            "单位",
            "企业",
            "组织",
            "公司",
            "申报单位",
            "申报单位名称",
            "所在单位",
            "所属单位",
            "工作单位",
            "参赛单位",
        ),
        "group_name": ("小组", "qc小组", "质量管理小组", "获奖小组"),
        "team_name": ("班组", "信得过班组", "质量信得过班组", "获奖班组"),
        "topic_name": ("课题", "成果", "活动课题", "获奖课题", "小组课题", "qc课题"),
        "story_name": ("故事", "品牌故事", "作品名称", "题目"),
        "name": ("推进者", "优秀推进者", "管理者", "优秀管理者", "获奖者", "获奖人", "获奖个人"),
        "members": ("组员", "参加人员", "小组人员", "班组人员"),
        "grade": ("奖项", "奖次", "等次", "奖级", "拟授奖项", "奖励"),
        "prize": ("奖项", "奖项名称", "获奖名称", "奖项类别", "获奖奖项"),
    }
)
"""Headings that mean a field where nothing surer stands beside them."""

SUBJECTS: Final = ("group_name", "team_name", "story_name", "name")
"""Fields that say whom or what a row is about; a list of circles is no list of enterprises, whatever else it holds."""

NUMBERING: Final = ("序号", "no", "no.", "编号")
"""Over the column that only counts."""

CATEGORY: Final = ("类别", "申报类别", "推荐类别", "种类")
"""Over the column that tells circles from teams, where one list holds both."""

KINDS: Final = MappingProxyType({"group_name": "小组", "team_name": "班组", "story_name": "故事"})
"""Subject to the word in the column 类别 that means it."""

NOT_NEEDED: Final = frozenset(
    {
        *NUMBERING,
        *CATEGORY,
        "备注",
        "联系人",
        "联系电话",
        "联系方式",
        "电话",
        "手机",
        "手机号",
        "手机号码",
        "联系人及电话",
        "联系人及手机",
        "联系人姓名",
        "联系人电话",
        "课题类型",
        "成果类型",
        "小组人数",
        "班组人数",
        "人数",
        "成员人数",
        "性别",
        "出生年月",
        "职务",
        "职称",
        "组长",
        "小组组长",
        "班组长",
        "组长姓名",
        "班组长/小组组长",
        "推荐单位",
        "推荐单位名称",
        "从事质量工作年限",
        "注册号",
        "注册编号",
        "课题编号",
        "小组编号",
        "邮箱",
        "电子邮箱",
        "地址",
        "邮编",
        "得分",
        "成绩",
        "名次",
        "身份证号",
        "行业",
        "地区",
        "所属地区",
        "活动时间",
        "课题起止时间",
        "证书编号",
    }
)
"""Known headings of columns that no certificate prints."""

PERSONS: Final = frozenset({"联系人", "组长", "小组组长", "班组长", "负责人", "领导", "主管领导", "推荐人", "填表人"})
"""Whose 姓名 is not that of somebody honoured, where it stands below one of these."""

MEMBER_PARTS: Final = frozenset({"组长", "副组长", "组员", "成员", "姓名", "成员姓名", "组员姓名"})
"""What stands below 小组成员 where each of them has a column."""

SAMPLE: Final = "示例"
SAMPLES: Final = (SAMPLE, "样例", "填写示例", "例")
"""How a row says that it only shows how to fill in."""

GUIDE: Final = "填写说明"
"""The name of a sheet that explains, and holds no list."""

TOTALS: Final = ("合计", "小计", "总计", "共计", "总数", "累计")

FOOTERS: Final = (
    "注",
    "备注",
    "说明",
    "填表说明",
    "填写说明",
    "填表人",
    "填报人",
    "制表人",
    "制表",
    "审核人",
    "审核",
    "负责人",
    "联系人",
    "联系电话",
    "电话",
    "填表日期",
    "填报日期",
    "日期",
    "推荐单位",
    "填报单位",
    "单位盖章",
    "单位",
    "推荐申报单位",
    "经办人",
)
"""What a line below (or between) the rows begins with, before a colon."""

REPEATS: Final = frozenset({"同上", "同前", "〃", "″", "〞", '"', "''", "’’", "”"})
"""What people write for the words of the row above."""

NOTHING: Final = frozenset({"无", "暂无", "/", "\\", "-", "--", "—", "——", "－", "／", "(无)", "无。"})
"""What people write where there is nothing to write."""
