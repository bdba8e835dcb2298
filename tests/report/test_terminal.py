"""The screen of `losscope compare`."""

import copy
import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from losscope.report.terminal import lines, render

from .fixture import result


def test_the_screen_fits_80_columns_and_25_lines(whole):
    """What a user sees in the first minute needs no scrolling."""
    made = lines(whole, page="./breast-cancer-3f9a12bc.html")
    assert max(map(cell_len, made)) <= 80
    assert len(made) <= 25


def test_it_says_what_was_compared_and_what_came_out(whole):
    """Data, network, metric, runs, table, verdict, the lines to use and the page are all there."""
    text = "\n".join(lines(whole, page="./page.html"))
    for part in (
        "569 rows × 30 columns",
        "30-16-1, relu, sigmoid output in every run",
        "lower is better",
        "3 losses × 5 learning rates × 10 seeds",
        "minus ce [95 %]",
        "\n  logistic regression",
        "Differs   One equation differs, dZ2",
        "torch  nn.BCEWithLogitsLoss()",
        "keras  losses.BinaryCrossentropy(from_logits=True)",
        "./page.html",
        "losscope report 3f9a12bc",
    ):
        assert part in text


def test_failed_runs_are_said(broken):
    """A run that failed is counted, with why."""
    text = " ".join(" ".join(lines(broken)).split())
    assert "2 runs failed (loss became NaN at epoch 3, step 17)" in text


def test_a_loss_with_its_own_output_names_two_differences():
    """Hinge is not defined on a sigmoid; the screen says that two things differ."""
    text = " ".join(" ".join(lines(result(losses=("ce", "hinge")))).split())
    assert "Two things differ for hinge (identity): the loss and the output activation" in text
    assert "sigmoid output (hinge: identity)" in text


def test_a_pipe_gets_the_same_characters_and_no_escapes(whole):
    """Nothing depends on a terminal: no colour codes, no markup, no boxes."""
    out = io.StringIO()
    render(whole, Console(file=out, width=80))
    assert out.getvalue().splitlines() == lines(whole)
    assert "\x1b" not in out.getvalue()


def test_a_pipe_that_knows_only_ascii_gets_ascii(whole):
    """Minus signs and arrows never crash an old terminal."""
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii", errors="strict")
    with pytest.raises(UnicodeEncodeError):
        "−".encode("ascii")
    render(whole, Console(file=out, width=80))
    out.flush()
    assert b"569 rows x 30 columns" in raw.getvalue()


def test_names_cannot_command_the_terminal(whole):
    """Escape codes in a name are shown, not obeyed; brackets are not Rich markup."""
    hostile = copy.deepcopy(whole)
    hostile["data"]["name"] = "\x1b[2Jwiped"
    hostile["data"]["target_names"] = ["[bold red]y[/]"]
    out = io.StringIO()
    render(hostile, Console(file=out, width=80))
    assert "\x1b" not in out.getvalue()
    assert "\\x1b[2Jwiped" in out.getvalue()
    assert "[bold red]y[/]" in out.getvalue()


def test_wide_letters_count_as_two_columns(whole):
    """Chinese labels keep the columns of the table in line."""
    chinese = copy.deepcopy(whole)
    chinese["data"]["target_names"] = ["目标" * 20]
    for row in chinese["table"]:
        row["loss"] = {"mse": "均方误差"}.get(row["loss"], row["loss"])
    made = lines(chinese)
    assert max(map(cell_len, made)) <= 80
    table = made[made.index("") + 1 :][:4]
    assert len({cell_len(line) for line in table}) == 1


def test_many_losses_stay_readable():
    """Eight losses with long names still fit the width; further sentences are left to the page."""
    many = result(losses=tuple(f"focal(gamma={g}, alpha=0.25)" for g in range(8)), seeds=3)
    many["verdict"]["result"]["sentences"] = [f"Sentence {i}." for i in range(28)]
    made = lines(many)
    assert max(map(cell_len, made)) <= 80
    assert any("24 more on the page" in line for line in made)


def test_encoded_columns_are_not_passed_off_as_the_tables_own(whole):
    """Words become several inputs: the table's columns are counted, and the inputs beside them."""
    data = {**whole["data"], "columns": ["city"], "features": 40}
    assert "569 rows × 1 column (40 inputs);" in " ".join(lines({**whole, "data": data}))


def test_long_lists_are_shortened_and_figures_stay_whole(whole):
    """Eight losses make 28 pairs: three are named, the rest counted, and what follows is kept."""
    labels = "abcdefgh"
    pairs = "; ".join(f"{x} and {y} (p = 1.00)" for x in labels for y in labels if x < y)
    sentence = f"Cannot tell apart by log-loss: {pairs}. If this persists, about 46 seeds would do."
    verdict = copy.deepcopy(whole["verdict"])
    verdict["result"]["sentences"] = [sentence]
    made = lines({**whole, "verdict": verdict})
    said = " ".join(line.strip() for line in made)
    assert "a and d (p = 1.00); and 25 more (on the page). If this persists" in said
    assert not any(line.endswith((" p", " p =", "95")) for line in made)


def test_names_beyond_an_old_terminals_letters_are_spelled(whole):
    """A column called 目标 does not end the program where only ASCII can be written."""
    data = {**whole["data"], "target_names": ["目标"]}
    out = io.TextIOWrapper(raw := io.BytesIO(), encoding="ascii", errors="strict")
    render({**whole, "data": data}, Console(file=out, width=80))
    out.flush()
    assert b"\\u76ee" in raw.getvalue()


def test_a_reader_that_has_gone_is_told_as_a_broken_pipe(whole):
    """`| head` is no failure: the error goes up to the command, which ends quietly with 0."""

    class Gone(io.StringIO):
        def write(self, text):
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        render(whole, Console(file=Gone(), width=80))


def test_what_a_line_of_code_takes_stands_behind_it(whole):
    """z, or what the output activation made of it; nothing in results kept by older versions."""
    whole = copy.deepcopy(whole)
    chosen = next(x for x in whole["losses"] if x["label"] == whole["verdict"]["chosen"])
    chosen |= {"torch": "torch.nn.BCELoss()", "output": "softmax"}
    chosen["takes"] = {"torch": "probabilities, after the softmax", "keras": "raw predictions"}
    text = "\n".join(lines(whole))
    assert "torch.nn.BCELoss()  # of softmax(z)" in text
    assert ")  # of z" in text
    del chosen["takes"]
    assert "# of" not in "\n".join(lines(whole))
