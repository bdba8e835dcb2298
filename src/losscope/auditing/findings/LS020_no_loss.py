"""An update follows no known loss, and no one-line change mends it."""

from losscope.auditing.findings._page import PLAIN, Page

PAGE = Page(
    code="LS020",
    slug="no-loss",
    title="an update follows no known loss, and no one-line change mends it",
    says="The update of {names} (line {line}) fits no scalar of the program and no known loss.",
    why="""
The update may be the gradient of a loss that is not in the catalogue (the report says
whether it is the gradient of any loss at all), or there may be more than one fault on its
path.
""",
    setting=PLAIN,
    bad="""
    dz1 = np.cos(dz2 @ W2.T) * a1[::-1]
    W2 -= rate * a1.T @ dz2
    W1 -= rate * X.T @ dz1
""",
    good="""
    dz1 = dz2 @ W2.T * a1 * (1 - a1)
    W2 -= rate * a1.T @ dz2
    W1 -= rate * X.T @ dz1
""",
    at="W1 -= rate",
)
