"""Multiclass hinge loss, written with loops over examples and classes."""
import numpy as np


def svm_loss_naive(W, b, X, y, reg):
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    num_classes = W.shape[1]
    num_train = X.shape[0]
    loss = 0.0
    for i in range(num_train):
        scores = X[i].dot(W) + b
        correct_class_score = scores[y[i]]
        for j in range(num_classes):
            if j == y[i]:
                continue
            margin = scores[j] - correct_class_score + 1   # note delta = 1
            if margin > 0:
                loss += margin
                dW[:, j] += X[i]
                db[j] += 1
                dW[:, y[i]] -= X[i]
                db[y[i]] -= 1

    loss /= num_train
    dW /= num_train
    db /= num_train
    loss += reg * np.sum(W * W)
    dW += 2 * reg * W
    return loss, dW, db


rng = np.random.default_rng(17)
centers = np.array([[1.5, 0.0, 0.5], [-1.0, 1.2, 0.0], [-0.5, -1.3, 1.0]])
y = rng.integers(0, 3, 60)
X = centers[y] + rng.normal(scale=1.0, size=(60, 3))

W = rng.normal(scale=0.01, size=(3, 3))
b = np.zeros(3)
learning_rate = 0.05
for iteration in range(60):
    loss, dW, db = svm_loss_naive(W, b, X, y, 0.01)
    W -= learning_rate * dW
    b -= learning_rate * db
    if iteration % 20 == 0:
        print("iteration", iteration, "loss", round(loss, 4))
