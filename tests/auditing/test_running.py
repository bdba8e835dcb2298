"""How programs are run: what fails, who failed, and what a person is told."""

from __future__ import annotations

from losscope.auditing import child
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
    from losscope.auditing import source

    try:
        source.read(None)  # type: ignore[arg-type] - stands for any slip of ours
    except AttributeError as error:
        sentence = child._ours(error)
    assert sentence.startswith("The audit itself failed at source.py:")
    assert sentence.endswith("this is a fault of losscope, not of the program.")
    assert "\n" not in sentence
