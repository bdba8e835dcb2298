import numpy as np


class MLPClassifier:
    def __init__(self, sizes, lr=0.02, beta1=0.9, beta2=0.99):
        rs = np.random.RandomState(31)
        self.layers = []
        for n_in, n_out in zip(sizes[:-1], sizes[1:]):
            layer = {
                "W": (rs.randn(n_in, n_out) * np.sqrt(2.0 / n_in)).astype(np.float32),
                "b": np.zeros(n_out, dtype=np.float32),
            }
            layer["m"] = {k: np.zeros_like(layer[k]) for k in ("W", "b")}
            layer["v"] = {k: np.zeros_like(layer[k]) for k in ("W", "b")}
            self.layers.append(layer)
        self.lr, self.beta1, self.beta2 = lr, beta1, beta2
        self.t = 0

    def forward(self, x):
        for layer in self.layers:
            layer["x"] = x
            layer["z"] = x @ layer["W"] + layer["b"]
            x = np.maximum(layer["z"], 0)
        logits = self.layers[-1]["z"]
        logits = logits - logits.max(axis=1, keepdims=True)
        return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)

    def loss(self, probs, labels):
        return -np.log(probs[np.arange(len(labels)), labels] + 1e-9).mean()

    def backward(self, probs, labels):
        delta = probs.copy()
        delta[np.arange(len(labels)), labels] -= 1
        delta /= len(labels)
        for i in range(len(self.layers) - 1, -1, -1):
            layer = self.layers[i]
            layer["dW"] = layer["x"].T @ delta
            layer["db"] = delta.sum(axis=0)
            if i > 0:
                delta = (delta @ layer["W"].T) * (self.layers[i - 1]["z"] > 0)

    def update(self):
        self.t += 1
        for layer in self.layers:
            for k in ("W", "b"):
                g = layer["d" + k]
                layer["m"][k] = self.beta1 * layer["m"][k] + (1 - self.beta1) * g
                layer["v"][k] = self.beta2 * layer["v"][k] + (1 - self.beta2) * g * g
                m_hat = layer["m"][k] / (1 - self.beta1 ** self.t)
                v_hat = layer["v"][k] / (1 - self.beta2 ** self.t)
                layer[k] -= self.lr * m_hat / (np.sqrt(v_hat) + 1e-7)


rs = np.random.RandomState(9)
centers = rs.randn(4, 5)
labels = rs.randint(0, 4, 120)
points = (centers[labels] + 0.5 * rs.randn(120, 5)).astype(np.float32)

clf = MLPClassifier([5, 12, 12, 4])
for epoch in range(8):
    shuffle = rs.permutation(120)
    epoch_losses = []
    for start in range(0, 120, 30):
        batch = shuffle[start:start + 30]
        probs = clf.forward(points[batch])
        epoch_losses.append(clf.loss(probs, labels[batch]))
        clf.backward(probs, labels[batch])
        clf.update()
    print("epoch %2d - loss: %.4f" % (epoch, np.mean(epoch_losses)))
