"""How programs are run: what fails, who failed, and what a person is told."""

from __future__ import annotations

import json
from pathlib import Path

from losscope.auditing import (
    capture,
    child,
    figure,
    page,
    program,
    runner,
    screen,
    source,
    stand_ins,
)
from tests.auditing.planted.grid import audit_text

_LISTS = """import numpy as np
rng = np.random.default_rng(4)
X = rng.normal(size=(20, 3))
t = np.c_[X[:, :1] - X[:, 1:2], X[:, 2:] ** 2]
params = [rng.normal(size=(3, 5)) * 0.5, np.zeros(5), rng.normal(size=(5, 2)) * 0.5, np.zeros(2)]
speed = [np.zeros_like(p) for p in params]
for epoch in range(60):
    pre = X @ params[0] + params[1]
    h = np.tanh(pre)
    out = h @ params[2] + params[3]
    loss = np.mean((out - t) ** 2)
    print(loss)
    d = 2 * (out - t) / t.size
    dpre = d @ params[2].T * (1 - h ** 2)
    grads = [X.T @ dpre, dpre.sum(), h.T @ d, d.sum(axis=0)]
    for i in range(4):
        speed[i] = 0.9 * speed[i] - 0.1 * grads[i]
        params[i] = params[i] + speed[i]
"""


def test_a_fault_under_momentum_does_not_break_the_audit() -> None:
    """Printed numbers are told apart by which they are, not by comparing their arrays."""
    report = audit_text(_LISTS, experiments=False)
    assert [(f["code"], f["line"]) for f in report["findings"]] == [("LS005", 15)]


def test_a_failure_of_the_audit_is_said_to_be_its_own() -> None:
    """One sentence that names the place in losscope, and does not blame the program."""
    try:
        source.read(None)  # type: ignore[arg-type] - stands for any slip of ours
    except AttributeError as error:
        sentence = child._ours(error)
    assert sentence.startswith("The audit itself failed at source.py:")
    assert sentence.endswith("this is a fault of losscope, not of the program.")
    assert "\n" not in sentence


def _command(folder: Path, name: str, text: str) -> tuple[int, str]:
    script = folder / name
    script.write_text(text)
    answer = runner.ask(script)
    if "cannot" in answer:
        return 2, answer["cannot"]
    (report,) = answer["reports"]
    return int(bool(report["findings"])), screen.render(report)


_FIT = """rng = np.random.default_rng(0)
X = rng.normal(size=(40, 2))
y = X @ [1.0, -2.0]
w = np.zeros(2)
"""
_PASS = """    e = X @ w - y
    loss = (e ** 2).mean()
    w -= 0.1 * 2 * X.T @ e / len(X)
"""


def test_what_only_draws_need_not_be_installed(tmp_path) -> None:
    """Plots and progress bars are stood in for, whatever is asked of them, and that is said."""
    text = (
        "import numpy as np\nimport seaborn as sns\nimport plotly.express as px\n"
        "from visdom import Visdom\nfrom wandb.sdk import log as note\n"
        + _FIT
        + "fig, axes = px.subplots(2)\naxes[0].title = 'a'\nsns.set_theme()\nwith px.style():\n"
        "    Visdom().line(X, opts={'a': px.colors.red})\nfor i in range(40):\n"
        + _PASS
        + "    note(loss)\n"
    )
    code, said = _command(tmp_path, "train.py", text)
    assert code == 0, said
    assert "plotly, seaborn, visdom and wandb are not installed here" in " ".join(said.split())


def test_a_stand_in_for_a_progress_bar_goes_through_its_items() -> None:
    """What tqdm would go through is gone through; what it would show is dropped."""
    bar = stand_ins.Bar([3, 4], desc="a")
    bar.set_description("b").and_so_on(1)
    assert [*bar, *stand_ins.counted(1, 3)] == [3, 4, 1, 2]
    assert len(bar) == 2


def test_a_missing_library_is_named_with_what_to_do(tmp_path) -> None:
    """What the program computes with is not stood in for."""
    code, said = _command(
        tmp_path, "train.py", "import not_there_at_all\nfor i in range(3): pass\n"
    )
    assert code == 2
    assert said.startswith("The program needs not_there_at_all at line 1")
    assert "install it there" in said


