"""A parameter is updated with the gradient of another."""

from losscope.auditing.findings._page import PLAIN, Page

PAGE = Page(
    code="LS016",
    slug="wrong-gradient",
    title="a parameter is updated with the gradient of another",
    says="Line {line} updates {names} with another array than its gradient.",
    why="""
Copied lines with one name left unchanged. Where shapes agree, or broadcasting makes them
agree, nothing is raised.
""",
    setting=PLAIN,
    bad="""
    dz1 = dz2 @ W2.T * a1 * (1 - a1)
    db1 = dz1.sum(axis=0)
    mean = a1.mean(axis=0)
    W2 -= rate * a1.T @ dz2
    W1 -= rate * X.T @ dz1
    b1 -= rate * mean
""",
    good="""
    dz1 = dz2 @ W2.T * a1 * (1 - a1)
    db1 = dz1.sum(axis=0)
    mean = a1.mean(axis=0)
    W2 -= rate * a1.T @ dz2
    W1 -= rate * X.T @ dz1
    b1 -= rate * db1
""",
    at="b1 -= rate * mean",
)
