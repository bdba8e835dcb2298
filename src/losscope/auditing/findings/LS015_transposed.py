"""A square matrix is transposed, or should be."""

from losscope.auditing.findings._page import SQUARE, Page

PAGE = Page(
    code="LS015",
    slug="transposed",
    title="a square matrix is transposed, or should be",
    says="Line {line} uses a square matrix the wrong way round ({names}).",
    why="""
Layers of different widths would raise an error; between layers of equal width nothing does,
and the error is sent back along the wrong connections.
""",
    setting=SQUARE,
    bad="""
    da = (dz2 @ W2.T * a1 * (1 - a1)) @ S
    W2 -= rate * a1.T @ dz2
    W1 -= rate * X.T @ (da * a0 * (1 - a0))
""",
    good="""
    da = (dz2 @ W2.T * a1 * (1 - a1)) @ S.T
    W2 -= rate * a1.T @ dz2
    W1 -= rate * X.T @ (da * a0 * (1 - a0))
""",
    at="da = (dz2",
)
