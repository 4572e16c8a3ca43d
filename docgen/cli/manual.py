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
        self._sections: list[tuple[str, tuple[click.Command, ...]]] = []

    def add_section(self, title: str, *commands: click.Command) -> None:
        """Add commands that the help lists together, in this order."""
        self._sections.append((title, commands))
        for command in commands:
            self.add_command(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List commands by section where there are sections."""
        if not self._sections:
            super().format_commands(ctx, formatter)
        names = [str(command.name) for _, commands in self._sections for command in commands]
        widest = max(map(len, names), default=0)
        for title, commands in self._sections:
            with formatter.section(f"{title}命令"):
                room = formatter.width - 6 - widest
                formatter.write_dl(
                    [(str(command.name).ljust(widest), command.get_short_help_str(room)) for command in commands]
                )
