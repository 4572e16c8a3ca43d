"""The commands that make certificates: issue, reissue, reprint."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from docgen.certificates.states import NAMES, ReasonClass, State
from docgen.cli import manual, terminal
from docgen.cli.arguments import DATA, FORM, NUMBER, ORGANISATION, Day, format_of, output
from docgen.cli.outcome import Code, code_of, told
from docgen.errors import ConflictError, DocgenError, FormatError

if TYPE_CHECKING:
    from datetime import date

    from docgen.cli.arguments import Callback
    from docgen.issuing.changing import Reason
    from docgen.issuing.issue import Issued, Outcome
    from docgen.issuing.registry import Desk

_ISSUE: Final = """
颁发证书：编号、签名、登记，每份证书写一个 PDF。

\b
DATA.json 是一份证书的内容，或几份的列表；也可以是完整的颁发请求：
{"certificate": "FORM", "decision": "…", "shared": {…}, "rows": [{…}, {…}]}

\b
先整体核对，有错一份也不颁发。同一请求重复执行不会重复颁发：
中断或出错后，原样再执行一次即从停下的地方继续，并再写一遍文件。
"""

_REISSUE: Final = """
换发：更正有效证书的内容，编号不变，换一个查询码。

\b
CHANGES.json 只写要改的字段，如 {"org_name": "正确的名称"}；null 表示去掉。
旧查询码从此显示「已换发」。同一更正重复执行不会重复换发。
"""

_KEY: Final = click.option("--key", "key", metavar="K", help="幂等键：同一个键只做一次；不写则由请求的内容得出")
_NO_BORDER: Final = click.option("--no-border", "plain", is_flag=True, help="不印边框，用于已印好边框的证书纸")
_MOST_KEY: Final = 100


CLASSES: Final = f"""
\b
CLASS  {"、".join(list(ReasonClass)[:4])}、
       {"、".join(list(ReasonClass)[4:])}
