"""Lists Ws and bs, three relu layers, RMSprop in place, half squared error, batches of 8."""
import numpy as np


def forward(x, Ws, bs):
    pres, acts = [], [x]
    for i, (W, b) in enumerate(zip(Ws, bs)):
        pre = acts[-1] @ W + b
        pres.append(pre)
        acts.append(np.maximum(pre, 0) if i < len(Ws) - 1 else pre)
    return pres, acts


def backward(y, Ws, pres, acts):
    gWs, gbs = [None] * len(Ws), [None] * len(Ws)
    delta = (acts[-1] - y) / len(y)
    for i in reversed(range(len(Ws))):
        gWs[i] = acts[i].T @ delta
        gbs[i] = delta.sum(axis=0)
        if i > 0:
            delta = delta @ Ws[i].T
            delta = delta * (pres[i - 1] > 0)
    return gWs, gbs


def rmsprop(values, gradients, squares, lr=0.005, rho=0.9, eps=1e-7):
    for value, gradient, square in zip(values, gradients, squares):
        square *= rho
        square += (1 - rho) * gradient ** 2
        value -= lr * gradient / (np.sqrt(square) + eps)


def main():
    rng = np.random.RandomState(9)
    X = rng.uniform(-1, 1, (72, 3))
    Y = np.abs(X[:, :1]) + X[:, 1:2] * X[:, 2:]
    sizes = [3, 8, 8, 1]
    Ws = [rng.randn(a, b) * np.sqrt(2 / a) for a, b in zip(sizes, sizes[1:])]
    bs = [np.zeros(b) + 0.05 for b in sizes[1:]]
    sW, sb = [0 * W for W in Ws], [0 * b for b in bs]
    for epoch in range(15):
        for start in range(0, 72, 8):
            x, y = X[start:start + 8], Y[start:start + 8]
            pres, acts = forward(x, Ws, bs)
            loss = 0.5 * np.sum((acts[-1] - y) ** 2) / len(y)
            gWs, gbs = backward(y, Ws, pres, acts)
            rmsprop(Ws, gWs, sW)
            rmsprop(bs, gbs, sb)
        print("epoch", epoch, "loss", loss)


main()
