"""A sixth sowing: ordinary code, as students, bloggers and notebooks write it.

Written blind, as the fourth and the fifth: the sower has not read how the audit finds faults, and
each program's gradients were compared with central differences of the cost that it prints before
anything was planted. Lines and causes were fixed before the run; sixth_run.txt keeps it as it fell.
The outcomes of the eleven open programs were shown to those who mended; those of sixth_last.py, and
its eight programs, to nobody before their run at the end.
"""

from __future__ import annotations

from tests.auditing.planted.plant import Plant, plants
from tests.auditing.planted.sixth_last import CLOSED, UNUSUAL_CLOSED
from tests.auditing.planted.sixth_more import OPEN3

OPEN1: list[Plant] = [
    *plants(
        "derivative of the activation at the wrong argument", "derivative-argument",
        ("wine_layers", "(1 - A1 ** 2)", "(1 - Z1 ** 2)"),
        ("gate_class", "delta2) * sigmoid_derivative(self.layer1)",
         "delta2) * sigmoid_derivative(np.dot(self.weights1, self.input) + self.bias1)"),
    ),
    *plants(
        "derivative of a hidden activation forgotten", "derivative-missing",
        ("wine_layers", "dZ2 = dA2 * relu_grad(Z2)", "dZ2 = dA2"),
        ("neuron_bias_dicts", 'blame * neuron["output"] * (1.0 - neuron["output"])', "blame",
         ('neuron["delta"] = blame',)),
    ),
    *plants(
        "derivative of a hidden activation applied twice", "derivative-twice",
        ("gate_class", "np.dot(delta1, self.input.T)",
         "np.dot(delta1 * sigmoid_derivative(self.layer1), self.input.T)"),
    ),
    *plants(
        "half of an activation's derivative", "derivative-wrong",
        ("neuron_bias_dicts", 'blame * neuron["output"] * (1.0 - neuron["output"])',
         'blame * neuron["output"]'),
    ),
    *plants(
        "derivative of another activation", "derivative-wrong",
        ("neuron_bias_dicts", 'blame * neuron["output"] * (1.0 - neuron["output"])',
         'blame * (1.0 - neuron["output"] ** 2)'),
    ),
    *plants(
        "bias gradient summed to one number", "bias-sum",
        ("wine_layers", "np.sum(dZ2, axis=0, keepdims=True) / m", "np.sum(dZ2) / m"),
        ("gate_class", "delta2.sum(axis=1, keepdims=True)", "delta2.sum()"),
    ),
    *plants(
        "a square matrix the wrong way round", "transposed",
        ("wine_layers", 'np.dot(dZ2, params["W2"].T)', 'np.dot(dZ2, params["W2"])'),
    ),
    *plants(
        "averaged twice", "mean-twice",
        ("wine_layers", 'dZ3 = cache["A3"] - Y', 'dZ3 = (cache["A3"] - Y) / m'),
    ),
    *plants(
        "1/m missing in one bias or weight only", "factor",
        ("wine_layers", "np.dot(X.T, dZ1) / m", "np.dot(X.T, dZ1)"),
    ),
    *plants(
        "learning rate forgotten for one parameter", "factor",
        ("neuron_bias_dicts", 'neuron["bias"] += l_rate * neuron["delta"]',
         'neuron["bias"] += neuron["delta"]'),
    ),
    *plants(
        "the gradient of another parameter", "wrong-gradient",
        ("wine_layers", '"db1": db1', '"db1": db2'),
    ),
    *plants(
        "gradient of a weight with the pre-activation in place of the activation", "wrong-array",
        ("wine_layers", "np.dot(A2.T, dZ3)", "np.dot(Z2.T, dZ3)"),
    ),
    *plants(
        "bias gradient taken before the activation's derivative", "wrong-array",
        ("gate_class", "delta2.sum(axis=1, keepdims=True)", "error.sum(axis=1, keepdims=True)"),
    ),
    *plants(
        "error sent back without the weights", "wrong-array",
        ("neuron_bias_dicts", 'blame += next_neuron["weights"][j] * next_neuron["delta"]',
         'blame += next_neuron["delta"]'),
    ),
    *plants(
        "the derivative of another loss than the printed one", "other-loss",
        ("gate_class", "delta2 = error * sigmoid_derivative(self.output)", "delta2 = error"),
        ("neuron_bias_dicts",
         'neuron["delta"] = error * neuron["output"] * (1.0 - neuron["output"])',
         'neuron["delta"] = error'),
    ),
    *plants(
        "the network's input as target", "target-is-input",
        ("gate_class", "error = self.y - self.output", "error = self.input - self.output"),
    ),
    *plants(
        "difference taken the other way round", "sign",
        ("gate_class", "error = self.y - self.output", "error = self.output - self.y"),
        ("neuron_bias_dicts", 'error = expected[k] - neuron["output"]',
         'error = neuron["output"] - expected[k]'),
    ),
    *plants(
        "update with the wrong sign", "sign",
        ("neuron_bias_dicts", 'neuron["bias"] += l_rate', 'neuron["bias"] -= l_rate'),
    ),
    *plants(
        "an update that is never written back", "never-written",
        ("gate_class", "self.bias1 += eta * d_bias1", "bias1 = self.bias1 + eta * d_bias1"),
        ("neuron_bias_dicts", 'neuron["bias"] += l_rate * neuron["delta"]',
         'bias = neuron["bias"] + l_rate * neuron["delta"]'),
    ),
]  # fmt: skip

