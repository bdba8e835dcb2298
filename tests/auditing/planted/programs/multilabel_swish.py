"""Three tags for each example: sigmoid outputs, a swish hidden layer, clipped gradients, main()."""
import numpy as np


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def swish(x):
    return x * sigmoid(x)


def swish_grad(x):
    s = sigmoid(x)
    return s + x * s * (1.0 - s)


def bce(probs, tags, eps=1e-12):
    per_tag = -(tags * np.log(probs + eps) + (1 - tags) * np.log(1 - probs + eps))
    return per_tag.sum(axis=1).mean()


def clip_by_global_norm(grads, max_norm):
    total = np.sqrt(sum((g ** 2).sum() for g in grads))
    if total > max_norm:
        grads = [g * max_norm / total for g in grads]
    return grads


def make_data(rng, n=80):
    features = rng.normal(size=(n, 4))
    tags = np.stack([features[:, 0] > 0, features[:, 1] * features[:, 2] > 0,
                     features[:, 3] + features[:, 0] > 0.5], axis=1).astype(float)
    return features, tags


def train(features, tags, hidden=7, lr=0.5, epochs=80, seed=0):
    rng = np.random.default_rng(seed)
    n, d = features.shape
    W_in = rng.normal(scale=0.5, size=(d, hidden))
    b_in = np.zeros(hidden)
    W_out = rng.normal(scale=0.5, size=(hidden, tags.shape[1]))
    b_out = np.zeros(tags.shape[1])

    for epoch in range(1, epochs + 1):
        # forward
        pre = features @ W_in + b_in
        act = swish(pre)
        logits = act @ W_out + b_out
        probs = sigmoid(logits)
        loss = bce(probs, tags)

        # backward
        d_logits = (probs - tags) / n
        d_W_out = act.T @ d_logits
        d_b_out = d_logits.sum(axis=0)
        d_act = d_logits @ W_out.T
        d_pre = d_act * swish_grad(pre)
        d_W_in = features.T @ d_pre
        d_b_in = d_pre.sum(axis=0)

        grads = clip_by_global_norm([d_W_in, d_b_in, d_W_out, d_b_out], max_norm=0.5)
        for param, grad in zip([W_in, b_in, W_out, b_out], grads):
            param -= lr * grad
        if epoch % 20 == 0:
            print(f"epoch {epoch}: bce {loss:.4f}")
    return W_in, b_in, W_out, b_out


def main():
    features, tags = make_data(np.random.default_rng(7))
    train(features, tags)


if __name__ == "__main__":
    main()
