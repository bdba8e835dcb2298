"""The frame of the command line: light, plain, and one line for what went wrong."""

import json
import os
import re
import subprocess
import sys

import pytest

import losscope
from losscope.cli import _frame, main
from losscope.errors import LosscopeError

HEAVY = ("numpy", "sympy", "pandas", "sklearn", "scipy", "altair", "skrub", "joblib", "rich")


def modules_after(code: str) -> set[str]:
    """Names of the top-level modules that a fresh interpreter holds after running `code`."""
    program = f"import sys\n{code}\nimport json; print(json.dumps(sorted(sys.modules)))"
    out = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return {name.split(".")[0] for name in json.loads(out.stdout.splitlines()[-1])}


@pytest.mark.parametrize(
    "words", [["--help"], ["--version"], *[[name, "--help"] for name in _frame.command_names()]]
)
def test_help_loads_nothing_heavy(words):
    """Asking for help or the version loads no numerical library, so it answers at once."""
    loaded = modules_after(f"from losscope.cli import main; main({words!r})")
    assert not loaded & set(HEAVY)


def test_import_losscope_is_light():
    """`import losscope` loads no numerical library either."""
    assert not modules_after("import losscope") & set(HEAVY)


@pytest.mark.parametrize("name", [None, *_frame.command_names()])
def test_help_fits_eighty_columns(name, capsys, monkeypatch):
    """Every help page reads on a terminal of 80 columns and explains each of its options."""
    monkeypatch.setenv("COLUMNS", "80")
    assert main([*([name] if name else []), "--help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Usage: losscope")
    assert max(map(len, lines)) <= 80
    options = [k for k, line in enumerate(lines) if line.startswith("  --")]
    for k in options:  # explained beside it, or below it where its name is long
        assert re.search(r"\S  +\S", lines[k]) or lines[k + 1].startswith(" " * 20), lines[k]


def test_the_usage_line_is_plain(capsys):
    """What must be given is a word; what may be given stands in brackets."""
    shown = []
    for name in ("compare", "audit", "identify", "losses"):
        main([name, "--help"])
        shown.append(capsys.readouterr().out.splitlines()[0])
    assert shown == [
        "Usage: losscope compare [OPTIONS] DATA",
        "Usage: losscope audit [OPTIONS] FILE...",
        "Usage: losscope identify [OPTIONS] FILE:FUNCTION",
        "Usage: losscope losses [OPTIONS] [NAME]",
    ]


def test_no_words_show_the_help(capsys):
    """`losscope` alone tells what it is and which commands there are."""
    assert main([]) == 0
    out = capsys.readouterr().out
    assert "What does the loss function do" in out
    for name in _frame.command_names():
        assert f"  {name} " in out


def test_version(capsys):
    """`--version` prints the version of the package and ends well."""
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"losscope {losscope.__version__}\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["comapre"], "Did you mean 'compare'?"),
        (["compare"], "DATA"),
        (["compare", "iris", "--lossess", "ce"], "--losses"),
        (["compare", "iris", "--epochs", "many"], "--epochs"),
    ],
)
def test_wrong_words_get_one_line_and_code_two(words, told, capsys):
    """A misspelled command or option is told in one line that says where help is."""
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("losscope: ")
    assert err.count("\n") == 1
    assert told in err
    assert "--help" in err


def raising(monkeypatch, error):
    """Make the run of any command end in `error`."""

    def run(_words):
        raise error

    monkeypatch.setattr(_frame, "_run", run)


def test_a_user_error_is_one_line(monkeypatch, capsys):
    """A LosscopeError becomes one line, even if its message has several."""
    raising(monkeypatch, LosscopeError("row 3 is -1;\n  expected counts"))
    assert main(["compare"]) == 2
    assert capsys.readouterr().err == "losscope: row 3 is -1; expected counts\n"


def test_a_system_error_is_one_line(monkeypatch, capsys):
    """A file that cannot be used is told with its name, not with a traceback."""
    raising(monkeypatch, PermissionError(13, "Permission denied", "/x/out.html"))
    assert main(["compare"]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "/x/out.html: Permission denied" in err


def test_a_fault_of_ours_keeps_its_traceback(monkeypatch):
    """What is no fault of the user is not hidden behind a friendly line."""
    raising(monkeypatch, ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        main(["compare"])


def test_an_interrupt_ends_with_130(monkeypatch, capsys):
    """Ctrl-C says that nothing is lost and how to go on."""
    raising(monkeypatch, KeyboardInterrupt())
    assert main(["compare"]) == 130
    assert "repeat the command to resume" in capsys.readouterr().err


def test_a_reader_that_leaves_is_no_error():
    """`losscope --help | head -0` ends without a word."""
    reader, writer = os.pipe()
    os.close(reader)
    child = subprocess.run(
        [sys.executable, "-m", "losscope", "--help"],
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writer)
    assert child.returncode in {0, 1}  # Typer ends with 1 when its own print meets the pipe
    assert child.stderr == b""
