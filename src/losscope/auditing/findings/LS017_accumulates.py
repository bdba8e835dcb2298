"""Gradients of earlier passes are still in the sum."""

from losscope.auditing.findings._page import PLAIN, Page

PAGE = Page(
    code="LS017",
    slug="accumulates",
    title="gradients of earlier passes are still in the sum",
    says="{names} is moved by the sum of all gradients so far: line {line} adds to what earlier passes left.",  # noqa: E501 - a sentence or a table row
    why="""
A gradient buffer that is added to and never set to zero acts as momentum with a coefficient
of 1: nothing is ever forgotten, and the weights swing.
""",
    setting=PLAIN,
    bad="""
    dz1 = dz2 @ W2.T * a1 * (1 - a1)
    W2 -= rate * a1.T @ dz2
    dW1 += X.T @ dz1
    W1 -= rate * dW1
""",
    good="""
    dz1 = dz2 @ W2.T * a1 * (1 - a1)
    W2 -= rate * a1.T @ dz2
    dW1 = X.T @ dz1
    W1 -= rate * dW1
""",
    at="dW1 += X.T",
)
