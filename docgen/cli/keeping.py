"""The commands that keep records safe and let go of what is no longer needed: backup, restore, expire, erase."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from docgen.cli import manual, terminal
from docgen.cli.arguments import NUMBER, ORGANISATION
from docgen.cli.outcome import Code
from docgen.cli.upkeep import org

_BACKUP: Final = """
备份：登记、文档、签名密钥和编号，写到新的文件夹 DIR。

\b
服务可以同时运行。DIR 里有签名密钥和个人姓名，请妥善保管，
并复制到别的机器上。恢复用 docgen restore。
"""
_RESTORE: Final = """
恢复备份到空的位置，并核对每一份证书的签名和经过。

\b
位置由设置 DOCGEN_DATA_DIR、DOCGEN_DATABASE_URL 指定，须还没有记录。
SQLite 的备份可以恢复到 PostgreSQL，反过来也可以。
"""
_EXPIRE: Final = """
删除早已结束的批次的名单。

\b
证书和登记不受影响；删除后这些批次不再有颁发结果（report.xlsx）。
"""
_ERASE: Final = """
清除一个编号已撤销、已换发、已作废的版本的文件，不能恢复。

\b
登记和查询码的回答不受影响；仍有效或暂停的版本不清除。
"""
_DIR: Final = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))


@click.command(cls=manual.Command, help=_BACKUP)
@_DIR
def backup(folder: Path) -> Code:
    """Write a backup."""
    from docgen.cli.desk import registry  # noqa: PLC0415  see commands.py
    from docgen.settings import settings  # noqa: PLC0415  the same
    from docgen.upkeep import backup as upkeep  # noqa: PLC0415  the same

    saved = upkeep.save(registry(), settings().data_dir.absolute(), folder.absolute())
    terminal.say(f"已备份到 {folder}：证书 {saved.certificates:,} 份，文件 {saved.documents:,} 个")
    if saved.lacking:
        terminal.complain(
            f"有 {saved.lacking:,} 个登记过的文件已经不在（清除过的，或丢失的），没有备份；"
            "有效证书的文件丢失时，请从更早的备份恢复"
        )
    return Code.DONE


@click.command(cls=manual.Command, help=_RESTORE)
@_DIR
def restore(folder: Path) -> Code:
    """Bring a backup back."""
    from docgen.cli.desk import registry  # noqa: PLC0415  see commands.py
    from docgen.settings import settings  # noqa: PLC0415  the same
    from docgen.upkeep import backup as upkeep  # noqa: PLC0415  the same

    done = upkeep.restore(registry(), settings().data_dir.absolute(), folder.absolute(), terminal.complain)
    terminal.say(f"已恢复并核对：证书 {done.certificates:,} 份，文件 {done.documents:,} 个")
    if done.highest:
        terminal.say(f"各系列用到的编号：{'、'.join(done.highest)}；以后从下一个编起")
    return Code.DONE


@click.command(cls=manual.Command, help=_EXPIRE)
@click.option("--days", type=click.IntRange(0), default=90, metavar="N", help="结束多少天以后删除，默认 90")
def expire(days: int) -> Code:
    """Drop the lists of batches that ended long ago."""
    from docgen.cli.desk import registry  # noqa: PLC0415  see commands.py
    from docgen.upkeep import retention  # noqa: PLC0415  the same

    count = retention.expire(registry(), days)
    terminal.say(f"已删除 {count} 份名单（批次结束超过 {days} 天）")
    return Code.DONE


@click.command(cls=manual.Command, help=_ERASE)
@NUMBER
@ORGANISATION
def erase(number: str, organisation: str | None) -> Code:
    """Erase the documents of ended versions."""
    from docgen.cli.desk import desk  # noqa: PLC0415  see commands.py
    from docgen.upkeep import retention  # noqa: PLC0415  the same

    count = retention.erase(desk(organisation), number.strip().upper())
    terminal.say(f"已清除 {number} 的 {count} 个文件")
    return Code.DONE


@org.command("webhook-secret", help="显示颁证单位的通知密钥，接收方用它核对通知的签名。")
@click.argument("identifier", metavar="ID")
def webhook_secret(identifier: str) -> Code:
    """Show the secret that signs webhook messages."""
    from docgen.cli.desk import registry  # noqa: PLC0415  see commands.py
    from docgen.store import deliveries, organisations  # noqa: PLC0415  the same

    with registry().database.writing() as connection:
        one = organisations.pick(connection, identifier)
        secret = deliveries.secret_of(connection, one.id)
    terminal.complain(f"{one.name} 的通知密钥（Standard Webhooks），请只交给接收方：")
    terminal.say(secret)
    return Code.DONE


COMMANDS: Final = (backup, restore, expire, erase)
