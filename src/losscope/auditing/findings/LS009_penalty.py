"""The gradient of a penalty does not belong to the penalty in the cost."""

from losscope.auditing.findings._page import PLAIN, Page

PAGE = Page(
    code="LS009",
    slug="penalty",
    title="the gradient of a penalty does not belong to the penalty in the cost",
    says="Line {line} does not hold the gradient of the penalty that the cost adds ({names}).",
    why="""
A penalty ½λΣW² adds λW to the gradient. Forgotten for one layer, doubled, or with the wrong
sign (which makes weights grow), the code trains another cost than the one it shows.
""",
    setting=PLAIN,
    bad="""
    cost = cost + 0.5 * decay * (np.sum(W1 ** 2) + np.sum(W2 ** 2))
    print(cost)
    dz1 = dz2 @ W2.T * a1 * (1 - a1)
    W2 -= rate * (a1.T @ dz2 + decay * W2)
    dW1 = X.T @ dz1 - decay * W1
    W1 -= rate * dW1
""",
    good="""
    cost = cost + 0.5 * decay * (np.sum(W1 ** 2) + np.sum(W2 ** 2))
    print(cost)
    dz1 = dz2 @ W2.T * a1 * (1 - a1)
    W2 -= rate * (a1.T @ dz2 + decay * W2)
    dW1 = X.T @ dz1 + decay * W1
    W1 -= rate * dW1
""",
    at="dW1 = X.T @ dz1 - decay * W1",
)
