"""The notice itself: number, deadline, and the rules that look at several annexes at once."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from docgen.forms.form import Circumstances, Deadline, Level, Notice, Remark, Rule
from docgen.forms.hunan_2026._derived import DELIVERY, DERIVATIONS
from docgen.forms.hunan_2026._rules import DEADLINE, FEE, SENTENCES, rule
from docgen.forms.hunan_2026.achievement_summary import CIRCLE, TEAM, AchievementSummary
from docgen.forms.hunan_2026.group_achievement import GroupAchievement
from docgen.forms.hunan_2026.team_achievement import TeamAchievement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from docgen.forms.hunan_2026.achievement_summary import AchievementRow

    Package = Mapping[str, Sequence[object]]
    """All submissions of one enterprise: annex stem -> submissions."""
    Achievement = tuple[str, str, str]
    """Category, organisation and name: what tells one team or circle from another."""

_FORMS = {
    CIRCLE: ("group-achievement", "优秀质量管理小组成果表（附件一）"),
    TEAM: ("team-achievement", "优秀质量信得过班组成果表（附件二）"),
}
"""The annex that each kind of achievement fills in."""
_SUMMARY = "成果汇总表（附件三）"


def _achievements(package: Package) -> Iterator[tuple[Achievement, GroupAchievement | TeamAchievement, str]]:
    """Walk 附件一 and 附件二, each with the pointer to its submission."""
    for stem, _ in _FORMS.values():
        for index, submission in enumerate(package.get(stem, ())):
            pointer = f"/{stem}/{index}"
            match submission:
                case GroupAchievement():
                    yield (CIRCLE, submission.org_name, submission.group_name), submission, pointer
                case TeamAchievement():
                    yield (TEAM, submission.org_name, submission.team_name), submission, pointer


def _rows(package: Package) -> Iterator[tuple[Achievement, AchievementRow, str]]:
    """Walk the rows of 附件三, each with its pointer."""
    for index, summary in enumerate(package.get("achievement-summary", ())):
        if isinstance(summary, AchievementSummary):
            for place, row in enumerate(summary.items):
                yield (row.category, row.org_name, row.name), row, f"/achievement-summary/{index}/items/{place}"


@rule("H01")
def same_achievements_everywhere(package: Package, _: Circumstances) -> Iterator[Remark]:
    """Want a row of 附件三 for each 附件一 and 附件二, and the other way; a unit may bring stories only."""
    given: dict[Achievement, str] = {}
    for achievement, _submission, pointer in _achievements(package):
        if achievement in given:
            name = "group_name" if achievement[0] == CIRCLE else "team_name"
            detail = f"该班组或小组已有一份{_FORMS[achievement[0]][1]}，请只保留一份"
            yield Remark(Level.ERROR, detail, f"{pointer}/{name}")
        given.setdefault(achievement, pointer)
    listed = {achievement: pointer for achievement, _row, pointer in _rows(package)}
    if given and not listed:
        yield Remark(Level.ERROR, f"材料中没有{_SUMMARY}，请补齐", "/achievement-summary")
        return
    for achievement, pointer in given.items():
        if achievement not in listed:
            name = "group_name" if achievement[0] == CIRCLE else "team_name"
            detail = f"{_SUMMARY}中没有该班组或小组，请补上，或把各表的企业名称、班组或小组名称改为一致"
            yield Remark(Level.ERROR, detail, f"{pointer}/{name}")
    for achievement, pointer in listed.items():
        if achievement not in given:
            detail = f"没有该班组或小组的{_FORMS[achievement[0]][1]}，请补上，或把各表的名称和类别改为一致"
            yield Remark(Level.ERROR, detail, f"{pointer}/name")


@rule("H02")
def same_details_everywhere(package: Package, _: Circumstances) -> Iterator[Remark]:
    """Want what 附件三 says, from which certificates are made, to be what 附件一 and 附件二 say."""
    given = {achievement: submission for achievement, submission, _pointer in _achievements(package)}
    for achievement, row, pointer in _rows(package):
        submission = given.get(achievement)
        if submission is None:
            continue
        title = _FORMS[achievement[0]][1]
        # A team's own form has no list of members and no topic.
        names = ("topic_name", "topic_type", "leader", "members") if achievement[0] == CIRCLE else ("leader",)
        for name in names:
            if getattr(row, name) != getattr(submission, name):
                yield Remark(Level.ERROR, f"与{title}不一致，请核实后改为一致", f"{pointer}/{name}")


@rule("H03")
def stories_have_their_form(package: Package, _: Circumstances) -> Iterator[Remark]:
    """Remind of 附件四: nothing else tells whether a unit has a story."""
    if not package.get("brand-story"):
        yield Remark(Level.REMINDER, "材料中没有品牌故事推荐表（附件四）；如申报质量品牌故事，请补上", "/brand-story")


@rule("H05")
def summary_and_statistics(package: Package, _: Circumstances) -> Iterator[Remark]:
    """Want one 附件五 and one 附件六 of the enterprise."""
    for stem, title in (("work-summary", "工作总结（附件五）"), ("statistics", "概况统计表（附件六）")):
        if not package.get(stem):
            yield Remark(Level.ERROR, f"材料中没有{title}，请补齐", f"/{stem}")
        for index in range(1, len(package.get(stem, ()))):
            yield Remark(Level.WARNING, f"每家企业报一份{title}，现有多份，请只保留一份", f"/{stem}/{index}")


def _fee(rule_id: str, stem: str, what: str) -> Rule:
    """Add up the fees of one kind of entry, over all of its submissions."""

    @rule(rule_id)
    def fee(package: Package, _: Circumstances) -> Iterator[Remark]:
        if count := len(package.get(stem, ())):
            detail = f"共 {count} 个{what}，应交纳 {FEE} 元 × {count} = {FEE * count:,} 元，申报时汇入表注所列账户"
            yield Remark(Level.REMINDER, detail, f"/{stem}")

    return fee


NOTICE = Notice(
    id="hunan-2026",
    title="关于开展 2025 年度湖南省机械工业质量管理小组、质量信得过班组、质量品牌故事交流活动的通知",
    number="湘机质协[2026] 03 号",
    issuers=("湖南省机械工业质量管理协会",),
    award="优秀质量管理 QC 小组、质量信得过班组和质量品牌故事",
    deadlines=(Deadline(DEADLINE, "材料报送", date(2026, 7, 15)),),
    sentences=SENTENCES,
    package_rules=(
        same_achievements_everywhere,
        same_details_everywhere,
        stories_have_their_form,
        summary_and_statistics,
        _fee("H07", "team-achievement", "信得过班组"),
        _fee("H08", "brand-story", "质量品牌故事"),
    ),
    derivations=DERIVATIONS,
    delivery=DELIVERY,
)
