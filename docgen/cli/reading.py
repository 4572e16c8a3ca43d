"""The command that reads filled forms back, one or a folder full, and makes a summary table of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from docgen.cli import manual, report, terminal
from docgen.cli.outcome import Code, code_of, reading_lines, told
from docgen.errors import DocgenError, FormatError, UnreadableInputError

if TYPE_CHECKING:
    from docgen.forms.form import Form, Notice
    from docgen.reading.result import Reading

_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
_SUMMARY_FORMATS: Final = ("json", "docx", "xlsx")
_READ: Final = """
把填好的 Word、Excel 表读回为填报数据，读不出的逐处列出。

\b
一个文件输出一份数据；几个文件输出各附件的数据合在一起，
可用于 check 和 package。加 --summary 则由几份申报表汇总出该通知的汇总表。
"""


@click.command(cls=manual.Command, help=_READ)
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=_FILE)
@click.option(
    "-o", "output", metavar="F", type=click.Path(path_type=Path), help="写到文件 F（.json；汇总表也可以是 .docx .xlsx）"
)
@click.option("--form", "form_id", metavar="FORM", help="文件是哪张表；不写则由文件的内容判断")
@click.option("--summary", is_flag=True, help="汇总成该通知的汇总表")
def read(paths: tuple[Path, ...], output: Path | None, form_id: str | None, *, summary: bool) -> Code:
    """Read filled forms back; whatever was not read ends in exit code 1."""
    from docgen.cli import files  # noqa: PLC0415  see commands.py
    from docgen.forms.catalogue import get_form  # noqa: PLC0415  the same

    formats = _SUMMARY_FORMATS if summary else ("json",)
    fmt = output.suffix.removeprefix(".").lower() if output else "json"
    if fmt not in formats:
        raise FormatError(f"「{output}」的扩展名不对", f"可用的扩展名：{'、'.join(f'.{one}' for one in formats)}")
    target = files.destination(output) if output else None
    readings, worst = _read_all(paths, get_form(form_id) if form_id else None)
    if not readings:
        return worst
    if summary:
        data, told_more = _summarised(readings, fmt)
        terminal.complain(told_more)
    else:
        data = report.as_json(_merged(readings)).encode()
    if target:
        files.write(target, data)
        terminal.say(f"已写好 {output}（{len(data):,} 字节）")
    else:
        terminal.say(data.decode())
    return worst


def _read_all(paths: tuple[Path, ...], form: Form | None) -> tuple[list[Reading], Code]:
    """Read every file that can be read, and say what could not be."""
    from docgen import service  # noqa: PLC0415  see commands.py
    from docgen.render.gate import read_bounded  # noqa: PLC0415  the same

    found: list[Reading] = []
    worst = Code.DONE
    for path in paths:
        try:
            reading = service.read(read_bounded(path), path.suffix.removeprefix(".").lower(), form)
        except DocgenError as error:
            terminal.complain(f"{path}\n{told(error)}")
            worst = max(worst, code_of(error))
            continue
        found.append(reading)
        terminal.complain("\n".join([f"{path}：{_gist(reading)}", *reading_lines(reading.problems)]))
        if reading.problems:
            worst = max(worst, Code.AT_FAULT)
    return found, worst


def _gist(reading: Reading) -> str:
    from docgen.forms.catalogue import get_form  # noqa: PLC0415  see commands.py

    counts = reading.counts()
    ways = [f"{report.WAYS[how]} {count} 处" for how, count in sorted(counts.items(), reverse=True)]
    problems = f"；有 {len(reading.problems)} 处读不出或需要核对" if reading.problems else ""
    return f"《{get_form(reading.form).title}》（{reading.form}），{'，'.join(ways) or '没有填写的内容'}{problems}"


def _merged(readings: list[Reading]) -> Any:  # noqa: ANN401  JSON-like data
    """Return one submission by itself, several as a package: annex stem to its submissions."""
    if len(readings) == 1:
        return readings[0].submission
    _notice_of(readings)
    found: dict[str, list[Any]] = {}
    for reading in readings:
        found.setdefault(reading.form.partition("/")[2], []).append(reading.submission)
    return {stem: given[0] if len(given) == 1 else given for stem, given in found.items()}


def _notice_of(readings: list[Reading]) -> Notice:
    from docgen.forms.catalogue import get_notice  # noqa: PLC0415  see commands.py

    notices = dict.fromkeys(reading.form.partition("/")[0] for reading in readings)
    if len(notices) > 1:
        raise UnreadableInputError(f"这些文件属于几个通知：{'、'.join(notices)}", "请按通知分几次读")
    return get_notice(next(iter(notices)))


def _summarised(readings: list[Reading], fmt: str) -> tuple[bytes, str]:
    """Return the notice's summary table, and what is still missing in it."""
    from docgen import service  # noqa: PLC0415  see commands.py

    given: dict[str, list[object]] = {}
    for reading in readings:
        given.setdefault(reading.form.partition("/")[2], []).append(reading.submission)
    sheet = service.summary(_notice_of(readings), given)
    gaps = f"，尚缺{sheet.gaps}，请补填" if sheet.gaps else ""
    told_more = f"《{sheet.form.title}》由 {len(readings)} 个文件汇总得出，请核对{gaps}"
    if fmt == "json":
        return report.as_json(dict(sheet.submission)).encode(), told_more
    return service.render_sheet(sheet, fmt).data, told_more
