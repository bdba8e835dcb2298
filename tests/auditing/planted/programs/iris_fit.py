import numpy as np
from sklearn.datasets import load_iris


class NeuralNet:
    """A two layer softmax classifier with L2 regularisation, trained on minibatches."""

    def __init__(self, input_size, hidden_size, output_size, reg=0.01):
        rng = np.random.default_rng(0)
        self.params = {
            'W1': rng.normal(0, 0.3, (input_size, hidden_size)),
            'b1': np.zeros(hidden_size),
            'W2': rng.normal(0, 0.3, (hidden_size, output_size)),
            'b2': np.zeros(output_size),
        }
        self.reg = reg

    def loss(self, X, y):
        W1, b1 = self.params['W1'], self.params['b1']
        W2, b2 = self.params['W2'], self.params['b2']
        N = X.shape[0]

        # forward pass
        z1 = X.dot(W1) + b1
        h1 = np.maximum(0, z1)
        scores = h1.dot(W2) + b2

        # loss
        scores -= scores.max(axis=1, keepdims=True)
        exp_scores = np.exp(scores)
        probs = exp_scores / exp_scores.sum(axis=1, keepdims=True)
        data_loss = -np.log(probs[range(N), y]).sum() / N
        reg_loss = 0.5 * self.reg * (np.sum(W1 ** 2) + np.sum(W2 ** 2))

        # backward pass
        grads = {}
        dscores = probs.copy()
        dscores[range(N), y] -= 1
        dscores /= N
        grads['W2'] = h1.T.dot(dscores) + self.reg * W2
        grads['b2'] = dscores.sum(axis=0)
        dh1 = dscores.dot(W2.T)
        dz1 = dh1 * (z1 > 0)
        grads['W1'] = X.T.dot(dz1) + self.reg * W1
        grads['b1'] = dz1.sum(axis=0)
        return data_loss + reg_loss, grads

    def fit(self, X, y, learning_rate=0.1, epochs=15, batch_size=30):
        rng = np.random.default_rng(1)
        for epoch in range(epochs):
            order = rng.permutation(len(X))
            for start in range(0, len(X), batch_size):
                idx = order[start:start + batch_size]
                loss, grads = self.loss(X[idx], y[idx])
                for name in self.params:
                    self.params[name] -= learning_rate * grads[name]
            print(f"epoch {epoch}: loss {loss:.4f}, accuracy {np.mean(self.predict(X) == y):.3f}")
        return self

    def predict(self, X):
        hidden = np.maximum(0, X.dot(self.params['W1']) + self.params['b1'])
        return np.argmax(hidden.dot(self.params['W2']) + self.params['b2'], axis=1)


iris = load_iris()
X = (iris.data - iris.data.mean(axis=0)) / iris.data.std(axis=0)
net = NeuralNet(4, 8, 3).fit(X, iris.target)
