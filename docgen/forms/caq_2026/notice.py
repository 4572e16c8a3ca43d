"""The notice itself: number, deadline, and the rules that look at several annexes at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from docgen.forms.caq_2026._rules import DEADLINE, SENTENCES, rule
from docgen.forms.caq_2026.application import Application
from docgen.forms.caq_2026.recommendation_opinion import RecommendationOpinion
from docgen.forms.caq_2026.summary import Summary
from docgen.forms.form import Circumstances, Deadline, Level, Notice, Remark

Package = Mapping[str, Sequence[object]]
"""All submissions of one recommender: annex stem -> submissions."""
Circle = tuple[str, str]


def _circles(package: Package) -> dict[str, Counter[Circle]]:
    """Count the circles, as (organisation, group), that each annex present names."""
    found: dict[str, Counter[Circle]] = {}
    for stem, submissions in package.items():
        named = Counter[Circle]()
        for submission in submissions:
            match submission:
                case Application():
                    named[submission.org_name, submission.group_name] += 1
                case RecommendationOpinion() | Summary():
                    named.update((item.org_name, item.group_name) for item in submission.items)
                case _:
                    continue
        found[stem] = named
    return found


@rule("C06")
def same_circles_everywhere(package: Package, _: Circumstances) -> Iterator[Remark]:
    """附件2, 附件3 and 附件4 name the same circles, each once."""
    titles = {"application": "申报表（附件 2）", "recommendation-opinion": "推荐意见（附件 3）", "summary": "推荐汇总表（附件 4）"}
    circles = _circles(package)
    for stem, title in titles.items():
        if not circles.get(stem):
            yield Remark(Level.ERROR, f"材料中没有{title}，请补齐", f"/{stem}")
    everyone = sorted(set().union(*(circles.get(stem, Counter()) for stem in titles)))
    for org_name, group_name in everyone:
        for stem, title in titles.items():
            times = circles.get(stem, Counter())[org_name, group_name]
            if circles.get(stem) and times == 0:
                yield Remark(Level.ERROR, f"{title}缺少「{org_name}」的「{group_name}」，请补上或统一名称", f"/{stem}")
            if times > 1:
                yield Remark(Level.ERROR, f"{title}中「{org_name}」的「{group_name}」出现 {times} 次，请只保留一次", f"/{stem}")


@rule("C14")
def same_members_everywhere(package: Package, _: Circumstances) -> Iterator[Remark]:
    """The members on 附件4, from which certificates are made, are those that the circle handed in on 附件2."""
    applied = {
        (item.org_name, item.group_name): item.members
        for item in package.get("application", ())
        if isinstance(item, Application)
    }
    for number, summary in enumerate(package.get("summary", ())):
        if not isinstance(summary, Summary):
            continue
        for index, row in enumerate(summary.items):
            members = applied.get((row.org_name, row.group_name))
            if members is not None and members != row.members:
                yield Remark(
                    Level.ERROR,
                    "成员名单或次序与该小组申报表（附件 2）不一致，请以已提交的申报表为准",
                    f"/summary/{number}/items/{index}/members",
                )


NOTICE = Notice(
    id="caq-2026",
    title="关于开展2026年度全国质量管理小组活动推进工作的通知",
    number="中国质协字〔2026〕23号",
    issuers=("中国质量协会",),
    award="第二十一届中国质量协会全国质量奖团队类(全国优秀质量管理小组)",
    deadlines=(Deadline(DEADLINE, "推荐材料报送", date(2026, 10, 30)),),
    sentences=SENTENCES,
    package_rules=(same_circles_everywhere, same_members_everywhere),
)
