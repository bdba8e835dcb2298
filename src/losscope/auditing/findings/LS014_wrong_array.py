"""A gradient is formed with the wrong array."""

from losscope.auditing.findings._page import PLAIN, Page

PAGE = Page(
    code="LS014",
    slug="wrong-array",
    title="a gradient is formed with the wrong array",
    says="Line {line} reads another array than the forward pass used there ({names}).",
    why="""
The gradient of a weight is its layer's input times the derivative of its output. With the
pre-activation, another layer's output or a stale array of the same shape in its place, no
error is raised.
""",
    setting=PLAIN,
    bad="""
    dz1 = dz2 @ W2.T * a1 * (1 - a1)
    W2 -= rate * z1.T @ dz2
    W1 -= rate * X.T @ dz1
""",
    good="""
    dz1 = dz2 @ W2.T * a1 * (1 - a1)
    W2 -= rate * a1.T @ dz2
    W1 -= rate * X.T @ dz1
""",
    at="W2 -= rate",
)
