"""A step goes up the loss instead of down."""

from losscope.auditing.findings._page import PLAIN, Page

PAGE = Page(
    code="LS011",
    slug="sign",
    title="a step goes up the loss instead of down",
    says="Line {line} moves {names} up the loss.",
    why="""
A plus for a minus, or a difference taken the other way round. The other layers may make up
for it, so that the loss still falls.
""",
    setting=PLAIN,
    bad="""
    dz1 = dz2 @ W2.T * a1 * (1 - a1)
    W2 -= rate * a1.T @ dz2
    W1 += rate * X.T @ dz1
""",
    good="""
    dz1 = dz2 @ W2.T * a1 * (1 - a1)
    W2 -= rate * a1.T @ dz2
    W1 -= rate * X.T @ dz1
""",
    at="W1 += rate",
)
