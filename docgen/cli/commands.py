"""The commands: each reads its arguments, calls one use case and prints the answer.

Every command imports what it needs when it runs, so that ``--help`` loads click only, ``doctor`` runs where an engine
does not load, and a command that draws nothing never waits for the engines.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from docgen.cli import batch, certificates, issuing, keeping, manual, report, staff, terminal, upkeep
from docgen.cli.arguments import AS_JSON, DATA, FORM, Day, format_of, output
from docgen.cli.outcome import Code
from docgen.cli.reading import read
from docgen.cli.templates import template
from docgen.cli.worker import worker
from docgen.errors import FormatError

if TYPE_CHECKING:
    from datetime import date

    from docgen.render.document import Document


_WORDING: Final = click.option(
    "--wording",
    type=click.Choice(["verbatim", "corrected"]),
    default="verbatim",
    help="通知原表的笔误：照印（默认）或改正",
)

_EPILOG: Final = """
\b
FORM       表的编号，如 caq-2026/application；用 docgen forms 查看全部
DATA.json  填报数据（UTF-8 编码的 JSON）；写 - 则从标准输入读

\b
退出码：0 完成；1 填报数据、模板或证书有问题；2 用法不对；3 docgen 自身有问题
"""

_CHECK: Final = """
核对填报数据：是否填全，是否符合通知。

\b
FORM 也可以是通知的编号，如 caq-2026，此时还核对各附件之间是否一致，
DATA.json 是各附件的数据合在一起：{"application": [{…}, {…}], "summary": {…}}
"""

_PACKAGE: Final = """
由一个单位的全部填报数据生成材料包（zip）。

\b
包内有各附件的文档、manifest.json 和一份材料核对清单；
没有给出、但能由申报表汇总的附件一并生成，不用再填。

\b
NOTICE  通知的编号，如 caq-2026
DATA    各附件的数据合在一起的 JSON 文件，写 - 则从标准输入读；
        也可以是一个文件夹，每份数据一个文件，以附件的编号命名：
        application-1.json、application-2.json、summary.json
