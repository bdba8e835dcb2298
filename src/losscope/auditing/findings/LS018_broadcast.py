"""A column (N, 1) met a flat array (N,) and became (N, N)."""

from losscope.auditing.findings._page import FLAT, Page

PAGE = Page(
    code="LS018",
    slug="broadcast",
    title="a column (N, 1) met a flat array (N,) and became (N, N)",
    says="Line {line} brings shapes {names} together; NumPy spreads them to a square of all pairs.",
    why="""
Each prediction is compared with every target. Sums and means over the square go on to work,
and the network learns to predict the average.
""",
    setting=FLAT,
    bad="""
    error = (predicted - flat).mean(axis=1, keepdims=True)
    w -= rate * X.T @ error / len(X)
""",
    good="""
    error = predicted - flat.reshape(-1, 1)
    w -= rate * X.T @ error / len(X)
""",
    at="error = (predicted",
)
