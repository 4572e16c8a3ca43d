"""The notice itself: number, deadline, and the rules that look at several annexes at once."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from docgen.forms.caq_2026._derived import DELIVERY, DERIVATIONS
from docgen.forms.caq_2026._rules import DEADLINE, SENTENCES, rule
from docgen.forms.caq_2026.application import Application
from docgen.forms.caq_2026.recommendation_opinion import RecommendationOpinion
from docgen.forms.caq_2026.summary import Summary
from docgen.forms.form import Circumstances, Deadline, Level, Notice, Remark

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from docgen.forms.caq_2026.recommendation_opinion import OpinionRow
    from docgen.forms.caq_2026.summary import SummaryRow

    Package = Mapping[str, Sequence[object]]
    """All submissions of one recommender: annex stem -> submissions."""
    Circle = tuple[str, str]
    """Organisation and group: what tells one circle from another on every annex."""

_LISTING = {
    "application": "申报表（附件 2）",
    "recommendation-opinion": "推荐意见（附件 3）",
    "summary": "推荐汇总表（附件 4）",
}
"""The annexes that name circles."""


def _circles(submissions: Sequence[object], stem: str) -> Iterator[tuple[Circle, str]]:
    """Walk the circles that one annex names, each with the pointer to its name."""
    for index, submission in enumerate(submissions):
        match submission:
            case Application():
                yield (submission.org_name, submission.group_name), f"/{stem}/{index}/group_name"
            case RecommendationOpinion() | Summary():
                rows: Sequence[OpinionRow | SummaryRow] = submission.items
                for place, row in enumerate(rows):
                    yield (row.org_name, row.group_name), f"/{stem}/{index}/items/{place}/group_name"


@rule("C06")
def same_circles_everywhere(package: Package, _: Circumstances) -> Iterator[Remark]:
    """Want the same circles on 附件2, 附件3 and 附件4, each once."""
    named: dict[str, dict[Circle, str]] = {}
    for stem, title in _LISTING.items():
        named[stem] = {}
        for circle, pointer in _circles(package.get(stem, ()), stem):
            if circle in named[stem]:
                yield Remark(Level.ERROR, f"该小组在{title}中重复出现，请只保留一次", pointer)
            named[stem].setdefault(circle, pointer)
        if not named[stem]:
            yield Remark(Level.ERROR, f"材料中没有{title}，请补齐", f"/{stem}")
    present = {stem: circles for stem, circles in named.items() if circles}
    for circle in dict.fromkeys(circle for circles in present.values() for circle in circles):
        place = next(circles[circle] for circles in present.values() if circle in circles)
        absent = [_LISTING[stem] for stem, circles in present.items() if circle not in circles]
        if absent:
            detail = f"{'和'.join(absent)}中没有该小组，请补上，或把各表的组织名称、小组名称改为一致"
            yield Remark(Level.ERROR, detail, place)


@rule("C14")
def same_members_everywhere(package: Package, _: Circumstances) -> Iterator[Remark]:
    """Want the members on 附件4, from which certificates are made, to be those that the circle gave on 附件2."""
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
    derivations=DERIVATIONS,
    delivery=DELIVERY,
)
