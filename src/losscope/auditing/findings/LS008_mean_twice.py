"""The cost is averaged twice."""

from losscope.auditing.findings._page import BARE, Page

PAGE = Page(
    code="LS008",
    slug="mean-twice",
    title="the cost is averaged twice",
    says="Line {line} divides by the number of examples ({names}) once more than a mean does.",
    why="""
A division by m at the output and another in the gradients gives 1/m². All parameters share
it, so it acts as a learning rate that shrinks as the batch grows: the same rate that trains
on 10 examples stands still on 1,000.
""",
    setting=BARE,
    bad="""
    dz2 = (a2 - y) / len(X) / len(X)
    dz1 = dz2 @ W2.T * a1 * (1 - a1)
    W2 -= rate * a1.T @ dz2
    b2 -= rate * dz2.sum(axis=0)
    W1 -= rate * X.T @ dz1
""",
    good="""
    dz2 = (a2 - y) / len(X)
    dz1 = dz2 @ W2.T * a1 * (1 - a1)
    W2 -= rate * a1.T @ dz2
    b2 -= rate * dz2.sum(axis=0)
    W1 -= rate * X.T @ dz1
""",
    at="dz2 = (a2 - y) / len(X) / len(X)",
)
