"""One head of self-attention by hand: which vector of a short sequence is like the first? Softmax over classes."""
import numpy as np

rng = np.random.default_rng(19)
B, T, D, C = 32, 4, 5, 3


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def init_params():
    s = 1 / np.sqrt(D)
    return {"Wq": rng.normal(0, s, (D, D)), "Wk": rng.normal(0, s, (D, D)), "Wv": rng.normal(0, s, (D, D)),
            "Wo": rng.normal(0, s, (D, C)), "bo": np.zeros(C)}


def forward(p, x):
    q, k, v = x @ p["Wq"], x @ p["Wk"], x @ p["Wv"]
    scores = q @ k.transpose(0, 2, 1) / np.sqrt(D)
    att = softmax(scores)
    context = att @ v
    pooled = context.mean(axis=1)
    logits = pooled @ p["Wo"] + p["bo"]
    return softmax(logits), dict(x=x, q=q, k=k, v=v, att=att, pooled=pooled)


def nll(probs, y):
    return -np.log(probs[np.arange(len(y)), y]).mean()


def backward(p, c, probs, y):
    n, t = c["x"].shape[:2]
    dlogits = probs.copy()
    dlogits[np.arange(n), y] -= 1
    dlogits /= n
    g = {"Wo": c["pooled"].T @ dlogits, "bo": dlogits.sum(axis=0)}
    dpooled = dlogits @ p["Wo"].T
    dcontext = np.repeat(dpooled[:, None, :], t, axis=1) / t
    datt = dcontext @ c["v"].transpose(0, 2, 1)
    dv = c["att"].transpose(0, 2, 1) @ dcontext
    dscores = c["att"] * (datt - (datt * c["att"]).sum(axis=-1, keepdims=True))
    dscores /= np.sqrt(D)
    dq = dscores @ c["k"]
    dk = dscores.transpose(0, 2, 1) @ c["q"]
    g["Wq"] = np.einsum("bti,btj->ij", c["x"], dq)
    g["Wk"] = np.einsum("bti,btj->ij", c["x"], dk)
    g["Wv"] = np.einsum("bti,btj->ij", c["x"], dv)
    return g


def make_batch():
    x = rng.normal(size=(B, T, D))
    y = rng.integers(0, C, B)
    x[np.arange(B), y + 1] = x[:, 0] + 0.1 * rng.normal(size=(B, D))
    x[:, :, D - 1] = np.arange(T) - 1.5  # the place
    return x, y


params = init_params()
x, y = make_batch()
lr = 0.4
for it in range(101):
    probs, cache = forward(params, x)
    loss = nll(probs, y)
    grads = backward(params, cache, probs, y)
    for name in params:
        params[name] -= lr * grads[name]
    if it % 20 == 0:
        print(f"iter {it}: loss {loss:.4f} acc {(probs.argmax(1) == y).mean():.2f}")
