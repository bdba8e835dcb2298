"""An adaptive linear neuron as in textbooks: w_[0] is the bias, fit() returns self."""
import numpy as np


class AdalineGD(object):
    """ADAptive LInear NEuron classifier.

    eta : float
      Learning rate (between 0.0 and 1.0)
    n_iter : int
      Passes over the training dataset.
    """

    def __init__(self, eta=0.002, n_iter=30, random_state=1):
        self.eta = eta
        self.n_iter = n_iter
        self.random_state = random_state

    def fit(self, X, y):
        rgen = np.random.RandomState(self.random_state)
        self.w_ = rgen.normal(loc=0.0, scale=0.01, size=1 + X.shape[1])
        self.cost_ = []
        for i in range(self.n_iter):
            net_input = self.net_input(X)
            output = self.activation(net_input)
            errors = (y - output)
            self.w_[1:] += self.eta * X.T.dot(errors)
            self.w_[0] += self.eta * errors.sum()
            cost = (errors ** 2).sum() / 2.0
            self.cost_.append(cost)
            if i % 10 == 0:
                print('Epoch', i, 'cost', cost)
        return self

    def net_input(self, X):
        return np.dot(X, self.w_[1:]) + self.w_[0]

    def activation(self, X):
        return X

    def predict(self, X):
        return np.where(self.activation(self.net_input(X)) >= 0.0, 1, -1)


rng = np.random.RandomState(0)
X = np.r_[rng.randn(40, 3) + 1, rng.randn(40, 3) - 1]
y = np.r_[np.ones(40), -np.ones(40)]
X_std = (X - X.mean(axis=0)) / X.std(axis=0)
ada = AdalineGD(eta=0.002).fit(X_std, y)
print('accuracy', np.mean(ada.predict(X_std) == y))