"""


@click.command(cls=manual.Command, help="列出全部表的编号、名称和可用格式。")
@AS_JSON
def forms(*, as_json: bool) -> Code:
    """List the forms."""
    from docgen.forms.catalogue import all_forms  # noqa: PLC0415  see the module's docstring

    known = all_forms().values()
    terminal.say(report.as_json(report.form_entries(known)) if as_json else report.form_table(known))
    return Code.DONE


@click.command(cls=manual.Command, help="输出一张表的 JSON Schema（2020-12）。")
@FORM
def schema(form_id: str) -> Code:
    """Print the JSON Schema of a form."""
    from docgen import service  # noqa: PLC0415  see the module's docstring
    from docgen.forms.catalogue import get_form  # noqa: PLC0415  the same

    terminal.say(report.as_json(service.schema(get_form(form_id))))
    return Code.DONE


@click.command(cls=manual.Command, help="输出一张表的样例数据，可以照着填写。")
@FORM
def sample(form_id: str) -> Code:
    """Print the sample submission of a form."""
    from docgen import service  # noqa: PLC0415  see the module's docstring
    from docgen.forms.catalogue import get_form  # noqa: PLC0415  the same

    terminal.say(report.as_json(service.sample(get_form(form_id))))
    return Code.DONE


@click.command(cls=manual.Command, help="生成空白表。")
@FORM
@output(".docx .pdf")
@_WORDING
def blank(form_id: str, output: Path, wording: str) -> Code:
    """Write an empty form."""
    from docgen import service  # noqa: PLC0415  see the module's docstring
    from docgen.cli import files  # noqa: PLC0415  the same
    from docgen.forms.catalogue import get_form  # noqa: PLC0415  the same
    from docgen.forms.form import Wording  # noqa: PLC0415  the same

    form = get_form(form_id)
    fmt = format_of(output, service.BLANK_FORMATS)
    target = files.destination(output)
    _deliver(service.blank(form, fmt, Wording(wording)), target, output)
    return Code.DONE


@click.command(cls=manual.Command, help=_CHECK)
@FORM
@DATA
@AS_JSON
@click.option("--as-of", type=Day(), metavar="DATE", help="按哪一天核对，如 2026-06-04；不写则为今天")
def check(form_id: str, data: Path, as_of: date | None, *, as_json: bool) -> Code:
    """Check one submission, or all of one notice."""
    from docgen import service  # noqa: PLC0415  see the module's docstring
    from docgen.cli import files  # noqa: PLC0415  the same
    from docgen.forms.catalogue import all_notices, forms_of, get_form  # noqa: PLC0415  the same

    notice = all_notices().get(form_id)
    if notice:
        title = notice.title
        verdict = service.check_package(notice, files.read(data, forms_of(notice)), as_of)
    else:
        form = get_form(form_id)
        title = form.title
        verdict = service.check(form, files.read(data, (form,)), as_of)
    terminal.say(report.as_json(verdict.members()) if as_json else report.verdict_text(title, verdict))
    return Code.DONE if verdict.complete else Code.AT_FAULT


@click.command(cls=manual.Command, help="由填报数据生成文档，格式由文件名的扩展名决定。")
@FORM
@DATA
@output(".docx .pdf .xlsx .png")
@click.option("--strict", is_flag=True, help="核对的结论为不完整时不生成")
@_WORDING
def render(form_id: str, data: Path, output: Path, *, strict: bool, wording: str) -> Code:
    """Write the document of a submission."""
    from docgen import service  # noqa: PLC0415  see the module's docstring
    from docgen.cli import files  # noqa: PLC0415  the same
    from docgen.forms.catalogue import get_form  # noqa: PLC0415  the same
    from docgen.forms.form import Wording  # noqa: PLC0415  the same

    form = get_form(form_id)
    fmt = format_of(output, form.formats)
    target = files.destination(output)
    submission = files.read(data, (form,))
    if strict and not (verdict := service.check(form, submission)).complete:
        terminal.complain(report.verdict_text(form.title, verdict))
        return Code.AT_FAULT
    _deliver(service.render(form, submission, fmt, Wording(wording)), target, output)
    return Code.DONE


@click.command(cls=manual.Command, help=_PACKAGE)
@click.argument("notice_id", metavar="NOTICE")
@click.argument("data", metavar="DATA", type=click.Path(exists=True, allow_dash=True, path_type=Path))
@output(".zip")
@click.option("--strict", is_flag=True, help="核对的结论为不完整时不生成")
@click.option("--as-of", type=Day(), metavar="DATE", help="按哪一天核对，如 2026-06-04；不写则为今天")
def package(notice_id: str, data: Path, output: Path, as_of: date | None, *, strict: bool) -> Code:
    """Write all documents of one unit for one notice."""
    from docgen import service  # noqa: PLC0415  see the module's docstring
    from docgen.cli import files, folder  # noqa: PLC0415  the same
    from docgen.forms.catalogue import get_notice  # noqa: PLC0415  the same

    notice = get_notice(notice_id)
    if format_of(output, ("zip",)) != "zip":
        raise FormatError("材料包只有 zip 格式", "请把文件名的扩展名写作 .zip")
    target = files.destination(output)
    given = folder.read(data, notice)
    if strict and not (verdict := service.check_package(notice, given, as_of)).complete:
        terminal.complain(report.verdict_text(notice.title, verdict))
        return Code.AT_FAULT
    made = service.package(notice, given, as_of)
    files.write(target, made.data)
    terminal.say(
        f"已写好 {output}（{len(made.data):,} 字节，材料 {made.documents} 份）；待办事项见包内的《材料核对清单》"
    )
    return Code.DONE


def _deliver(document: Document, target: Path, output: Path) -> None:
    from docgen.cli import files  # noqa: PLC0415  see the module's docstring

    files.write(target, document.data)
    terminal.say(f"已写好 {output}（{len(document.data):,} 字节，模板 {document.template}）")


@click.group(
    cls=manual.Group, help="按质量协会的通知核对填报数据，生成 Word、PDF、Excel 文档，颁发和管理证书。", epilog=_EPILOG
)
def docgen() -> None:
    """Group all commands."""


docgen.add_section("文档", forms, schema, sample, blank, check, render, package, read, template)
docgen.add_section("证书", issuing.issue, *batch.COMMANDS, issuing.reissue, issuing.reprint, *certificates.COMMANDS)
docgen.add_section("维护", *upkeep.COMMANDS, *staff.COMMANDS, worker, *keeping.COMMANDS)
