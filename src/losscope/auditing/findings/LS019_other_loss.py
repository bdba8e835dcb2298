"""The printed loss is not the one that is descended."""

from losscope.auditing.findings._page import BARE, Page

PAGE = Page(
    code="LS019",
    slug="other-loss",
    title="the printed loss is not the one that is descended",
    says="{names}, printed from line {line}, is not what the updates descend.",
    why="""
Only the derivative in the update trains the network. A printed number that belongs to
another loss may fall, rise or stand still; stopping, choosing a learning rate or comparing
runs by it goes by something that is not being minimised.
""",
    setting=BARE,
    bad="""
    print(cost)
    dz2 = (a2 - y) * a2 * (1 - a2) / len(X)
    dz1 = dz2 @ W2.T * a1 * (1 - a1)
    W2 -= rate * a1.T @ dz2
    b2 -= rate * dz2.sum(axis=0)
    W1 -= rate * X.T @ dz1
""",
    good="""
    print(cost)
    dz2 = (a2 - y) / len(X)
    dz1 = dz2 @ W2.T * a1 * (1 - a1)
    W2 -= rate * a1.T @ dz2
    b2 -= rate * dz2.sum(axis=0)
    W1 -= rate * X.T @ dz1
""",
    at="dz2 = (a2 - y) * a2",
)
