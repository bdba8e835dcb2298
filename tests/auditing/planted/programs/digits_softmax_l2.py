import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

digits = load_digits()
X_train, X_test, y_train, y_test = train_test_split(
    digits.data / 16.0, digits.target, test_size=0.8, random_state=0)


def softmax(z):
    z = z - np.max(z, axis=1, keepdims=True)
    exp_z = np.exp(z)
    return exp_z / np.sum(exp_z, axis=1, keepdims=True)


def one_hot(y, n_classes):
    return np.eye(n_classes)[y]


def compute_loss(W, b, X, T, lam):
    p = softmax(X.dot(W) + b)
    data_loss = -np.mean(np.sum(T * np.log(p), axis=1))
    return data_loss + lam / 2 * np.sum(W * W)


def compute_gradient(W, b, X, T, lam):
    N = X.shape[0]
    p = softmax(X.dot(W) + b)
    dW = X.T.dot(p - T) / N + lam * W
    db = np.sum(p - T, axis=0) / N
    return dW, db


def train(X, y, n_classes=10, lr=0.5, lam=0.01, n_epochs=40):
    T = one_hot(y, n_classes)
    W = np.zeros((X.shape[1], n_classes))
    b = np.zeros(n_classes)
    for epoch in range(n_epochs):
        dW, db = compute_gradient(W, b, X, T, lam)
        W -= lr * dW
        b -= lr * db
        if (epoch + 1) % 10 == 0:
            print('epoch', epoch + 1, 'loss', compute_loss(W, b, X, T, lam))
    return W, b


W, b = train(X_train, y_train)
test_pred = np.argmax(X_test.dot(W) + b, axis=1)
print('test accuracy:', np.mean(test_pred == y_test))
