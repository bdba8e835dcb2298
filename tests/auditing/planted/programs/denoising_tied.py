"""Denoising autoencoder with tied weights: the decoder uses W.T; trained on corrupted inputs."""
import numpy as np


class TiedAutoencoder:
    def __init__(self, n_visible, n_hidden, rng):
        limit = np.sqrt(6.0 / (n_visible + n_hidden))
        self.W = rng.uniform(-limit, limit, size=(n_visible, n_hidden))
        self.b = np.zeros(n_hidden)     # hidden bias
        self.c = np.zeros(n_visible)    # visible bias

    def encode(self, x):
        return 1.0 / (1.0 + np.exp(-(np.dot(x, self.W) + self.b)))

    def decode(self, h):
        return np.dot(h, self.W.T) + self.c

    def fit_step(self, noisy, clean, lr):
        h = self.encode(noisy)
        recon = self.decode(h)
        err = recon - clean
        cost = 0.5 * np.sum(err ** 2) / len(clean)

        d_recon = err / len(clean)
        d_c = np.sum(d_recon, axis=0)
        d_h = np.dot(d_recon, self.W)
        d_a = d_h * h * (1 - h)
        d_b = np.sum(d_a, axis=0)
        d_W = np.dot(noisy.T, d_a) + np.dot(d_recon.T, h)

        self.W -= lr * d_W
        self.b -= lr * d_b
        self.c -= lr * d_c
        return cost


def main():
    rng = np.random.RandomState(0)
    basis = rng.randn(2, 6)
    clean = rng.randn(70, 2) @ basis
    noisy = clean + 0.3 * rng.randn(*clean.shape)
    dae = TiedAutoencoder(6, 3, rng)
    for epoch in range(60):
        cost = dae.fit_step(noisy, clean, lr=0.1)
        if epoch % 15 == 0:
            print("epoch %d, reconstruction cost %.4f" % (epoch, cost))


main()
