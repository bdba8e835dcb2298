import numpy as np
from sklearn.datasets import load_wine
from sklearn.preprocessing import StandardScaler

# load the data
data = load_wine()
X = StandardScaler().fit_transform(data.data)
labels = data.target

# one hot encoding
Y = np.zeros((labels.size, 3))
Y[np.arange(labels.size), labels] = 1

np.random.seed(42)
n_samples, n_features = X.shape
n_hidden = 6
n_classes = 3
lr = 0.5

w1 = np.random.randn(n_features, n_hidden) * 0.1
b1 = np.zeros((1, n_hidden))
w2 = np.random.randn(n_hidden, n_classes) * 0.1
b2 = np.zeros((1, n_classes))

for epoch in range(60):
    # forward
    z1 = np.dot(X, w1) + b1
    a1 = np.tanh(z1)
    z2 = np.dot(a1, w2) + b2
    e = np.exp(z2 - np.max(z2, axis=1, keepdims=True))
    probs = e / np.sum(e, axis=1, keepdims=True)

    loss = -np.sum(Y * np.log(probs)) / n_samples

    # backward
    delta2 = (probs - Y) / n_samples
    dw2 = np.dot(a1.T, delta2)
    db2 = np.sum(delta2, axis=0, keepdims=True)
    delta1 = np.dot(delta2, w2.T) * (1 - np.power(a1, 2))
    dw1 = np.dot(X.T, delta1)
    db1 = np.sum(delta1, axis=0, keepdims=True)

    # gradient descent
    w1 = w1 - lr * dw1
    b1 = b1 - lr * db1
    w2 = w2 - lr * dw2
    b2 = b2 - lr * db2

    if epoch % 10 == 0:
        acc = np.mean(np.argmax(probs, axis=1) == labels)
        print("epoch", epoch, "loss", loss, "accuracy", acc)
