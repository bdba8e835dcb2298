"""The derivative of an activation is taken at the wrong argument."""

from losscope.auditing.findings._page import PLAIN, Page

PAGE = Page(
    code="LS002",
    slug="derivative-argument",
    title="the derivative of an activation is taken at the wrong argument",
    says="Line {line} takes an activation's derivative at another array than the one it belongs to ({names}).",  # noqa: E501 - a sentence or a table row
    why="""
a (1 − a) is the derivative of a sigmoid when a is the activation; 1 − a² that of tanh.
Handed the pre-activation, or the other way round, the same line gives numbers of about the
right size and often of the right sign, so the loss still falls; but the direction is not
downhill.
""",
    setting=PLAIN,
    bad="""
    dz1 = dz2 @ W2.T * z1 * (1 - z1)
    W2 -= rate * a1.T @ dz2
    W1 -= rate * X.T @ dz1
""",
    good="""
    dz1 = dz2 @ W2.T * a1 * (1 - a1)
    W2 -= rate * a1.T @ dz2
    W1 -= rate * X.T @ dz1
""",
    at="dz1 = dz2 @ W2.T * z1",
)
