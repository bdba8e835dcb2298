"""The derivative of an activation is forgotten."""

from losscope.auditing.findings._page import PLAIN, Page

PAGE = Page(
    code="LS003",
    slug="derivative-missing",
    title="the derivative of an activation is forgotten",
    says="Line {line} lacks the derivative of an activation ({names}).",
    why="""
The chain rule passes through every activation. Without its factor, units that are saturated
are pushed as hard as the others, and the step of every layer below points somewhere else
than downhill.
""",
    setting=PLAIN,
    bad="""
    dz1 = dz2 @ W2.T
    W2 -= rate * a1.T @ dz2
    W1 -= rate * X.T @ dz1
""",
    good="""
    dz1 = dz2 @ W2.T * a1 * (1 - a1)
    W2 -= rate * a1.T @ dz2
    W1 -= rate * X.T @ dz1
""",
    at="dz1 = dz2 @ W2.T",
)
