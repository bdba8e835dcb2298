"""Character model of names: two letters predict the next; embedding table, tanh layer, manual backward pass."""
import numpy as np

words = "emma olivia ava mia amelia ella mila luna lily anna maya ivy nora aria leah alma".split()
chars = sorted(set("".join(words)))
stoi = {s: i + 1 for i, s in enumerate(chars)}
stoi["."] = 0
vocab = len(stoi)
block_size = 2

# build the dataset
xs, ys = [], []
for w in words:
    context = [0] * block_size
    for ch in w + ".":
        xs.append(context)
        ys.append(stoi[ch])
        context = context[1:] + [stoi[ch]]
xs, ys = np.array(xs), np.array(ys)

g = np.random.default_rng(2147483647)
C = g.normal(size=(vocab, 3)) * 0.5
W1 = g.normal(size=(3 * block_size, 12)) * 0.4
b1 = g.normal(size=12) * 0.1
W2 = g.normal(size=(12, vocab)) * 0.2
b2 = np.zeros(vocab)
parameters = [C, W1, b1, W2, b2]

for i in range(120):
    # minibatch
    ix = g.integers(0, len(xs), size=24)
    Xb, Yb = xs[ix], ys[ix]
    n = len(ix)

    # forward pass
    emb = C[Xb]
    embcat = emb.reshape(n, -1)
    hpreact = embcat @ W1 + b1
    h = np.tanh(hpreact)
    logits = h @ W2 + b2
    counts = np.exp(logits - logits.max(1, keepdims=True))
    probs = counts / counts.sum(1, keepdims=True)
    loss = -np.log(probs[np.arange(n), Yb]).mean()

    # backward pass
    dlogits = probs.copy()
    dlogits[np.arange(n), Yb] -= 1
    dlogits /= n
    dh = dlogits @ W2.T
    dW2 = h.T @ dlogits
    db2 = dlogits.sum(0)
    dhpreact = (1.0 - h ** 2) * dh
    dembcat = dhpreact @ W1.T
    dW1 = embcat.T @ dhpreact
    db1 = dhpreact.sum(0)
    demb = dembcat.reshape(emb.shape)
    dC = np.zeros_like(C)
    for k in range(Xb.shape[0]):
        for j in range(Xb.shape[1]):
            dC[Xb[k, j]] += demb[k, j]

    # update
    lr = 0.5 if i < 80 else 0.1
    for p, grad in zip(parameters, [dC, dW1, db1, dW2, db2]):
        p += -lr * grad
    if i % 20 == 0:
        print(f"{i:7d}: {loss.item():.4f}")
