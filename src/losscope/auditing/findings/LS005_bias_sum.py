"""A bias gradient is summed over the wrong axis, or to one number."""

from losscope.auditing.findings._page import PLAIN, Page

PAGE = Page(
    code="LS005",
    slug="bias-sum",
    title="a bias gradient is summed over the wrong axis, or to one number",
    says="Line {line} sums a gradient over the wrong axis or to a single number ({names}).",
    why="""
Each bias has its own gradient: the sum over examples, unit by unit. Summed to one number,
it is added to all of them alike, by broadcasting and in silence; the biases of a layer then
stay equal for ever.
""",
    setting=PLAIN,
    bad="""
    dz1 = dz2 @ W2.T * a1 * (1 - a1)
    W2 -= rate * a1.T @ dz2
    W1 -= rate * X.T @ dz1
    b1 -= rate * np.sum(dz1)
""",
    good="""
    dz1 = dz2 @ W2.T * a1 * (1 - a1)
    W2 -= rate * a1.T @ dz2
    W1 -= rate * X.T @ dz1
    b1 -= rate * np.sum(dz1, axis=0)
""",
    at="b1 -= rate",
)
