"""The derivative belongs to another activation."""

from losscope.auditing.findings._page import PLAIN, Page

PAGE = Page(
    code="LS013",
    slug="derivative-wrong",
    title="the derivative belongs to another activation",
    says="Line {line} uses the derivative of another activation than the forward pass does ({names}).",  # noqa: E501 - a sentence or a table row
    why="""
The forward pass uses one activation and the backward pass the derivative of another: left
over after an activation was exchanged, or copied from another layer.
""",
    setting=PLAIN,
    bad="""
    dz1 = dz2 @ W2.T * (1 - a1 ** 2)
    W2 -= rate * a1.T @ dz2
    W1 -= rate * X.T @ dz1
""",
    good="""
    dz1 = dz2 @ W2.T * (a1 * (1 - a1))
    W2 -= rate * a1.T @ dz2
    W1 -= rate * X.T @ dz1
""",
    at="dz1 = dz2",
)