def test_automatic_gradients_are_not_audited(tmp_path) -> None:
    """A program that leaves the gradients to a library is told that it does."""
    (tmp_path / "autograd.py").write_text("")
    code, said = _command(tmp_path, "train.py", "import autograd\nfor i in range(3): pass\n")
    assert code == 2
    assert said.startswith("The program trains with autograd, which works out the gradients")


def test_magics_in_a_notebook(tmp_path) -> None:
    """Magics, shell lines and help give way; timed cells and remainders stay."""
    cells = [
        "%matplotlib inline\n!pip install numpy\nimport numpy as np\nfiles = !ls\n" + _FIT,
        "%%bash\nfor f in *; do echo $f; done\n",
        "%%time\nfor i in range(7\n               % 40 + 40):\n" + _PASS + "    display(loss)\n",
        "w?\n?np.sum\n%timeit X @ w\nfor f in files:\n    !cat {f}\n",
    ]
    notebook = {"cells": [{"cell_type": "code", "source": c} for c in cells]}
    code, said = _command(tmp_path, "train.ipynb", json.dumps(notebook))
    assert code == 0, said
    assert "loss = 1/m Σ (" in said


def test_a_slip_in_a_notebook_is_named_by_its_cell(tmp_path) -> None:
    """The cell and its line, not a line of the joined text, and one full stop or mark."""
    notebook = {"cells": [{"cell_type": "code", "source": s} for s in ("a = 1\n", "\nprint 'a'\n")]}
    code, said = _command(tmp_path, "train.ipynb", json.dumps(notebook))
    assert (code, said.split(":")[0]) == (2, "cell 2 line 2 is not Python")
    assert said.endswith("print(...)?")


def test_prints_of_megabytes_after_the_loop_is_known_do_not_matter(tmp_path) -> None:
    """Only what a program prints before its loop is known can be too much."""
    text = (
        "import numpy as np\n"
        + _FIT
        + "for i in range(300):\n"
        + _PASS
        + "    print('z' * 200_000, loss)\n"
    )
    code, said = _command(tmp_path, "train.py", text)
    assert code == 0, said


def test_a_pass_that_needs_what_is_gone_is_said_to(tmp_path) -> None:
    """A pool that is shut down when the loop ends: the sentence says what cannot be repeated."""
    text = (
        "import numpy as np\nfrom concurrent.futures import ThreadPoolExecutor\n"
        + _FIT
        + "def go(e):\n    return X.T @ e\nwith ThreadPoolExecutor(1) as pool:\n"
        "    for i in range(40):\n        (g,) = pool.map(go, [X @ w - y])\n"
        "        w = w - 0.01 * g\n"
    )
    code, said = _command(tmp_path, "train.py", text)
    assert code == 2
    assert "cannot be run by itself. The program failed at line 11" in said
    assert "a pool of threads" in said


def test_what_is_no_python_file_gets_its_sentence(tmp_path) -> None:
    """Null bytes, an encoding that is declared, a byte order mark."""
    script = tmp_path / "train.py"
    script.write_bytes(b"a = 1\0\n")
    assert "null bytes" in runner.ask(script)["cannot"]
    script.write_bytes(b"\xff\xfe\x00")
    assert "not text" in runner.ask(script)["cannot"]
    script.write_bytes("# coding: latin-1\ncafé = 1\n".encode("latin-1"))
    assert "no for or while loop" in runner.ask(script)["cannot"]
    script.write_bytes(b"\xef\xbb\xbfa = 1\n")
    assert "no for or while loop" in runner.ask(script)["cannot"]