"""


def reasoned(command: Callback) -> Callback:
    """Declare why a certificate changes: a class for the public and words for the house."""
    words = click.option("--reason", "words", metavar="TEXT", required=True, help="原因，只在本单位内部可见")
    kinds = click.option(
        "--class",
        "kind",
        metavar="CLASS",
        required=True,
        type=click.Choice(list(map(str, ReasonClass))),
        help="原因类别，公众可见，见下",
    )
    return kinds(words(command))


@click.command(cls=manual.Command, help=_ISSUE)
@FORM
@DATA
@click.option("--decision", metavar="TEXT", help="表彰决定文号；完整的颁发请求里已有时不用写")
@click.option("--date", "day", type=Day(), metavar="YYYY-MM-DD", help="颁发日期，用于没有写颁发日期的各份")
@click.option("--series", metavar="S", help="编号系列；不写则用这种证书的默认系列")
@click.option(
    "-o", "folder", metavar="DIR", required=True, type=click.Path(path_type=Path), help="写到文件夹 DIR，没有则新建"
)
@_KEY
@_NO_BORDER
@ORGANISATION
def issue(  # noqa: PLR0913  one parameter for each option
    *,
    form_id: str,
    data: Path,
    decision: str | None,
    day: date | None,
    series: str | None,
    folder: Path,
    key: str | None,
    organisation: str | None,
    plain: bool,
) -> Code:
    """Issue certificates and write each of them."""
    from docgen.cli import files  # noqa: PLC0415  see commands.py
    from docgen.cli.desk import desk  # noqa: PLC0415  the same
    from docgen.forms.catalogue import get_form  # noqa: PLC0415  the same
    from docgen.issuing import issue as issuing  # noqa: PLC0415  the same
    from docgen.settings import settings  # noqa: PLC0415  the same

    if settings().second_person:
        remedy = "请用 docgen batch 或 POST /api/v1/batches 提交（一行也可以），再由另一人发布"
        raise ConflictError("本单位要求由另一人复核发布，不能当场颁发", remedy)
    form = get_form(form_id)
    given = {"certificate": form.id, "decision": decision, "series": series}
    order = order_of(files.read(data, (form,)), {name: value for name, value in given.items() if value}, day)
    key = _checked(key) or _own_key(order)
    target = files.folder(folder)
    at = desk(organisation)
    warn_of_trial(at)
    writer = _Writer(at, target, border=not plain)
    issued = issuing.issue(at, order, key, writer.take)
    return _concluded(issued, writer)


def order_of(raw: object, given: dict[str, str], day: date | None) -> dict[str, Any]:
    """Return the order that a file and the options make together."""
    if isinstance(raw, dict) and "rows" in raw:
        for name, value in given.items():
            if raw.setdefault(name, value) != value:
                raise click.UsageError(f"命令行与文件里的 {name} 不一致，请改成一致，或只写一处")
        order = raw
    else:
        if "decision" not in given:
            raise click.UsageError("缺少选项 '--decision'：请写明表彰决定的文号")
        order = {**given, "rows": raw if isinstance(raw, list) else [raw]}
    shared = order.get("shared", {})
    if day and isinstance(shared, dict):
        order["shared"] = {"issued_on": day.isoformat(), **shared}
    return order


def _own_key(order: object) -> str:
    """Return a key that the same order has every time."""
    return f"cli-{hashlib.sha256(json.dumps(order, sort_keys=True).encode()).hexdigest()}"


def _checked(key: str | None) -> str | None:
    if key is None or (key.isascii() and key.isprintable() and " " not in key and 0 < len(key) <= _MOST_KEY):
        return key
    raise click.UsageError(f"--key 应为 1 至 {_MOST_KEY} 个可见的 ASCII 字符")


def warn_of_trial(at: Desk) -> None:
    """Say so where certificates are worth nothing outside."""
    if at.registry.trial:
        terminal.complain(
            f"试用环境（核验网址 {at.registry.public_url}）：证书上印有「试用」，在别处无效；"
            "正式颁发前请设置 DOCGEN_PUBLIC_URL"
        )


class _Writer:
    """Writes the document of each certificate as soon as it is there, and says so."""

    def __init__(self, at: Desk, folder: Path, *, border: bool) -> None:
        self._at = at
        self._folder = folder
        self._border = border
        self.unwritten = 0
        self.worst = Code.DONE

    def take(self, outcome: Outcome) -> None:
        """Tell what became of one certificate, in one line where all is well."""
        number = outcome.one.record.number
        head = f"{number}  {recipient(outcome)}"
        if outcome.failure:
            self._blame(outcome.failure)
            terminal.complain(f"{head}  没有颁发（{NAMES[outcome.state]}）\n{told(outcome.failure)}")
        elif outcome.state is not State.ISSUED:
            terminal.say(f"{head}  早已颁发，现为「{NAMES[outcome.state]}」，没有写文件")
        else:
            self._write(outcome, head)

    def _write(self, outcome: Outcome, head: str) -> None:
        from docgen.cli import files  # noqa: PLC0415  see commands.py
        from docgen.issuing import printing  # noqa: PLC0415  the same

        number = outcome.one.record.number
        try:
            printed = printing.document(self._at, number, "pdf", border=self._border)
            target = self._folder / _file_name(number, recipient(outcome))
            files.write(target, printed.data)
        except DocgenError as error:
            self.unwritten += 1
            self._blame(error)
            terminal.complain(f"{head}  已颁发，但文件没有写出\n{told(error)}")
        else:
            terminal.say(f"{head}  {target.name}")

    def _blame(self, error: DocgenError) -> None:
        self.worst = max(self.worst, code_of(error))


def recipient(outcome: Outcome) -> str:
    """Return to whom a certificate is given, in the order in which it is printed."""
    from docgen.forms import certificate  # noqa: PLC0415  see commands.py
    from docgen.forms.catalogue import get_form  # noqa: PLC0415  the same

    claims = outcome.one.claims
    words = certificate.filled(claims.submission["recipient"], get_form(claims.form).shape, claims.submission)
    return words.strip().rstrip("：:")


def _file_name(number: str, whom: str) -> str:
    """Return ``<number> <recipient>.pdf``, fit for every file system and of at most 200 bytes."""
    from docgen.packages.naming import MOST_BYTES, clean  # noqa: PLC0415  see commands.py

    name = clean(whom, MOST_BYTES - len(f"{number} .pdf".encode()))
    return f"{number} {name}.pdf" if name else f"{number}.pdf"


def _concluded(issued: Issued, writer: _Writer) -> Code:
    failed = sum(outcome.failure is not None for outcome in issued.outcomes)
    for note in issued.notes:
        terminal.complain(f"请留意：{note}")
    again = "" if issued.new else "（这个请求以前颁发过，没有重复颁发）"
    unwritten = f"；{writer.unwritten} 份的文件没有写出，请解决后原样再执行一次" if writer.unwritten else ""
    total = len(issued.outcomes)
    terminal.say(f"共 {total} 份：已颁发 {total - failed} 份，没有颁发 {failed} 份{unwritten}{again}")
    return writer.worst


@click.command(cls=manual.Command, help=_REISSUE, epilog=CLASSES)
@NUMBER
@click.argument(
    "changes", metavar="CHANGES.json", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
)
@reasoned
@output(".pdf")
@_KEY
@_NO_BORDER
@ORGANISATION
def reissue(  # noqa: PLR0913  one parameter for each option
    *,
    number: str,
    changes: Path,
    kind: str,
    words: str,
    output: Path,
    key: str | None,
    organisation: str | None,
    plain: bool,
) -> Code:
    """Correct a certificate and write its new version."""
    from docgen.cli import files  # noqa: PLC0415  see commands.py
    from docgen.cli.desk import desk  # noqa: PLC0415  the same
    from docgen.issuing import changing, printing  # noqa: PLC0415  the same
    from docgen.issuing import issue as issuing  # noqa: PLC0415  the same

    number = number.strip().upper()
    if format_of(output, ("pdf",)) != "pdf":
        raise FormatError("换发的证书写作 PDF", "请把文件名的扩展名写作 .pdf；其他格式用 docgen reprint")
    target = files.destination(output)
    why: Reason = changing.reason(kind, words)
    correction = changing.read_correction(
        {"changes": files.read(changes, ()), "reason_class": why.kind.value, "reason": why.words}
    )
    at = desk(organisation)
    warn_of_trial(at)
    outcome = issuing.reissue(at, number, correction, _checked(key) or f"cli-{changing.digest(number, correction)}")
    if outcome.failure:
        raise outcome.failure
    version = outcome.one.record.version
    if outcome.state is not State.ISSUED:
        terminal.complain(
            f"这次更正以前做过（第 {version} 版，现为「{NAMES[outcome.state]}」），没有再做；"
            "确要再做一次，请用 --key 另取一个幂等键"
        )
        return Code.AT_FAULT
    printed = printing.document(at, number, "pdf", border=not plain)
    files.write(target, printed.data)
    terminal.say(f"{number} 已换发为第 {version} 版，旧查询码从此显示「已换发」；已写好 {output}")
    return Code.DONE


@click.command(cls=manual.Command, help="再打印一份有效的证书，与第一次逐字节相同。")
@NUMBER
@output(".pdf .docx")
@_NO_BORDER
@ORGANISATION
def reprint(number: str, output: Path, organisation: str | None, *, plain: bool) -> Code:
    """Write a document of a valid certificate."""
    from docgen.cli import files  # noqa: PLC0415  see commands.py
    from docgen.cli.desk import desk  # noqa: PLC0415  the same
    from docgen.issuing import printing  # noqa: PLC0415  the same

    fmt = format_of(output, printing.FORMATS)
    target = files.destination(output)
    printed = printing.document(desk(organisation), number.strip().upper(), fmt, border=not plain)
    files.write(target, printed.data)
    terminal.say(f"已写好 {output}（{len(printed.data):,} 字节，SHA-256 {printed.filed.sha256}）")
    return Code.DONE
