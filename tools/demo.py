"""``./run demo``: every sample in every format, and every blank form, into one folder."""

from __future__ import annotations

import sys
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from docgen import service
from docgen.cli import terminal
from docgen.cli.outcome import Code, code_of, told
from docgen.errors import DocgenError
from docgen.forms import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docgen.forms.form import Notice
    from docgen.render.document import Document

_BLANK: Final = "空白表"
_PROGRAMS: Final = MappingProxyType({"docx": "Word", "pdf": "PDF", "xlsx": "Excel", "png": "预览图"})


def main(out: Path) -> Code:
    """Write all documents below ``out`` and say what lies where."""
    terminal.speak_utf8()
    try:
        count = 0
        for notice in catalogue.all_notices().values():
            number = f"（{notice.number}）" if notice.number else ""
            terminal.say(f"正在生成《{notice.title}》{number}的文档")
            rows = list(_written(notice, out / notice.id))
            count += len(rows)
            terminal.say(f"\n{out / notice.id}/\n\n{terminal.aligned([('附件', '格式', '大小', '文件'), *rows])}\n")
        terminal.say(_next_steps(out, count))
    except BrokenPipeError:
        terminal.hush(sys.stdout)
        return Code.READER_GONE
    except DocgenError as error:
        terminal.complain(told(error))
        return code_of(error)
    except OSError as error:
        terminal.complain(f"错误：{error.filename or out} 写不进去\n办法：请检查磁盘空间和文件夹权限，再重新运行本命令")
        return Code.WRONG_USE
    return Code.DONE


def _written(notice: Notice, folder: Path) -> Iterator[tuple[str, str, str, str]]:
    """Write the documents of one notice; yield annex, program, size and file of each."""
    (folder / _BLANK).mkdir(parents=True, exist_ok=True)
    for form in catalogue.forms_of(notice):
        label = form.annex or form.kind.value
        for fmt in form.formats:
            yield _row(label, service.render(form, service.sample(form), fmt), folder, Path())
        for fmt in service.BLANK_FORMATS:
            yield _row(label, service.blank(form, fmt), folder, Path(_BLANK))


def _row(label: str, document: Document, folder: Path, below: Path) -> tuple[str, str, str, str]:
    name = below / document.filename
    (folder / name).write_bytes(document.data)
    return label, _PROGRAMS[document.format], f"{len(document.data) / 1000:,.0f} kB", str(name)


def _next_steps(out: Path, count: int) -> str:
    command = Path(sys.executable).with_name("docgen")
    if command.is_relative_to(Path.cwd()):
        command = command.relative_to(Path.cwd())
    opener = "open" if sys.platform == "darwin" else "xdg-open"
    examples = terminal.aligned(
        [
            (f"  {command} forms", "有哪些表"),
            (f"  {command} sample caq-2026/application > 申报表.json", "取一份样例数据，照着改成自己的"),
            (f"  {command} check caq-2026/application 申报表.json", "核对是否填全、是否符合通知"),
            (f"  {command} render caq-2026/application 申报表.json -o 申报表.docx", "生成 Word 文档"),
            (f"  {command} doctor", "检查字体、系统库和模板"),
            (f"  {command} serve", "启动 HTTP 服务"),
        ]
    )
    return f"""\
共 {count} 个文件，内容是虚构的样例。在文件管理器里双击即可打开，或运行 {opener} {out}
Word 文档用 Word 或 WPS 打开；正版字体由打开它的电脑提供。

接着可以试试：
{examples}"""


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