_DENSE = """from __future__ import annotations
import numpy as np


class Dense:
    def __init__(self, n_in, n_out, rng):
        self.W = rng.normal(size=(n_in, n_out)) * 0.5
        self.b = np.zeros(n_out)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, grad, lr):
        back = grad @ self.W.T
        self.W -= lr * self.x.T @ grad
        self.b -= lr * grad.sum(axis=0)
        return back
"""
_TANH = """import numpy as np
from .dense import Dense
SLOPE = np.ones(1)


class Tanh:
    def forward(self, x):
        self.out = np.tanh(x)
        return self.out

    def backward(self, grad, lr):
        return grad * (1 - self.out ** 2)
"""
_TRAIN = """import numpy as np
from layers.tanh import Tanh, Dense

rng = np.random.default_rng(0)
X = rng.normal(size=(50, 3))
y = np.sin(X[:, :1])
net = [Dense(3, 6, rng), Tanh(), Dense(6, 1, rng)]
for epoch in range(60):
    out = X
    for layer in net:
        out = layer.forward(out)
    loss = np.mean((out - y) ** 2)
    grad = 2 * (out - y) / len(X)
    for layer in reversed(net):
        grad = layer.backward(grad, 0.1)
    print(epoch, loss)
"""


def _package(folder: Path, dense: str = _DENSE) -> Path:
    (folder / "layers").mkdir()
    (folder / "layers" / "__init__.py").write_text("")
    (folder / "layers" / "dense.py").write_text(dense)
    (folder / "layers" / "tanh.py").write_text(_TANH)
    (folder / "train.py").write_text(_TRAIN)
    return folder / "train.py"


def test_modules_beside_the_program_are_audited_with_it(tmp_path) -> None:
    """A layer that is imported is watched: its lines are named, and nothing is found in it."""
    answer = runner.ask(_package(tmp_path))
    (report,) = answer["reports"]
    assert report["findings"] == []
    said = screen.render(report)
    assert "net[0].W  layers/dense.py line 16 yes" in said
    assert "loss (train.py" not in said  # its own lines are plain lines
    assert sorted(p.name for p in (tmp_path / "layers").iterdir()) == [
        "__init__.py",
        "dense.py",
        "tanh.py",
    ]


def test_a_fault_in_a_module_beside_the_program_is_named_there(tmp_path) -> None:
    """The file and its own line, on the screen and on the page."""
    faulty = _DENSE.replace("b -= lr", "b += lr")
    answer = runner.ask(_package(tmp_path, faulty))
    (report,) = answer["reports"]
    (finding,) = report["findings"]
    assert finding["text"].startswith("layers/dense.py line 17")
    written = page.write([(tmp_path / "train.py", answer)])
    assert "<h3>layers/dense.py</h3>" in written
    assert ">  17          self.b += lr * grad.sum(axis=0)" in written


def test_data_that_no_pass_changes_is_shared_and_what_changes_is_not(tmp_path) -> None:
    """Examples kept one by one are not copied for each pass; a list that a pass shuffles is."""
    text = (
        "import numpy as np\nrng = np.random.default_rng(0)\n"
        "pairs = [(x, x[:1] - x[1:]) for x in rng.normal(size=(150, 2, 1))]\n"
        "queue = [np.array([i]) for i in range(300)]\n"
        "w = np.zeros((1, 2))\nfor i in range(40):\n    queue.append(queue.pop(0))\n"
        "    x, y = pairs[i % 150]\n    out = w @ x\n    w = w - 0.1 * (out - y) @ x.T\n"
    )
    made = program.Program(source.parse(tmp_path / "train.py", text))
    captured = capture.capture(made)
    first = captured.subject.snapshots[0]
    shared = [name for name, v in first.values["global"].items() if id(v) in first.idle]
    assert shared == ["pairs"]
    assert captured.subject.watched[0] == ("global", "w")
    with first.open() as live:
        assert live.values["global"]["pairs"] is first.values["global"]["pairs"]
        assert live.values["global"]["queue"] is not first.values["global"]["queue"]
    assert [p.name for p in captured.carried.parameters] == ["w"]


