"""The command: exit codes, plain sentences, no trace, several files, JSON and page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from losscope.cli import main

HERE = Path(__file__).parent
CLEAN = HERE / "planted" / "programs" / "one_layer.py"


def _audit(folder: Path, text: str, *words: str) -> int:
    program = folder / "train.py"
    program.write_text(text)
    return main(["audit", str(program), *words])


def test_a_clean_program_gives_zero(capsys) -> None:
    """No finding, exit 0, and the descended loss in the program's own names."""
    assert main(["audit", str(CLEAN)]) == 0
    assert "(predicted − prices)²" in capsys.readouterr().out


def test_one_row_a_file_json_and_a_page(tmp_path, capsys) -> None:
    """Several files give one row each; --html writes a page; the worst exit code counts."""
    bad = tmp_path / "bad.py"
    bad.write_text(CLEAN.read_text().replace("b = b - alpha", "b = b + alpha"))
    page = tmp_path / "page.html"
    assert main(["audit", str(CLEAN), str(bad), "--html", str(page)]) == 1
    rows = capsys.readouterr().out.splitlines()
    assert [row.split()[1] for row in rows] == ["clean", "LS011"]
    text = page.read_text()
    assert "<svg" in text
    assert "LS011" in text
    assert "http://" not in text
    assert "https://" not in text


def test_what_is_not_established_does_not_pass_for_clean(tmp_path, capsys) -> None:
    """An update that follows nothing known, in which no fault was found either, gives 2."""
    text = """
import numpy as np
rng = np.random.default_rng(0)
X = rng.normal(size=(40, 3))
y, w = X @ np.array([1.0, 2.0, -1.0]), np.zeros(3)
for i in range(9):
    r = X @ w - y
    w = w - 0.01 * X.T @ (r * np.exp(-np.abs(r)) + 0.3 * np.tanh(r))
"""
    assert _audit(tmp_path, text) == 2
    assert "what w follows was not established: exit 2" in capsys.readouterr().out


def test_json_holds_the_whole_report(capsys) -> None:
    """--json prints one list, one entry a file."""
    assert main(["audit", str(CLEAN), "--json"]) == 0
    (entry,) = json.loads(capsys.readouterr().out)
    assert entry["reports"][0]["loss_name"] == "mse"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("import numpy as np\nprint(np.ones(3))\n", "no for or while loop"),
        ("for i in range(3):\n    W = undefined_thing[i]\n", "undefined_thing (line 2)"),
        ("import numpy as np\nW = np.ones(3)\nfor i in range(9):\n    W = W - W[7]\n", "line 4"),
        ("import os\nfor i in range(3):\n    print(input())\n", "asks for input"),
        ("while True:\n    print('x' * 1_000_000)\n", "prints more than"),
        ("def f(:\n", "not Python"),
        ("import sys\nfor i in range(2):\n    sys.exit(3)\n", "exit code 3"),
        ("total = 0\nfor i in range(9):\n    total += i\n", "No training loop was found"),
        (
            (
                "import numpy as np, time\nW = np.ones(3)\nfor i in range(9):\n"
                "    W = W - 1e-9 * (W @ W) * W * time.perf_counter()\n"
            ),
            "gives different results",
        ),
    ],
)
def test_what_cannot_be_audited_gets_a_plain_sentence(tmp_path, capsys, text, sentence) -> None:
    """One line on standard error, exit code 2, no traceback."""
    assert _audit(tmp_path, text) == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert "Traceback" not in said
    assert len(said.strip().splitlines()) == 1


def test_an_endless_loop_is_ended(tmp_path, capsys) -> None:
    """The time limit holds, and is named."""
    assert _audit(tmp_path, "while True:\n    pass\n", "--seconds", "3") == 2
    assert "not done within 3 seconds" in capsys.readouterr().err


def test_nothing_is_written_and_data_is_found(tmp_path) -> None:
    """A program that reads a file beside it and writes others leaves its folder as it was."""
    (tmp_path / "data.txt").write_text("\n".join(f"{i} {2 * i}" for i in range(1, 12)))
    text = (
        "import os\nimport numpy as np\nX = np.loadtxt('data.txt') / 12\ny = X[:, :1] * 2.0\n"
        "w = np.zeros((2, 1))\nos.makedirs('out', exist_ok=True)\nfor i in range(30):\n"
        "    p = X @ w\n    loss = np.mean((p - y) ** 2)\n"
        "    w -= 0.1 * 2 * X.T @ (p - y) / len(X)\n    np.save('out/w.npy', w)\n"
        "    open('log.txt', 'a').write(str(loss))\n    print(loss)\n"
    )
    assert _audit(tmp_path, text) == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data.txt", "train.py"]


def test_a_notebook_is_audited_cell_by_cell(tmp_path, capsys) -> None:
    """Code cells are joined; magics and shell lines are left out."""
    lines = CLEAN.read_text().splitlines(keepends=True)
    cells = [
        {"cell_type": "markdown", "source": ["# title"]},
        {"cell_type": "code", "source": ["%matplotlib inline\n", *lines[:12]]},
        {"cell_type": "code", "source": lines[12:]},
    ]
    notebook = tmp_path / "train.ipynb"
    notebook.write_text(json.dumps({"cells": cells, "nbformat": 4}))
    assert main(["audit", str(notebook)]) == 0
    assert "predicted" in capsys.readouterr().out


def test_a_fragment_is_audited_under_both_readings(tmp_path, capsys) -> None:
    """d_sigmoid has two usual readings: both are audited, and that is said."""
    setup = tmp_path / "setup.py"
    setup.write_text(
        "import numpy as np\nrng = np.random.default_rng(0)\nX = rng.normal(size=(30, 3))\n"
        "y = (X[:, :1] > 0) * 1.0\nW1 = rng.normal(size=(3, 4))\nW2 = rng.normal(size=(4, 1))\n"
    )
    text = (
        "for i in range(50):\n    a1 = sigmoid(X @ W1)\n    a2 = sigmoid(a1 @ W2)\n"
        "    d2 = (a2 - y) * d_sigmoid(a2)\n    d1 = d2 @ W2.T * d_sigmoid(a1)\n"
        "    W2 -= 0.1 * a1.T @ d2\n    W1 -= 0.1 * X.T @ d1\n"
    )
    assert _audit(tmp_path, text, "--setup", str(setup)) == 1
    said = capsys.readouterr().out
    assert said.count("d_sigmoid is not defined; read as") == 2
    assert "½ Σ (a2 − y)²" in said


def test_identify_names_a_cost_with_its_factor(capsys) -> None:
    """The course's compute_cost is a mean over columns."""
    path = HERE / "planted" / "programs" / "columns.py"
    assert main(["identify", f"{path}:compute_cost"]) == 0
    said = capsys.readouterr().out
    assert "binary cross-entropy" in said
    assert "columns" in said


def test_identify_says_what_is_missing(capsys) -> None:
    """A function that is not there gets one line with those that are."""
    path = HERE / "planted" / "programs" / "columns.py"
    assert main(["identify", f"{path}:compute_costs"]) == 2
    assert "compute_cost" in capsys.readouterr().err
