"""A factor too many: a derivative is applied twice."""

from losscope.auditing.findings._page import PLAIN, Page

PAGE = Page(
    code="LS012",
    slug="derivative-twice",
    title="a factor too many: a derivative is applied twice",
    says="Line {line} holds a factor that does not belong there ({names}).",
    why="""
Most often the derivative of an activation appears twice: once in the line and once in a
function that it calls, or once more after cross-entropy has already cancelled it. Saturated
units learn even more slowly than they must.
""",
    setting=PLAIN,
    bad="""
    dz1 = dz2 @ W2.T * a1 * (1 - a1) * (a1 * (1 - a1))
    W2 -= rate * a1.T @ dz2
    W1 -= rate * X.T @ dz1
""",
    good="""
    dz1 = dz2 @ W2.T * a1 * (1 - a1)
    W2 -= rate * a1.T @ dz2
    W1 -= rate * X.T @ dz1
""",
    at="dz1 = dz2",
)
