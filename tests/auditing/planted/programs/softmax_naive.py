"""Softmax regression with explicit loops over images and classes (an assignment's naive version)."""
import numpy as np


def softmax_loss_naive(W, X, y, reg):
    loss = 0.0
    dW = np.zeros_like(W)
    num_train = X.shape[0]
    num_classes = W.shape[1]
    for i in range(num_train):
        f = X[i].dot(W)
        f -= np.max(f)
        sum_exp = np.sum(np.exp(f))
        loss += -f[y[i]] + np.log(sum_exp)
        for j in range(num_classes):
            p = np.exp(f[j]) / sum_exp
            dW[:, j] += (p - (j == y[i])) * X[i]
    loss /= num_train
    dW /= num_train
    loss += reg * np.sum(W * W)
    dW += 2 * reg * W
    return loss, dW


def main():
    rng = np.random.RandomState(15)
    y = rng.randint(0, 3, 40)
    X = rng.randn(40, 4)
    X[np.arange(40), y] += 1.5
    X = np.hstack([X, np.ones((40, 1))])
    W = rng.randn(5, 3) * 0.01
    for it in range(60):
        loss, grad = softmax_loss_naive(W, X, y, reg=5e-2)
        W = W - 0.3 * grad
        if it % 20 == 0:
            print('iteration %d: loss %f' % (it, loss))


main()
