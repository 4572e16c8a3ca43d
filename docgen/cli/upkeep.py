"""The commands of whoever runs docgen: organisations, API keys, signing keys, doctor, serve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from docgen.cli import manual, report, terminal
from docgen.cli.arguments import ORGANISATION
from docgen.cli.outcome import Code, told

if TYPE_CHECKING:
    from docgen.store.keys import Key

_SCOPES: Final = ("render", "issue", "revoke", "admin")
_ADD_KEY: Final = """
增加一把 API 密钥，只显示这一次。

\b
权限：render 核对与生成文档；issue 颁发、换发、查看、打印证书；
revoke 撤销、暂停、恢复证书；admin 管理。可以写几次 --scope。
"""
_ROTATE: Final = """
换用新的签名密钥。

\b
以后颁发的证书用新密钥签名；旧证书仍可核验，旧公钥一直公布。
"""


class _Port(click.IntRange):
    """A TCP port."""

    name = "整数"


@click.group(cls=manual.Group, help="管理颁证单位。")
def org() -> None:
    """Group the commands for organisations."""


@org.command("add", help="增加一个颁证单位。")
@click.argument("identifier", metavar="ID")
@click.argument("name", metavar="NAME")
def add_organisation(identifier: str, name: str) -> Code:
    """Add an organisation."""
    from docgen.cli.desk import registry  # noqa: PLC0415  see commands.py
    from docgen.store import organisations  # noqa: PLC0415  the same

    with registry().database.writing() as connection:
        one = organisations.add(connection, identifier, name)
    terminal.say(
        f"已增加颁证单位 {one.id}（{one.name}）；增加它的密钥：docgen api-keys add --org {one.id} --scope issue"
    )
    return Code.DONE


@org.command("list", help="列出颁证单位。")
def list_organisations() -> Code:
    """List the organisations."""
    from docgen.cli.desk import registry  # noqa: PLC0415  see commands.py
    from docgen.store import organisations  # noqa: PLC0415  the same

    with registry().database.reading() as connection:
        known = organisations.all_organisations(connection)
    terminal.say(terminal.aligned([("编号", "名称"), *((one.id, one.name) for one in known)]))
    return Code.DONE


@org.command("rename", help="改颁证单位的名称；已颁发的证书上印的不变。")
@click.argument("identifier", metavar="ID")
@click.argument("name", metavar="NAME")
def rename_organisation(identifier: str, name: str) -> Code:
    """Change the name that the public reads."""
    from docgen.cli.desk import registry  # noqa: PLC0415  see commands.py
    from docgen.store import organisations  # noqa: PLC0415  the same

    with registry().database.writing() as connection:
        one = organisations.rename(connection, identifier, name)
    terminal.say(f"颁证单位 {one.id} 现在叫「{one.name}」")
    return Code.DONE


@click.group("api-keys", cls=manual.Group, help="管理 API 密钥：增加、列出、收回，立即生效。")
def api_keys() -> None:
    """Group the commands for API keys."""


@api_keys.command("add", help=_ADD_KEY)
@click.option(
    "--scope",
    "scopes",
    metavar="SCOPE",
    type=click.Choice(_SCOPES),
    multiple=True,
    required=True,
    help="权限，可以写几次",
)
@ORGANISATION
def add_key(scopes: tuple[str, ...], organisation: str | None) -> Code:
    """Make an API key."""
    from docgen.cli.desk import desk  # noqa: PLC0415  see commands.py
    from docgen.store.keys import Scope  # noqa: PLC0415  the same

    at = desk(organisation)
    terminal.complain(f"为颁证单位 {at.organisation} 增加了一把密钥。它只显示这一次，请妥善保存：")
    terminal.say(at.registry.keyring.add(at.organisation, *map(Scope, scopes)))
    return Code.DONE


@api_keys.command("list", help="列出 API 密钥，不显示密钥本身。")
def list_keys() -> Code:
    """List the API keys without their secrets."""
    from docgen.cli.desk import registry  # noqa: PLC0415  see commands.py

    rows = [("编号", "颁证单位", "权限", "增加的时间（UTC）", "状态")]
    rows += [_key_row(key) for key in registry().keyring.all()]
    terminal.say(terminal.aligned(rows))
    return Code.DONE


def _key_row(key: Key) -> tuple[str, str, str, str, str]:
    state = f"{key.withdrawn_at[:19]} 收回" if key.withdrawn_at else "在用"
    return key.id, key.organisation, " ".join(sorted(key.scopes)), key.created_at[:19], state


@api_keys.command("withdraw", help="收回一把 API 密钥，立即失效。")
@click.argument("identifier", metavar="ID")
def withdraw_key(identifier: str) -> Code:
    """Refuse an API key from now on."""
    from docgen.cli.desk import registry  # noqa: PLC0415  see commands.py

    if not registry().keyring.withdraw(identifier):
        raise click.UsageError(f"没有在用的密钥「{identifier}」，请用 docgen api-keys list 查看编号")
    terminal.say(f"密钥 {identifier} 已收回，立即失效")
    return Code.DONE


@click.group(cls=manual.Group, help="管理签署证书的密钥。")
def keys() -> None:
    """Group the commands for signing keys."""


@keys.command("list", help="列出签名密钥的指纹和状态。")
def list_signing_keys() -> Code:
    """List the public halves."""
    from docgen.cli.desk import registry  # noqa: PLC0415  see commands.py
    from docgen.store import signing  # noqa: PLC0415  the same

    with registry().database.reading() as connection:
        known = signing.key_table(connection).values()
    if not known:
        terminal.say("还没有签名密钥，第一次颁发证书时自动生成")
        return Code.DONE
    rows = [("指纹（kid）", "用途", "启用的时间（UTC）", "状态")]
    rows += [
        (
            key.kid,
            "试用" if key.trial else "正式",
            key.created_at[:19],
            f"{key.retired_at[:19]} 停用" if key.retired_at else "在用",
        )
        for key in known
    ]
    terminal.say(terminal.aligned(rows))
    return Code.DONE


@keys.command("rotate", help=_ROTATE)
def rotate() -> Code:
    """Make a new signing key and retire those before it."""
    from docgen.cli.desk import registry  # noqa: PLC0415  see commands.py

    found = registry()
    with found.database.writing() as connection:
        key = found.chest.rotate(connection, trial=found.trial)
    terminal.say(f"已换用新的{'试用' if key.trial else ''}签名密钥 {key.kid}；请备份数据目录里的 signing-keys 文件夹")
    return Code.DONE


@click.command(cls=manual.Command, help="检查字体、系统库、模板、数据库和密钥，并说明怎样修好。")
def doctor() -> Code:
    """Examine this installation."""
    from docgen.doctor import examine  # noqa: PLC0415  see commands.py

    diagnoses = examine()
    terminal.say(report.diagnosis_text(diagnoses))
    return Code.DONE if all(diagnosis.ok for diagnosis in diagnoses) else Code.OUR_FAULT


@click.command(cls=manual.Command, help="启动 HTTP 服务。")
@click.option("--host", metavar="HOST", help="监听的地址；不写则取设置 DOCGEN_HOST，默认只限本机")
@click.option("--port", metavar="PORT", type=_Port(1, 65535), help="监听的端口；不写则取设置 DOCGEN_PORT，默认 8080")
def serve(host: str | None, port: int | None) -> Code:
    """Serve HTTP until interrupted."""
    from docgen.web import server  # noqa: PLC0415  see commands.py

    try:
        server.serve(host, port)
    except server.StartError as error:
        terminal.complain(told(error))
        return Code.WRONG_USE
    return Code.DONE


COMMANDS: Final = (serve, doctor, org, api_keys, keys)
