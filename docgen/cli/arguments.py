"""Arguments and options that several commands share, and what is read from them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from docgen.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from docgen.cli.outcome import Code

Callback = TypeVar("Callback", bound="Callable[..., Code]")


class Day(click.ParamType[date]):
    """A calendar day as ISO writes it."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:  # noqa: ANN401  click's own signature
        """Return the day, or say how one is written."""
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        return self.fail(f"「{value}」应为存在的日期，写作 2026-06-04 的样式。", param, ctx)


FORM: Final = click.argument("form_id", metavar="FORM")
DATA: Final = click.argument(
    "data", metavar="DATA.json", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
)
NUMBER: Final = click.argument("number", metavar="NUMBER")
AS_JSON: Final = click.option("--json", "as_json", is_flag=True, help="输出 JSON")
ORGANISATION: Final = click.option(
    "--org", "organisation", metavar="ID", help="哪个颁证单位（docgen org list）；只有一个时不用写"
)


def output(formats: str) -> Callable[[Callback], Callback]:
    """Declare the file to write, which must be named."""
    return click.option(
        "-o", "output", metavar="F", required=True, type=click.Path(path_type=Path), help=f"写到文件 F（{formats}）"
    )


def format_of(path: Path, formats: Sequence[str]) -> str:
    """Return the format that a file name asks for, or say that it asks for none."""
    if not path.suffix:
        raise FormatError(
            f"「{path}」没有扩展名，看不出要哪种格式", f"请写上扩展名：{'、'.join(f'.{fmt}' for fmt in formats)}"
        )
    return path.suffix.removeprefix(".").lower()
