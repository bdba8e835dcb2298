"""Matrix factorisation of ratings by SGD, with user and item biases (Funk's SVD)."""
import numpy as np


def train(ratings, n_users, n_items, k=3, lr=0.02, reg=0.05, n_epochs=10):
    np.random.seed(1)
    P = np.random.normal(0, .3, (n_users, k))   # user factors
    Q = np.random.normal(0, .3, (n_items, k))   # item factors
    bu = np.zeros(n_users)
    bi = np.zeros(n_items)
    mu = np.mean([r for _, _, r in ratings])

    for epoch in range(n_epochs):
        total = 0
        for u, i, r in ratings:
            err = r - (mu + bu[u] + bi[i] + P[u].dot(Q[i]))
            total += 0.5 * err ** 2
            total += 0.5 * reg * (P[u] @ P[u] + Q[i] @ Q[i] + bu[u] ** 2 + bi[i] ** 2)

            # gradients of this rating
            dP = -err * Q[i] + reg * P[u]
            dQ = -err * P[u] + reg * Q[i]
            dbu = -err + reg * bu[u]
            dbi = -err + reg * bi[i]

            P[u] -= lr * dP
            Q[i] -= lr * dQ
            bu[u] -= lr * dbu
            bi[i] -= lr * dbi
        print('epoch %d: cost %.4f' % (epoch + 1, total))
    return P, Q, bu, bi


def fake_ratings(n_users=8, n_items=6, n=40, seed=3):
    rng = np.random.RandomState(seed)
    taste = rng.randn(n_users, 2) @ rng.randn(2, n_items) + 3
    cells = rng.choice(n_users * n_items, size=n, replace=False)
    return [(c // n_items, c % n_items, float(np.clip(np.round(taste.flat[c]), 1, 5))) for c in cells]


if __name__ == '__main__':
    train(fake_ratings(), 8, 6)
