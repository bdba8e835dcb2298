"""A parameter is changed before the backward pass has read it."""

from losscope.auditing.findings._page import PLAIN, Page

PAGE = Page(
    code="LS001",
    slug="overwritten",
    title="a parameter is changed before the backward pass has read it",
    says="Line {line} changes a parameter before a later line of the same pass reads it ({names}).",
    why="""
The gradient of an earlier layer is formed with weights that have already been changed. The
forward pass used the old ones, so the update is the gradient of no loss at this point. With
a small step the difference is small, and it hides: training still works, a little worse or
a little better, and nobody notices.
""",
    setting=PLAIN,
    bad="""
    W2 -= rate * a1.T @ dz2
    dz1 = dz2 @ W2.T * a1 * (1 - a1)
    W1 -= rate * X.T @ dz1
""",
    good="""
    dz1 = dz2 @ W2.T * a1 * (1 - a1)
    W2 -= rate * a1.T @ dz2
    W1 -= rate * X.T @ dz1
""",
    at="W2 -= rate",
)
