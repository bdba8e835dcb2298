"""An update is worked out and never written back."""

from losscope.auditing.findings._page import PLAIN, Page

PAGE = Page(
    code="LS010",
    slug="never-written",
    title="an update is worked out and never written back",
    says="Line {line} works out a new value for {names}, but the array that the network uses never changes.",  # noqa: E501 - a sentence or a table row
    why="""
A name spelled differently, a local variable inside a function, a value that is returned and
not used: the gradient is right, and it goes nowhere. The layer keeps its random start.
""",
    setting=PLAIN,
    bad="""
    dz1 = dz2 @ W2.T * a1 * (1 - a1)
    W2 -= rate * a1.T @ dz2
    W1_new = W1 - rate * X.T @ dz1
""",
    good="""
    dz1 = dz2 @ W2.T * a1 * (1 - a1)
    W2 -= rate * a1.T @ dz2
    W1 -= rate * X.T @ dz1
""",
    at="W1_new",
)
