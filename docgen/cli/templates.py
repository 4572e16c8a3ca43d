"""The commands for templates: checking one, and starting a new form from a grid description."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from docgen.cli import manual, terminal
from docgen.cli.outcome import Code, code_of, finding_lines, told
from docgen.errors import DocgenError

_EXISTING: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
_NEW: Final = """
按表格说明新建一张表：数据模型、HTML 模板、Word 模板和样例各一个文件。

\b
FORM 写作 通知/附件，如 lushan-2027/application；通知不存在时一并新建。
GRID.txt 的写法见 README「增加一个通知」。文件写入环境变量 DOCGEN_NOTICES_DIR
指明的文件夹；在源码中运行而没有设置时写入源码。
"""


@click.group(cls=manual.Group, help="检查模板，新建表。")
def template() -> None:
    """Group the commands for templates."""


@template.command("check", help="检查模板：占位符、页面、字体和样式是否符合规定。")
@click.argument("templates", metavar="FILE...", nargs=-1, required=True, type=_EXISTING)
@click.option("--form", "form_id", metavar="FORM", help="模板属于哪张表；不写则由文件的位置判断")
def check(templates: tuple[Path, ...], form_id: str | None) -> Code:
    """Check templates against their contract; the worst of all files decides the exit code."""
    from docgen import contract  # noqa: PLC0415  see commands.py

    worst = Code.DONE
    for path in templates:
        try:
            findings = contract.check_file(path, form_id)
        except DocgenError as error:
            terminal.complain(f"{path}\n{told(error)}")
            worst = max(worst, code_of(error))
            continue
        if findings:
            terminal.say("\n".join([f"{path}：有 {len(findings)} 处问题", *finding_lines(findings)]))
            worst = max(worst, Code.AT_FAULT)
        else:
            terminal.say(f"{path}：没有问题")
    return worst


@template.command("new", help=_NEW)
@click.argument("form_id", metavar="FORM")
@click.argument("grid", metavar="GRID.txt", type=_EXISTING)
def new(form_id: str, grid: Path) -> Code:
    """Write the files of a new form and say what to do next."""
    from docgen.cli import files  # noqa: PLC0415  see commands.py
    from docgen.drafting.new import write  # noqa: PLC0415  the same

    written = write(form_id, files.text(grid))
    terminal.say("\n".join(["已写好：", *(f"  {path}" for path in written)]))
    terminal.say(
        f"\n下一步：核对模型里的字段类型和通知的标题，改好样例，再运行\n"
        f"  docgen template check {written[-1]}\n  docgen blank {form_id} -o 空白.docx"
    )
    return Code.DONE