def test_the_printed_loss_is_drawn_beside_the_descended_one() -> None:
    """On one chart where both have one target, dashed; else on charts of its own."""
    line = {"title": "t", "axis": "prediction", "x": [0.1, 0.5], "slope": [-1, 2], "loss": [1, 0]}
    curve = {
        "prediction": "a",
        "target": "y",
        "how": "d",
        "residual": 1e-9,
        "descended": [line],
        "printed": [line],
        "printed_title": "cross-entropy",
        "printed_target": "y",
    }
    drawn = figure.figures(curve, "½ Σ (a − y)²")
    assert (drawn.count("<svg"), drawn.count("stroke-dasharray")) == (2, 2)
    assert "Dashed: cross-entropy" in drawn
    apart = figure.figures(curve | {"printed_target": "labels"}, "½ Σ (a − y)²")
    assert (apart.count("<svg"), apart.count("stroke-dasharray")) == (4, 2)
    assert "The code prints cross-entropy(a, labels)" in apart


def test_the_founding_page_draws_the_printed_cross_entropy() -> None:
    """Its target, Y_train, is another than that of the loss which is descended."""
    path = Path(__file__).parents[2] / "examples" / "does_the_loss_matter.py"
    (report,) = runner.ask(path)["reports"]
    curve = report["curve"]
    assert (curve["printed_title"], curve["printed_target"]) == ("binary cross-entropy", "Y_train")
    assert [line["title"] for line in curve["printed"]] == ["target 0", "target 1"]


def test_what_is_established_is_told_when_time_is_up() -> None:
    """A child that is ended while it seeks a cause has told what each parameter descends."""
    report = {"parameters": [{"name": "W1"}], "notices": []}
    early = json.dumps({"reports": [report], "before": "the search for a cause"})
    answer = runner.last_answer(early + "\n" + early[:20])
    assert answer is not None
    told = runner.told_early(answer, "time was up after 7 seconds (--seconds)")
    assert told["reports"][0]["parameters"] == report["parameters"]
    (notice,) = told["reports"][0]["notices"]
    assert notice == (
        "Not all was done: time was up after 7 seconds (--seconds) before the search for a cause "
        "had ended. What was known by then is told."
    )
    assert runner.last_answer(early[:20]) is None


_ENDS = """import os
import numpy as np
rng = np.random.default_rng(0)
X = rng.normal(size=(30, 3))
y = X[:, :1] - 0.5 * X[:, 1:2]
W1, W2 = rng.normal(size=(3, 4)) * 0.5, rng.normal(size=(4, 1)) * 0.5
for epoch in range(40):
    h = np.tanh(X @ W1)
    out = h @ W2
    loss = np.mean((out - y) ** 2)
    print(loss)
    d = 2 * (out - y) / len(X)
    dW2 = h.T @ d
    if np.abs(dW2 - h.T @ (2 * (out - y) / len(X))).max() > 1e-12:
        os._exit(3)
    dW1 = X.T @ (d @ W2.T)
    W1 -= 0.1 * dW1
    W2 -= 0.1 * dW2
"""


def test_a_tried_repair_that_ends_the_process_does_not_take_all_else_with_it(tmp_path) -> None:
    """The loss of the last layer is told, though the search for a cause breaks off."""
    script = tmp_path / "train.py"
    script.write_text(_ENDS)
    answer = runner.ask(script)
    (report,) = answer["reports"]
    assert [p["answer"] for p in report["parameters"]] == ["not quite", "yes"]
    assert "before the search for a cause had ended" in report["notices"][-1]


def test_a_table_that_is_moved_to_see_what_it_does_is_put_back() -> None:
    """Tables of 64 KiB are shared by all passes; labels that look like pixels are no input."""
    text = """import numpy as np
rng = np.random.default_rng(0)
X = rng.integers(0, 2, size=(1200, 8)) * 1.0
Y = np.eye(3)[(X.sum(axis=1) % 3).astype(int)]
W = rng.normal(size=(8, 3))
for step in range(12):
    x, y = X[step * 100 : step * 100 + 100], Y[step * 100 : step * 100 + 100]
    P = np.exp(x @ W)
    P /= P.sum(axis=1, keepdims=True)
    print(-np.mean(np.sum(y * np.log(P), axis=1)))
    W -= 0.1 * x.T @ (P - y) / len(x)
"""
    assert (1200 * 8) * 8 > 1 << 16
    report = audit_text(text, experiments=False)
    assert [p["answer"] for p in report["parameters"]] == ["yes"]
    assert not any("input" in notice for notice in report["notices"])