_HOUSE_BACK = """        d_h = d_pred @ W2.T
        d_h_in = d_h * (h_in > 0)
        d_W1 = xb.T @ d_h_in
        d_b1 = d_h_in.sum(axis=0)

        # update
        W1 += -lr * d_W1
        b1 += -lr * d_b1
        W2 += -lr * d_W2
"""
_HOUSE_EARLY = """        W2 += -lr * d_W2
        d_h = d_pred @ W2.T
        d_h_in = d_h * (h_in > 0)
        d_W1 = xb.T @ d_h_in
        d_b1 = d_h_in.sum(axis=0)

        # update
        W1 += -lr * d_W1
        b1 += -lr * d_b1
"""
_CHURN_BACK = """    dA1 = W2.T @ dZ2
    dZ1 = dA1 * np.where(Z1 > 0, 1, 0.1)
    dW1 = dZ1 @ X_train.T / m_train + lambd / m_train * W1
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m_train

    # gradient descent
    W1 = W1 - alpha * dW1
    b1 = b1 - alpha * db1
    W2 = W2 - alpha * dW2
"""
_CHURN_EARLY = """    W2 = W2 - alpha * dW2
    dA1 = W2.T @ dZ2
    dZ1 = dA1 * np.where(Z1 > 0, 1, 0.1)
    dW1 = dZ1 @ X_train.T / m_train + lambd / m_train * W1
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m_train

    # gradient descent
    W1 = W1 - alpha * dW1
    b1 = b1 - alpha * db1
"""
OPEN2: list[Plant] = [
    *plants(
        "weights overwritten before the backward pass reads them", "overwritten",
        ("house_batches", _HOUSE_BACK, _HOUSE_EARLY, ("W2 += -lr", "d_h = d_pred @ W2.T")),
        ("churn_notebook", _CHURN_BACK, _CHURN_EARLY, ("W2 = W2 - alpha", "dA1 = W2.T @ dZ2")),
    ),
    *plants(
        "update with the wrong sign", "sign",
        ("house_batches", "b1 += -lr * d_b1", "b1 += lr * d_b1"),
        ("churn_notebook", "b2 = b2 - alpha * db2", "b2 = b2 + alpha * db2"),
        ("velocity_lists", "mu * v_b[k] - eta", "mu * v_b[k] + eta"),
    ),
    *plants(
        "a step that ascends, in the weights", "sign",
        ("dense_adam", "self.W -= lr * (self.mW / c1)", "self.W += lr * (self.mW / c1)"),
    ),
    *plants(
        "difference taken the other way round", "sign",
        ("velocity_lists", "delta = (out - y) / n", "delta = (y - out) / n"),
    ),
    *plants(
        "mask of a relu the wrong way round", "derivative-wrong",
        ("house_batches", "d_h * (h_in > 0)", "d_h * (h_in < 0)"),
    ),
    *plants(
        "slope of a leaky relu for a plain one", "derivative-wrong",
        ("churn_notebook", "dA1 * np.where(Z1 > 0, 1, 0.1)", "dA1 * np.where(Z1 > 0, 1, 0)"),
    ),
    *plants(
        "rows of another batch in one gradient", "wrong-array",
        ("house_batches", "d_W1 = xb.T @ d_h_in", "d_W1 = X[:batch_size].T @ d_h_in"),
    ),
    *plants(
        "some examples left out of one gradient", "wrong-array",
        ("velocity_lists", "np.dot(delta, activations[-2].T)",
         "np.dot(delta[:, 1:], activations[-2][:, 1:].T)"),
    ),
    *plants(
        "gradient of a weight with the pre-activation in place of the activation", "wrong-array",
        ("churn_notebook", "dZ2 @ A1.T", "dZ2 @ Z1.T"),
        ("velocity_lists", "np.dot(delta, activations[-2].T)", "np.dot(delta, zs[-2].T)"),
    ),
    *plants(
        "weight gradient taken before the activation's derivative", "wrong-array",
        ("dense_adam", "self.dW = self.x.T @ d_z", "self.dW = self.x.T @ d_out"),
    ),
    *plants(
        "one parameter's gradient without, or with another, 1/m", "factor",
        ("house_batches", "d_b2 = d_pred.sum(axis=0)", "d_b2 = d_pred.mean(axis=0)"),
        ("churn_notebook", "np.sum(dZ1, axis=1, keepdims=True) / m_train",
         "np.sum(dZ1, axis=1, keepdims=True)"),
        ("velocity_lists", "nabla_b[-l] = delta.sum(axis=1, keepdims=True)",
         "nabla_b[-l] = delta.mean(axis=1, keepdims=True)"),
    ),
    *plants(
        "learning rate twice", "factor",
        ("velocity_lists", "v_b[k] - eta * nabla_b[k]", "v_b[k] - eta * eta * nabla_b[k]"),
    ),
    *plants(
        "another loss printed than descended", "other-loss",
        ("house_batches", "loss = np.mean((pred - yb) ** 2)", "loss = np.mean(np.abs(pred - yb))",
         ("loss = np.mean(np.abs", "d_pred = 2", "epoch_loss +=", "epoch_loss / (")),
        ("dense_adam", "loss = -np.mean(yb * np.log(p) + (1 - yb) * np.log(1 - p))",
         "loss = np.mean((p - yb) ** 2)",
         ("loss = np.mean((p", "total += loss", "grad = (p - yb)", "total / len(X)")),
    ),
    *plants(
        "the derivative of another loss than the printed one", "other-loss",
        ("dense_adam", "grad = (p - yb) / (p * (1 - p)) / len(xb)", "grad = (p - yb) / len(xb)"),
    ),
    *plants(
        "an update that is never written back", "never-written",
        ("house_batches", "b2 += -lr * d_b2", "new_b2 = b2 - lr * d_b2"),
        ("dense_adam", "self.b -= lr * (self.mb / c1)", "b = self.b - lr * (self.mb / c1)"),
        ("velocity_lists", "biases[k] = biases[k] + v_b[k]", "b = biases[k] + v_b[k]"),
    ),
    *plants(
        "derivative of the activation at the wrong argument", "derivative-argument",
        ("dense_adam", "(1 - self.a ** 2)", "(1 - self.z ** 2)"),
        ("velocity_lists", "sigmoid_prime(zs[-l])", "sigmoid_prime(activations[-l])"),
    ),
    *plants(
        "derivative of a hidden activation forgotten", "derivative-missing",
        ("dense_adam", "d_z = d_out * (1 - self.a ** 2)", "d_z = d_out"),
    ),
    *plants(
        "bias gradient summed to one number", "bias-sum",
        ("dense_adam", "np.sum(d_z, axis=0, keepdims=True)", "np.sum(d_z)"),
    ),
    *plants(
        "penalty gradient off", "penalty",
        ("churn_notebook", "lambd / m_train * W1", "lambd / (2 * m_train) * W1"),
    ),
    *plants(
        "a penalty in the printed cost, left out of the gradient", "penalty",
        ("churn_notebook", "dZ2 @ A1.T / m_train + lambd / m_train * W2", "dZ2 @ A1.T / m_train"),
    ),
    *plants(
        "averaged twice", "mean-twice",
        ("churn_notebook", "dZ2 = A2 - Y_train", "dZ2 = (A2 - Y_train) / m_train"),
    ),
]  # fmt: skip

