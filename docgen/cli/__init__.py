"""The command ``docgen``: a shell over the use cases that speaks Chinese and ends with an exit code.

Nothing heavy is imported here or at the head of any module but ``files``: help must answer at once, so pydantic and
the engines load only inside a command.
"""

from __future__ import annotations

import io
import sys
from typing import NoReturn

from docgen.cli import language, terminal
from docgen.cli.outcome import Code, code_of, confession, told
from docgen.errors import DocgenError


def main() -> NoReturn:
    """Run the command line of this process and end it."""
    terminal.speak_utf8()
    language.activate()
    try:
        code = _run(sys.argv[1:])
    except KeyboardInterrupt:
        terminal.complain("已中断")
        code = Code.INTERRUPTED
    except BrokenPipeError:
        terminal.hush(sys.stdout)
        code = Code.READER_GONE
    sys.exit(code)


def _run(arguments: list[str]) -> Code:
    """Run one command; what goes wrong is said on standard error."""
    import click  # noqa: PLC0415  only after language.activate: click translates while commands are declared

    from docgen.cli.commands import docgen  # noqa: PLC0415  the same

    try:
        with docgen.make_context("docgen", arguments) as context:
            code: Code = docgen.invoke(context)
    except click.exceptions.Exit:
        return Code.DONE
    except click.ClickException as error:
        written = io.StringIO()
        error.show(written)
        terminal.complain(written.getvalue().rstrip())
        return Code.WRONG_USE
    except DocgenError as error:
        terminal.complain(told(error))
        return code_of(error)
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001  whatever it is, a user must not meet a stack trace
        terminal.complain(confession(error))
        return Code.OUR_FAULT
    return code
