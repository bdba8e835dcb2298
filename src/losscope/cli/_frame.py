"""What every command shares: finding the commands, their help, and how an error ends.

A command is a file `NAME.py` beside this one with a function of the same name; files whose
names begin with `_` are helpers. Only the standard library and Typer are imported here and at
the top of a command's file, so that `losscope --help` answers at once.
"""

import importlib
import os
import pkgutil
import re
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

import losscope
from losscope.errors import LosscopeError

# In the order in which a newcomer meets them; a command that is not named here comes after.
_ORDER = ("compare", "runs", "report", "export", "derive", "losses", "audit", "identify", "explain")
_OTHER = "Options"
_COLUMN = 24  # options up to this width have their explanation beside them, in one column


class Command(TyperCommand):
    """A command whose options are listed under headings, in plain text of any width."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Words of the usage line; an argument that must be given is a plain word."""
        pieces = super().collect_usage_pieces(ctx)
        return [re.sub(r"^\{(.*)\}", r"\1", piece) for piece in pieces]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments, then the options of each heading in the order of the code."""
        headings: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is None:
                continue
            name, text = record
            heading = getattr(parameter, "rich_help_panel", None) or _OTHER
            if parameter.param_type_name == "argument":
                name, heading = parameter.metavar or parameter.name, "Arguments"
            headings.setdefault(heading, []).append((name, text))
        width = max(len(name) for rows in headings.values() for name, _ in rows)
        for heading in sorted(headings, key=lambda name: name == _OTHER):  # stable: others last
            with formatter.section(heading):
                rows = [(name.ljust(min(width, _COLUMN)), text) for name, text in headings[heading]]
                formatter.write_dl(rows, col_max=_COLUMN)


class Group(TyperGroup):
    """The commands, each with the whole first line of its help, wrapped rather than cut."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list of commands."""
        rows = []
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            said = (getattr(command, "help", None) or "").strip().split("\n\n")[0]
            rows.append((name, " ".join(said.split())))
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def command_names() -> list[str]:
    """Names of the commands: the public modules of this package, the best known first."""
    package = importlib.import_module("losscope.cli")
    found = [m.name for m in pkgutil.iter_modules(package.__path__) if not m.name.startswith("_")]
    rank = {name: place for place, name in enumerate(_ORDER)}
    return sorted(found, key=lambda name: (rank.get(name, len(rank)), name))


_HELP = """What does the loss function do to the way a network learns?

losscope trains one network under several losses from the same start, shows the one
equation in which they differ, and says what that did to the result.
"""


def _root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    if version:
        print(f"losscope {losscope.__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        print(context.get_help())


def build() -> typer.Typer:
    """Build the application from the command files.

    Returns
    -------
    typer.Typer
        Without completion and without decorated tracebacks.
    """
    app = typer.Typer(
        cls=Group, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None
    )
    app.callback(
        invoke_without_command=True,
        help=_HELP,
        epilog="losscope COMMAND --help tells more about one command.",
    )(_root)
    for name in command_names():
        module = importlib.import_module(f"losscope.cli.{name}")
        app.command(name, cls=Command)(getattr(module, name))
    return app


def visible(text: str) -> str:
    """Spell control characters, so that a column's name cannot command the terminal."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def say(message: str) -> None:
    """Print one line on standard error, whatever line breaks the message holds."""
    print("losscope: " + visible(" ".join(message.split())), file=sys.stderr)


def _usage_line(error: Any) -> str:
    """Turn a refused command line into one line that also says where help is."""
    context = getattr(error, "ctx", None)
    where = context.command_path if context is not None else "losscope"
    text = error.format_message().rstrip()
    return f"{text}{'' if text.endswith(('.', '?', ')')) else '.'} Try '{where} --help'."


def _system_line(error: OSError) -> str:
    place = f" {error.filename}" if error.filename else ""
    return f"cannot use{place}: {error.strerror or error}. Check the path, rights and free space."


def _silence() -> None:
    """Let a reader that went away (`| head`) end us without a word at interpreter exit."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)


def _run(arguments: list[str]) -> int:
    command = typer.main.get_command(build())
    outcome = command.main(arguments, prog_name="losscope", standalone_mode=False, obj=arguments)
    sys.stdout.flush()
    return outcome if isinstance(outcome, int) else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code.

    Parameters
    ----------
    arguments
        The words after `losscope`; those of the process when None.

    Returns
    -------
    int
        0 for success, 2 for input that cannot be used (told in one line on standard error),
        130 when interrupted; a command may return another, such as 1 for findings.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = _run(words)
    except LosscopeError as error:
        say(str(error))
        return 2
    except (KeyboardInterrupt, typer.Abort):
        code = 130
    except BrokenPipeError:
        _silence()
        return 0
    except OSError as error:
        say(_system_line(error))
        return 2
    except MemoryError as error:
        say(f"not enough memory: {error or 'the network or the table is too large'}.")
        return 2
    except Exception as error:
        if not hasattr(error, "format_message"):  # a fault of ours: its traceback is wanted
            raise
        say(_usage_line(error))
        return 2
    if code == 130:
        say("interrupted; nothing is lost: repeat the command to resume.")
    return code
