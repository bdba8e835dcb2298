"""Bag of words: an embedding table, the mean of a sentence's vectors, a tanh layer, a logistic output."""
import numpy as np

POSITIVE = "good great fine happy lovely nice".split()
NEGATIVE = "bad awful poor sad ugly horrid".split()
FILLER = "the a film was and it story".split()
vocab = {w: i for i, w in enumerate(POSITIVE + NEGATIVE + FILLER)}

rng = np.random.RandomState(9)
sentences, labels = [], []
for _ in range(40):
    label = rng.randint(2)
    words = list(rng.choice(POSITIVE if label else NEGATIVE, 2)) + list(rng.choice(FILLER, 4))
    sentences.append([vocab[w] for w in words])
    labels.append(label)
sentences, labels = np.array(sentences), np.array(labels, dtype=float)

emb = rng.randn(len(vocab), 5) * 0.3
W = rng.randn(5, 4) * 0.5
b = np.zeros(4)
out_w = rng.randn(4) * 0.5
out_b = np.zeros(1)

lr = 0.5
for epoch in range(30):
    # forward
    vectors = emb[sentences]                  # (n, words, 5)
    sent = vectors.mean(axis=1)               # (n, 5)
    hid = np.tanh(sent @ W + b)
    prob = 1 / (1 + np.exp(-(hid @ out_w + out_b)))
    loss = -np.mean(labels * np.log(prob) + (1 - labels) * np.log(1 - prob))

    # backward
    dscore = (prob - labels) / len(labels)
    dout_w = hid.T @ dscore
    dout_b = dscore.sum()
    dhid = np.outer(dscore, out_w)
    dpre = dhid * (1 - hid ** 2)
    dW = sent.T @ dpre
    db = dpre.sum(axis=0)
    dsent = dpre @ W.T
    demb = np.zeros_like(emb)
    for k in range(sentences.shape[1]):
        np.add.at(demb, sentences[:, k], dsent / sentences.shape[1])

    emb -= lr * demb
    W -= lr * dW
    b -= lr * db
    out_w -= lr * dout_w
    out_b -= lr * dout_b
    if epoch % 10 == 0:
        print("epoch", epoch, "loss", loss)
