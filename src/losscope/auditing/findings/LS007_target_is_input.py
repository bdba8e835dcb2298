"""The network learns its own input; the labels teach nothing."""

from losscope.auditing.findings._page import BARE, Page

PAGE = Page(
    code="LS007",
    slug="target-is-input",
    title="the network learns its own input; the labels teach nothing",
    says="The target is {names}, the network's own input; the labels are in no line that trains.",
    why="""
Replacing or shuffling the labels leaves every weight the same, bit for bit. That is right
for an autoencoder and a mistake everywhere else; a printed loss against the labels then
measures something that nothing is trained for.
""",
    setting=BARE,
    bad="""
    dz2 = (a2 - X[:, :1]) * a2 * (1 - a2) / len(X)
    dz1 = dz2 @ W2.T * a1 * (1 - a1)
    W2 -= rate * a1.T @ dz2
    b2 -= rate * dz2.sum(axis=0)
    W1 -= rate * X.T @ dz1
""",
    good="""
    dz2 = (a2 - y) * a2 * (1 - a2) / len(X)
    dz1 = dz2 @ W2.T * a1 * (1 - a1)
    W2 -= rate * a1.T @ dz2
    b2 -= rate * dz2.sum(axis=0)
    W1 -= rate * X.T @ dz1
""",
    at=None,
)
