"""Only the diagonal of the softmax Jacobian is used."""

from losscope.auditing.findings._page import SOFTMAX, Page

PAGE = Page(
    code="LS006",
    slug="softmax-diagonal",
    title="only the diagonal of the softmax Jacobian is used",
    says="Line {line} multiplies by p (1 − p), the diagonal of the softmax Jacobian only ({names}).",  # noqa: E501 - a sentence or a table row
    why="""
Every probability of a softmax depends on every score. p (1 − p) is the sigmoid's
derivative; for a softmax the full product is p ∘ (g − Σ g p), with g the derivative in p.
For cross-entropy all of it collapses to p − y.
""",
    setting=SOFTMAX,
    bad="""
    dz2 = (p - Y) * p * (1 - p) / len(X)
    dz1 = dz2 @ V2.T * a1 * (1 - a1)
    V2 -= rate * a1.T @ dz2
    W1 -= rate * X.T @ dz1
""",
    good="""
    dz2 = p * ((p - Y) - ((p - Y) * p).sum(axis=1, keepdims=True)) / len(X)
    dz1 = dz2 @ V2.T * a1 * (1 - a1)
    V2 -= rate * a1.T @ dz2
    W1 -= rate * X.T @ dz1
""",
    at="dz2 = (p - Y) * p",
)
