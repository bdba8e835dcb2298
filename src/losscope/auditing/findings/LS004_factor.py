"""One parameter's step has another factor than the others'."""

from losscope.auditing.findings._page import PLAIN, Page

PAGE = Page(
    code="LS004",
    slug="factor",
    title="one parameter's step has another factor than the others'",
    says="Line {line} gives {names} another factor than the other parameters have.",
    why="""
A factor common to all parameters is only a learning rate. A factor on some of them, a 1/m
or a rate that was forgotten, is no loss at all: these parameters learn m times faster (or
slower), and which of them dominates changes with the size of the batch.
""",
    setting=PLAIN,
    bad="""
    dz1 = dz2 @ W2.T * a1 * (1 - a1)
    W2 -= rate * a1.T @ dz2
    W1 -= rate * X.T @ dz1 * len(X)
""",
    good="""
    dz1 = dz2 @ W2.T * a1 * (1 - a1)
    W2 -= rate * a1.T @ dz2
    W1 -= rate * X.T @ dz1
""",
    at="W1 -= rate",
)