UNUSUAL_OPEN: list[Plant] = [
    *plants(
        "unusual but right", "none",
        # a scale-free optimizer does not mind the batch's size
        ("dense_adam", "(p * (1 - p)) / len(xb)", "(p * (1 - p))"),
        # the 2 of the square left out
        ("house_batches", "d_pred = 2 * (pred - yb) / len(xb)", "d_pred = (pred - yb) / len(xb)"),
        # a layer with a rate of its own
        ("gate_class", "self.weights1 += eta * d_weights1\n        self.bias1 += eta * d_bias1\n",
         "self.weights1 += 2 * eta * d_weights1\n        self.bias1 += 2 * eta * d_bias1\n"),
        # the sum printed, the mean descended, penalty and all
        ("churn_notebook", "cost = cross_entropy + l2", "cost = m_train * (cross_entropy + l2)"),
    ),
]  # fmt: skip

OPEN = [*OPEN1, *OPEN2, *OPEN3]
SIXTH = [*OPEN, *CLOSED]
UNUSUAL_SIXTH = [*UNUSUAL_OPEN, *UNUSUAL_CLOSED]
__all__ = ["CLOSED", "OPEN", "OPEN1", "OPEN2", "OPEN3", "SIXTH", "UNUSUAL_SIXTH"]
