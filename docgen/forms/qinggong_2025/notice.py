"""The notice itself: deadline, and the rules that look at several annexes at once."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from docgen.forms.form import Circumstances, Deadline, Level, Notice, Remark, Rule
from docgen.forms.qinggong_2025._derived import DELIVERY, DERIVATIONS
from docgen.forms.qinggong_2025._parts import RECOMMENDED
from docgen.forms.qinggong_2025._rules import DEADLINE, ISSUERS, SENTENCES, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Package = Mapping[str, Sequence[Any]]
    """All submissions handed in together: annex stem -> submissions."""
    Nominee = tuple[str, str]
    """Unit, and person, circle or team: what tells one nominee from another on every annex."""

_NAMES = {"manager-application": "name", "group-application": "group_name", "team-application": "team_name"}
"""The applications, each with the field that names its nominee beside the unit."""
_CATEGORIES = {
    "manager-application": "优秀质量管理者",
    "group-application": "优秀质量管理小组",
    "team-application": "质量信得过班组",
}
_LETTER = "recommendation-letter"


def _applied(package: Package, stem: str) -> Iterator[tuple[Nominee, str, Any]]:
    """Walk the applications of one kind with the pointer to the nominee's name."""
    for index, submission in enumerate(package.get(stem, ())):
        nominee = submission.org_name, getattr(submission, _NAMES[stem])
        yield nominee, f"/{stem}/{index}/{_NAMES[stem]}", submission


def _listed(package: Package, stem: str, name: str) -> Iterator[tuple[Nominee, str]]:
    """Walk the rows of one kind of table with the pointer to the nominee's name."""
    for index, submission in enumerate(package.get(stem, ())):
        for place, row in enumerate(submission.items):
            yield (row.org_name, getattr(row, name)), f"/{stem}/{index}/items/{place}/{name}"


def _same_on_both(rule_id: str, application: str, table: str, titles: tuple[str, str]) -> Rule:
    """Want the same nominees on applications and table; a package without either kind is not about them."""
    name = _NAMES[application]

    @rule(rule_id)
    def same(package: Package, _: Circumstances) -> Iterator[Remark]:
        applied = {nominee: pointer for nominee, pointer, _ in _applied(package, application)}
        listed = dict(_listed(package, table, name))
        for present, absent, stem, title in (
            (applied, listed, table, titles[1]),
            (listed, applied, application, titles[0]),
        ):
            if present and not absent:
                yield Remark(Level.ERROR, f"材料中没有{title}，请补齐", f"/{stem}")
                continue
            for nominee, pointer in present.items():
                if nominee not in absent:
                    detail = f"{title}中没有该项，请补上，或把两处的单位名称、{_WHAT[name]}改为一致"
                    yield Remark(Level.ERROR, detail, pointer)

    return same


_WHAT = {"name": "姓名", "group_name": "小组名称", "team_name": "班组名称"}


@rule("L01")
def one_manager_a_unit(package: Package, _: Circumstances) -> Iterator[Remark]:
    """Want one application of each unit."""
    seen: set[str] = set()
    for (unit, _name), pointer, _submission in _applied(package, "manager-application"):
        if unit in seen:
            yield Remark(Level.ERROR, "该单位已有一份申报表，每单位限报一名，请删去多余的", pointer)
        seen.add(unit)


def _in_letters(package: Package) -> set[tuple[str, Nominee]]:
    """Return (category, nominee) of all letters' lists."""
    return {(item.category, (item.org_name, item.name)) for letter in package.get(_LETTER, ()) for item in letter.items}


@rule("L07")
def recommended_by_letter(package: Package, _: Circumstances) -> Iterator[Remark]:
    """Want a letter where somebody is recommended, and everybody so recommended on its list."""
    in_letters, missing = _in_letters(package), False
    for stem, category in _CATEGORIES.items():
        for nominee, pointer, submission in _applied(package, stem):
            if submission.route in RECOMMENDED and (category, nominee) not in in_letters:
                if package.get(_LETTER):
                    yield Remark(Level.ERROR, "申报途径为推荐，但推荐函的名单中没有该项，请补入名单或更正名称", pointer)
                missing = True
    if missing and not package.get(_LETTER):
        yield Remark(Level.ERROR, "有申报途径为推荐的材料，但没有推荐函，请补齐", f"/{_LETTER}")


@rule("L08")
def direct_without_letter(package: Package, _: Circumstances) -> Iterator[Remark]:
    """Point at those who apply directly and stand on a letter's list all the same."""
    in_letters = _in_letters(package)
    for stem, category in _CATEGORIES.items():
        for nominee, pointer, submission in _applied(package, stem):
            if submission.route not in RECOMMENDED and (category, nominee) in in_letters:
                yield Remark(Level.WARNING, "申报途径为直接申报，却列在推荐函的名单中，请核实申报途径", pointer)


NOTICE = Notice(
    id="qinggong-2025",
    title="关于开展2025年度轻工行业质量管理创新提升活动的通知",
    number="",
    issuers=ISSUERS,
    award="轻工行业质量管理创新提升活动",
    deadlines=(Deadline(DEADLINE, "申报材料报送", date(2025, 6, 10)),),
    sentences=SENTENCES,
    package_rules=(
        one_manager_a_unit,
        _same_on_both("L02", "manager-application", "manager-statistics", ("申报表（附件 1）", "信息统计表（附件 1）")),
        _same_on_both("L03", "group-application", "group-summary", ("申报表（附件 2）", "汇总表（附件 2）")),
        _same_on_both("L04", "team-application", "team-summary", ("申报表（附件 3）", "汇总表（附件 3）")),
        recommended_by_letter,
        direct_without_letter,
    ),
    derivations=DERIVATIONS,
    delivery=DELIVERY,
)
