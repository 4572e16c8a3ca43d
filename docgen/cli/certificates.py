"""The commands that look at certificates and end them: show, history, verify, revoke, suspend, resume."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from docgen.certificates.states import NAMES, State
from docgen.cli import manual, report, terminal
from docgen.cli.arguments import AS_JSON, NUMBER, ORGANISATION
from docgen.cli.issuing import CLASSES, reasoned
from docgen.cli.outcome import Code
from docgen.errors import UnreadableInputError

if TYPE_CHECKING:
    from docgen.issuing.registry import Registry

_VERIFY: Final = """
核验查询码、二维码里的网址，或电子版证书（PDF）。

\b
文件先按 SHA-256 与登记的比对；不是原件时，再看它自称是哪张证书。
有效（文件则为原件）时退出码为 0，其他为 1，得不到可靠的结果为 3。
"""
_PDF: Final = ".pdf"


@click.command(cls=manual.Command, help="查看一个编号的证书：内容、状态、查询码、已制成的文档。")
@NUMBER
@AS_JSON
@ORGANISATION
def show(number: str, organisation: str | None, *, as_json: bool) -> Code:
    """Show all versions of a number."""
    from docgen.cli import certificate_report  # noqa: PLC0415  see commands.py
    from docgen.cli.desk import desk  # noqa: PLC0415  the same
    from docgen.issuing import looking  # noqa: PLC0415  the same

    versions = looking.show(desk(organisation), number.strip().upper())
    if as_json:
        told = {"number": versions[0].record.number, "versions": [version.members() for version in versions]}
        terminal.say(report.as_json(told))
    else:
        terminal.say(certificate_report.versions_text(versions))
    return Code.DONE


@click.command(cls=manual.Command, help="查看一个编号的证书的经过：何时、谁、做了什么、为什么。")
@NUMBER
@AS_JSON
@ORGANISATION
def history(number: str, organisation: str | None, *, as_json: bool) -> Code:
    """Show what happened to a number."""
    from docgen.cli import certificate_report  # noqa: PLC0415  see commands.py
    from docgen.cli.desk import desk  # noqa: PLC0415  the same
    from docgen.issuing import looking  # noqa: PLC0415  the same

    versions = looking.show(desk(organisation), number.strip().upper())
    if as_json:
        told = {"number": versions[0].record.number, "events": certificate_report.event_entries(versions)}
        terminal.say(report.as_json(told))
    else:
        terminal.say(certificate_report.history_text(versions))
    return Code.DONE


@click.command(cls=manual.Command, help="撤销证书，不能恢复。", epilog=CLASSES)
@NUMBER
@reasoned
@ORGANISATION
def revoke(number: str, kind: str, words: str, organisation: str | None) -> Code:
    """End a certificate for ever."""
    return _change(State.REVOKED, number, (kind, words), organisation)


@click.command(cls=manual.Command, help="暂停证书，以后可以恢复或撤销。", epilog=CLASSES)
@NUMBER
@reasoned
@ORGANISATION
def suspend(number: str, kind: str, words: str, organisation: str | None) -> Code:
    """Take a certificate out of force for a while."""
    return _change(State.SUSPENDED, number, (kind, words), organisation)


@click.command(cls=manual.Command, help="恢复暂停的证书。", epilog=CLASSES)
@NUMBER
@reasoned
@ORGANISATION
def resume(number: str, kind: str, words: str, organisation: str | None) -> Code:
    """Put a suspended certificate in force again."""
    return _change(State.ISSUED, number, (kind, words), organisation)


def _change(state: State, number: str, why: tuple[str, str], organisation: str | None) -> Code:
    from docgen.cli.desk import desk  # noqa: PLC0415  see commands.py
    from docgen.issuing import changing  # noqa: PLC0415  the same

    done = changing.change(desk(organisation), number.strip().upper(), state, changing.reason(*why))
    already = "" if done.changed else "（原来就是，没有再次记录）"
    terminal.say(f"{done.record.number} 现在的状态：{NAMES[done.state]}{already}")
    return Code.DONE


@click.command(cls=manual.Command, help=_VERIFY)
@click.argument("subject", metavar="CODE|URL|FILE.pdf")
@AS_JSON
def verify(subject: str, *, as_json: bool) -> Code:
    """Verify a code, an address or a file as the public would."""
    from docgen.cli.desk import registry  # noqa: PLC0415  see commands.py

    path = Path(subject)
    is_file = path.suffix.lower() == _PDF or path.is_file()
    told, text, code = (_verify_file if is_file else _verify_code)(registry(), subject)
    terminal.say(report.as_json(told) if as_json else text)
    return code


def _verify_code(registry: Registry, subject: str) -> tuple[dict[str, Any], str, Code]:
    from docgen.cli import certificate_report  # noqa: PLC0415  see commands.py
    from docgen.cli.desk import actor  # noqa: PLC0415  the same
    from docgen.issuing import examining, verifying  # noqa: PLC0415  the same
    from docgen.issuing.verifying import Result  # noqa: PLC0415  the same
    from docgen.web import telling  # noqa: PLC0415  the same

    asked = examining.pointer(registry, subject.strip())
    found = verifying.verify(registry, asked.code, actor())
    told = telling.verification(found, registry, found.association) | {"stranger": asked.stranger}
    code = {Result.VALID: Code.DONE, Result.UNSURE: Code.OUR_FAULT}.get(found.result, Code.AT_FAULT)
    if asked.stranger:
        code = max(code, Code.AT_FAULT)
    return told, certificate_report.verification_text(told), code


def _verify_file(registry: Registry, subject: str) -> tuple[dict[str, Any], str, Code]:
    from docgen.cli import certificate_report  # noqa: PLC0415  see commands.py
    from docgen.cli.desk import actor  # noqa: PLC0415  the same
    from docgen.issuing import examining  # noqa: PLC0415  the same
    from docgen.issuing.verifying import FileAnswer  # noqa: PLC0415  the same
    from docgen.render.gate import read_bounded  # noqa: PLC0415  the same
    from docgen.web import telling  # noqa: PLC0415  the same

    path = Path(subject)
    if not path.is_file():
        raise UnreadableInputError(f"没有文件「{path}」", "请检查路径")
    found = examining.examine(registry, read_bounded(path), actor())
    told = telling.file_check(found.answer) | {"sha256": found.sha256, "strangers": list(found.strangers)}
    if found.claimed:
        told["claimed"] = telling.verification(found.claimed, registry, found.claimed.association)
    code = {FileAnswer.ORIGINAL: Code.DONE, FileAnswer.UNSURE: Code.OUR_FAULT}.get(found.answer, Code.AT_FAULT)
    return told, certificate_report.file_text(told), code


COMMANDS: Final = (show, history, verify, revoke, suspend, resume)
