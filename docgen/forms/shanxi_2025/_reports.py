"""What the registration and the report sheets share, and the rules that hold them against the registration forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from docgen.forms.form import Circumstances, Level, Remark
from docgen.forms.shanxi_2025._rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from docgen.fields import Submission

    Package = Mapping[str, Sequence[Any]]
    """All submissions of one unit: annex stem -> submissions."""
    Nominee = tuple[str, ...]
    """What tells one nominee from another on every sheet: names of the organisation and of what it nominates."""

_TOPIC: Final = ("org_name", "group_name", "topic_name")
"""The fields that tell one topic from another; a circle may enter with two."""

_REPORTS: Final = (
    ("entry", "achievement-report", "成果报告单", _TOPIC),
    ("enterprise-entry", "enterprise-report", "优秀企业报告单", ("org_name",)),
    ("promoter-entry", "promoter-report", "优秀推进者报告单", ("org_name", "name")),
)
"""Each nomination with the report that S09 wants for it, and the fields that name the nominee on both."""

_OR_SAME_NAMES: Final = "请补齐，或把各表的名称改为一致"


@rule("S04")
def no_secrets(_: Submission, __: Circumstances) -> Iterator[Remark]:
    """Remind of what only the unit can know."""
    yield Remark(Level.REMINDER, "提交前请逐项核实内容真实，并按本单位保密规定审查，不得出现涉密信息")


@rule("S08")
def registered_and_listed(_: Submission, __: Circumstances) -> Iterator[Remark]:
    """Remind of the summary that goes with the sheet; a package looks for both."""
    yield Remark(Level.REMINDER, "注册登记表须与推荐汇总表（附件 5）一并报送，课题类型应与报名表（附件 2）一致")


@rule("S09")
def report_accompanies_entry(_: Submission, __: Circumstances) -> Iterator[Remark]:
    """Remind that a report alone is no nomination; a package looks for the pairs."""
    yield Remark(Level.REMINDER, "报告单须与对应的报名表（附件 2、附件 3 或附件 4）一并报送")


def _key(submission: Any, names: tuple[str, ...]) -> Nominee:  # noqa: ANN401  any sheet with these fields
    return tuple(getattr(submission, name) for name in names)


def _competing(package: Package) -> Iterator[tuple[int, Any]]:
    """Walk the entries that present a topic; observers have none (S03)."""
    for index, entry in enumerate(package.get("entry", ())):
        if entry.competes:
            yield index, entry


@rule("S08")
def same_topic_types(package: Package, _: Circumstances) -> Iterator[Remark]:
    """Want both sheets, each competing topic registered, and its type the same as on 附件2."""
    competing = any(True for _ in _competing(package))
    for stem, title, wanted in (
        ("group-registration", "注册登记表", competing),
        ("recommendation-summary", "推荐汇总表（附件 5）", True),
    ):
        if wanted and not package.get(stem):
            yield Remark(Level.ERROR, f"材料中没有{title}，请补齐", f"/{stem}")
    registered = {_key(item, _TOPIC): place for place, item in enumerate(package.get("group-registration", ()))}
    for index, entry in _competing(package):
        place = registered.get(_key(entry, _TOPIC))
        if place is None:
            if registered:
                yield Remark(Level.ERROR, f"没有该课题的注册登记表，{_OR_SAME_NAMES}", f"/entry/{index}/topic_name")
        elif entry.topic_type not in {None, package["group-registration"][place].topic_type}:
            detail = "课题类型与该课题的报名表（附件 2）不一致，请更正其一"
            yield Remark(Level.ERROR, detail, f"/group-registration/{place}/topic_type")


@rule("S09")
def report_for_each_nominee(package: Package, _: Circumstances) -> Iterator[Remark]:
    """Want a report for everything that is nominated on 附件2, 附件3 and 附件4."""
    for stem, report, title, names in _REPORTS:
        reported = {_key(item, names) for item in package.get(report, ())}
        entries = _competing(package) if stem == "entry" else enumerate(package.get(stem, ()))
        for index, entry in entries:
            if _key(entry, names) not in reported:
                yield Remark(Level.ERROR, f"没有对应的{title}，{_OR_SAME_NAMES}", f"/{stem}/{index}/{names[-1]}")


@rule("S11")
def same_topic_type_on_report(package: Package, _: Circumstances) -> Iterator[Remark]:
    """Want the one type of a topic on its report as well."""
    types = {_key(entry, _TOPIC): entry.topic_type for _, entry in _competing(package)}
    for index, report in enumerate(package.get("achievement-report", ())):
        wanted = types.get(_key(report, _TOPIC))
        if wanted is not None and report.topic_type != wanted:
            detail = "课题类型与该课题的报名表（附件 2）不一致，请更正其一；各步骤标题随课题类型而定"
            yield Remark(Level.ERROR, detail, f"/achievement-report/{index}/topic_type")
