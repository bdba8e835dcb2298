"""CBOW with negative sampling on a toy corpus, in minibatches of index arrays; AdaGrad."""
import numpy as np

rng = np.random.default_rng(0)
corpus = rng.integers(0, 12, size=150)
corpus[1::3] = (corpus[0::3] * 2) % 12      # some structure to learn

V, D, WINDOW, NEG = 12, 5, 2, 3
C = rng.normal(scale=0.3, size=(V, D))      # context (input) vectors
U = rng.normal(scale=0.3, size=(V, D))      # centre (output) vectors
sum_sq_C = np.zeros_like(C)
sum_sq_U = np.zeros_like(U)


def sigmoid(s):
    return 1 / (1 + np.exp(-s))


def examples(corpus):
    for i in range(WINDOW, len(corpus) - WINDOW):
        around = np.r_[corpus[i - WINDOW:i], corpus[i + 1:i + WINDOW + 1]]
        yield around, corpus[i]


contexts, centres = map(np.array, zip(*examples(corpus)))


def train_batch(ctx, pos, neg, lr):
    B = len(pos)
    h = C[ctx].mean(axis=1)                               # B, D
    words = np.concatenate([pos[:, None], neg], axis=1)   # B, 1 + NEG
    label = np.zeros(words.shape)
    label[:, 0] = 1
    s = np.einsum("bd,bkd->bk", h, U[words])
    p = sigmoid(s)
    loss = -np.sum(label * np.log(p) + (1 - label) * np.log(1 - p)) / B

    ds = (p - label) / B
    dh = np.einsum("bk,bkd->bd", ds, U[words])
    dU = np.zeros_like(U)
    np.add.at(dU, words, ds[:, :, None] * h[:, None, :])
    dC = np.zeros_like(C)
    np.add.at(dC, ctx, np.repeat(dh[:, None, :] / (2 * WINDOW), 2 * WINDOW, axis=1))

    for param, grad, sq in ((C, dC, sum_sq_C), (U, dU, sum_sq_U)):
        sq += grad ** 2
        param -= lr * grad / (np.sqrt(sq) + 1e-6)
    return loss


for epoch in range(5):
    shuffled = rng.permutation(len(centres))
    running = []
    for chunk in np.array_split(shuffled, 5):
        negatives = rng.integers(0, V, size=(len(chunk), NEG))
        running.append(train_batch(contexts[chunk], centres[chunk], negatives, lr=0.1))
    print("epoch", epoch, "loss", np.mean(running))
