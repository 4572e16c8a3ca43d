"""Help pages in Chinese: the words and colons that click writes around its messages without asking gettext."""

from __future__ import annotations

from typing import Any

import click


class _Formatter(click.HelpFormatter):
    """Full-width colons after headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line."""
        super().write_usage(prog, args, prefix or "用法：")

    def write_heading(self, heading: str) -> None:
        """Write a heading."""
        self.write(f"{heading}：\n")


class _Context(click.Context):
    formatter_class = _Formatter


class Command(click.Command):
    """A command whose help is Chinese throughout."""

    context_class = _Context

    def __init__(self, name: str | None, **settings: Any) -> None:  # noqa: ANN401  passed on as click takes them
        """Make a command; its options are called 选项."""
        super().__init__(name, **{"options_metavar": "[选项]", **settings})


class Group(click.Group):
    """A group of such commands."""

    context_class = _Context
    command_class = Command
    group_class = type

    def __init__(self, name: str | None, **settings: Any) -> None:  # noqa: ANN401  passed on as click takes them
        """Make a group; the rest of its line is called 命令 and 参数."""
        super().__init__(name, **{"options_metavar": "[选项]", "subcommand_metavar": "命令 [参数]...", **settings})
