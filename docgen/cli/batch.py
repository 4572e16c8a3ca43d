"""The commands for lists: the one to fill in, and issuing from it as a batch, without a server."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from docgen.cli import manual, terminal
from docgen.cli.arguments import FORM, ORGANISATION, Day, format_of, output
from docgen.cli.issuing import order_of, warn_of_trial
from docgen.cli.outcome import Code, fault_lines
from docgen.errors import BusyFolderError, ConflictError, Fault, FormatError, UnreadableInputError

if TYPE_CHECKING:
    from datetime import date

    from docgen.issuing.registry import Desk
    from docgen.jobs.house import House
    from docgen.jobs.intake import Judged, Wish
    from docgen.jobs.runs import Progress
    from docgen.rosters import Problem

_BATCH: Final = """
按名单颁发：整体核对、登记，在后台制作，写出全部证书。

\b
ROSTER  名单：.xlsx（docgen roster 给出模板，也可用通知的汇总表），
        或 .json（每份证书一组字段的列表，或完整的颁发请求）

\b
先整体核对，有错一份也不颁发。写到 DIR 的有：每份证书一个 PDF、
证书索引.pdf、合并.pdf、report.xlsx（名单各行的结果）、manifest.json。
中断或出错后，原样再执行一次即从停下的地方继续，不会重复颁发。
"""
_ROSTER: Final = "写出一种证书的名单模板（Excel）：栏名、下拉列表和填写说明。"
_EXISTING: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
_MOST_SHOWN: Final = 20
"""Warnings that a terminal shows; all of them are in the report."""
_LOOK_SECONDS: Final = 0.2
_BY_HTTP: Final = (
    "服务在运行时，请用 HTTP 提交：POST /api/v1/batches（接口说明见服务的 /docs）；或先停止服务，再执行这个命令"
)


@click.command(cls=manual.Command, help=_ROSTER)
@FORM
@output(".xlsx")
def roster(form_id: str, output: Path) -> Code:
    """Write the list to fill in for a certificate."""
    from docgen.cli import files  # noqa: PLC0415  see commands.py
    from docgen.forms.catalogue import get_form  # noqa: PLC0415  the same
    from docgen.rosters import template  # noqa: PLC0415  the same

    form = get_form(form_id)
    if format_of(output, ("xlsx",)) != "xlsx":
        raise FormatError("名单模板是 Excel 文件", "请把文件名的扩展名写作 .xlsx")
    target = files.destination(output)
    files.write(target, template(form))
    terminal.say(f"已写好 {output}；填好后先核对：docgen batch {output} --certificate {form.id} --decision … --check")
    return Code.DONE


@click.command(cls=manual.Command, help=_BATCH)
@click.argument("roster", metavar="ROSTER", type=_EXISTING)
@click.option("--certificate", metavar="FORM", help="证书种类；名单里已有时不用写")
@click.option("--decision", metavar="TEXT", help="表彰决定文号；名单里已有时不用写")
@click.option("--date", "day", type=Day(), metavar="YYYY-MM-DD", help="颁发日期，用于没有写颁发日期的各行")
@click.option("--series", metavar="S", help="编号系列；不写则用这种证书的默认系列")
@click.option("-o", "folder", metavar="DIR", type=click.Path(path_type=Path), help="写到文件夹 DIR，没有则新建")
@click.option("--check", "only_check", is_flag=True, help="只核对名单，不颁发")
@ORGANISATION
def batch(  # noqa: PLR0913  one parameter for each option
    *,
    roster: Path,
    certificate: str | None,
    decision: str | None,
    day: date | None,
    series: str | None,
    folder: Path | None,
    organisation: str | None,
    only_check: bool,
) -> Code:
    """Issue from a list, or only check it."""
    from docgen.cli import desk, files  # noqa: PLC0415  see commands.py
    from docgen.jobs import intake, logs  # noqa: PLC0415  the same
    from docgen.jobs.house import open_house  # noqa: PLC0415  the same
    from docgen.settings import settings  # noqa: PLC0415  the same

    given = {"certificate": certificate, "decision": decision, "series": series}
    named = {name: value for name, value in given.items() if value}
    if only_check:
        at = desk.desk(organisation)
        _, judged = _judged(roster, named, day, at)
        return _told(intake.examined(at, judged))
    if folder is None:
        raise click.UsageError("缺少选项 '-o'：请写明把证书写到哪个文件夹")
    target = files.folder(folder)
    data, judged = _judged(roster, named, day, None)
    if judged.order is None:
        return _told(judged)
    logs.silence()
    try:
        house = open_house(settings())
    except BusyFolderError as error:
        raise BusyFolderError(error.detail, _BY_HTTP) from None
    try:
        at = desk.at(house.shop.registry, organisation)
        warn_of_trial(at)
        _warn(judged)
        key = hashlib.sha256(data + json.dumps([named, str(day), at.organisation]).encode()).hexdigest()
        wish = intake.Wish(f"cli-{key}", second=settings().second_person)
        done = _made(house, at, judged, data, wish)
        return _left(at, done, target)
    except KeyboardInterrupt:
        terminal.complain("正在停止：正在制作的做完，其余留着；原样再执行一次即继续")
        raise
    finally:
        house.stop()


def _judged(path: Path, named: dict[str, str], day: date | None, at: Desk | None) -> tuple[bytes, Judged]:
    """Return a list as it is kept, and what is to be said of it; a desk lets it be compared with what is issued."""
    from docgen import strictjson  # noqa: PLC0415  see commands.py
    from docgen.jobs import intake  # noqa: PLC0415  the same
    from docgen.render.gate import read_bounded  # noqa: PLC0415  the same

    data = read_bounded(path)
    match path.suffix.lower():
        case ".xlsx":
            for name in ("certificate", "decision"):
                if name not in named:
                    raise click.UsageError(f"缺少选项 '--{name}'：名单是 Excel 时必须写")
            shared = {"issued_on": day.isoformat()} if day else {}
            asked = intake.Asked(named["certificate"], named["decision"], named.get("series"), shared)
            return data, intake.roster(data, asked, intake.holders(at, asked.certificate) if at else ())
        case ".json":
            order = order_of(strictjson.parse(data, len(data)), named, day)
            known = intake.holders(at, str(order.get("certificate", ""))) if at else ()
            return json.dumps(order, ensure_ascii=False).encode(), intake.order(order, known)
        case _:
            raise UnreadableInputError(f"「{path}」不是能读的名单", "可用 .xlsx 或 .json；旧版 .xls 请先另存为 .xlsx")


def _told(judged: Judged) -> Code:
    """Say what was found in a list that is only checked, or that cannot be issued from."""
    if judged.faults:
        terminal.say("\n".join([f"名单有 {len(judged.faults)} 处需要修改", *_fault_lines(judged.faults)]))
    warnings = judged.roster.warnings if judged.roster else ()
    if warnings:
        terminal.say("\n".join([f"请核对 {len(warnings)} 处", *_problem_lines(warnings)]))
    for row in judged.skipped:
        terminal.say(f"跳过第 {row.number} 行：{row.skipped}")
    good = len(judged.order.rows) if judged.order else 0
    terminal.say(f"名单 {judged.rows_in} 行：可以颁发 {good} 份，跳过 {len(judged.skipped)} 行；什么也没有颁发")
    return Code.DONE if judged.order else Code.AT_FAULT


def _warn(judged: Judged) -> None:
    warnings = judged.roster.warnings if judged.roster else ()
    if warnings:
        more = f"\n其余 {len(warnings) - _MOST_SHOWN} 处见 report.xlsx" if len(warnings) > _MOST_SHOWN else ""
        lines = _problem_lines(warnings[:_MOST_SHOWN])
        terminal.complain("\n".join([f"请核对 {len(warnings)} 处（不妨碍颁发）", *lines]) + more)


def _fault_lines(faults: tuple[Fault | Problem, ...]) -> list[str]:
    if isinstance(faults[0], Fault):
        return fault_lines(fault for fault in faults if isinstance(fault, Fault))
    return _problem_lines([fault for fault in faults if not isinstance(fault, Fault)])


def _problem_lines(problems: tuple[Problem, ...] | list[Problem]) -> list[str]:
    lines: list[str] = []
    for number, problem in enumerate(problems, 1):
        lines += [f"{number}. {problem.place}：{problem.detail}", f"   办法：{problem.remedy}"]
    return lines


def _made(house: House, at: Desk, judged: Judged, data: bytes, wish: Wish) -> Progress:
    """Begin a batch or go on with it, and wait until it has ended."""
    from docgen.cli.progress import watching  # noqa: PLC0415  see commands.py
    from docgen.jobs import intake, runs  # noqa: PLC0415  the same
    from docgen.jobs.runs import Stage  # noqa: PLC0415  the same

    begun = intake.begin(at, house.engine, judged, data, wish)
    for note in begun.notes:
        terminal.complain(f"请留意：{note}")
    if not begun.new:
        terminal.complain(f"这份名单以前提交过（批次 {begun.batch}），从停下的地方继续")
        runs.retry(at, house.engine, begun.batch)
    with watching() as show:
        while True:
            progress = runs.progress(at, begun.batch)
            show(progress)
            if progress.stage is not Stage.RUNNING:
                return progress
            time.sleep(_LOOK_SECONDS)


def _left(at: Desk, done: Progress, folder: Path) -> Code:
    """Write what a batch leaves and say what became of every row."""
    from docgen.cli import files  # noqa: PLC0415  see commands.py
    from docgen.jobs import reporting, results  # noqa: PLC0415  the same
    from docgen.jobs.runs import Stage  # noqa: PLC0415  the same

    batch = done.run.id
    if done.stage is Stage.UNRELEASED:
        terminal.say(
            f"批次 {batch} 已制成 {done.made} 份，等待另一人复核发布：POST /api/v1/batches/{batch}/release；"
            "发布后原样再执行一次，即写出文件"
        )
    else:
        try:
            for name, data in results.files(at, batch):
                files.write(folder / name, data)
            with files.writing(folder / results.MERGED) as stream:
                results.merged(at, batch, stream)
        except ConflictError:  # not one was made
            files.write(folder / results.REPORT, reporting.report(at, batch))
    skipped = done.run.details.skipped
    cancelled = f" + 已取消 {done.cancelled} 份" if done.cancelled else ""
    rows_in = done.total + skipped
    terminal.say(f"名单 {rows_in} 行 = 已颁发 {done.made} 份 + 已跳过 {skipped} 行 + 失败 {done.failed} 份{cancelled}")
    if done.failed:
        terminal.complain(f"失败的原因见 {folder / results.REPORT}；解决后原样再执行一次，只重做失败的")
    return Code.AT_FAULT if done.failed else Code.DONE


COMMANDS: Final = (roster, batch)
