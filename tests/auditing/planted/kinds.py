"""Planted faults: each is one change to a clean program, with the cause and line to be named.

The first half of the kinds (FIRST) was written before the audit had any causes, without an eye to
them; the second half (SECOND) afterwards, and later still a third sowing (third.py) of more
programs and kinds, again without an eye to the causes.
"""

from __future__ import annotations

from tests.auditing.planted.eighth import UNUSUAL_EIGHTH
from tests.auditing.planted.plant import Plant, plants
from tests.auditing.planted.seventh import UNUSUAL_SEVENTH
from tests.auditing.planted.sixth import UNUSUAL_SIXTH
from tests.auditing.planted.third import THIRD
from tests.auditing.planted.unusual import UNUSUAL_FIFTH, UNUSUAL_FOURTH, UNUSUAL_THIRD

_ROWS_BACK = """    da1 = dz2 @ W2.T
    dz1 = da1 * (1 - a1 ** 2)
    dW1 = X.T @ dz1
    db1 = np.sum(dz1, axis=0, keepdims=True)

    W2 -= learning_rate * dW2
"""
_ROWS_EARLY = """    W2 -= learning_rate * dW2
    da1 = dz2 @ W2.T
    dz1 = da1 * (1 - a1 ** 2)
    dW1 = X.T @ dz1
    db1 = np.sum(dz1, axis=0, keepdims=True)

"""
_CLASS_BACK = """            if l > 0:
                delta = (delta @ self.weights[l].T)"""
_CLASS_EARLY = """            self.weights[l] -= 0.5 * self.dW[l]
            if l > 0:
                delta = (delta @ self.weights[l].T)"""
_SOFTMAX_BACK = """            dhidden = dscores @ W2.T
            dhidden[hidden_raw <= 0] = 0
            dW1 = xb.T @ dhidden + reg * W1
            db1 = dhidden.sum(axis=0)

            vW1 = mu * vW1 - lr * dW1
            W1 += vW1
            vb1 = mu * vb1 - lr * db1
            b1 += vb1
            vW2 = mu * vW2 - lr * dW2
            W2 += vW2
"""
_SOFTMAX_EARLY = """            vW2 = mu * vW2 - lr * dW2
            W2 += vW2
            dhidden = dscores @ W2.T
            dhidden[hidden_raw <= 0] = 0
            dW1 = xb.T @ dhidden + reg * W1
            db1 = dhidden.sum(axis=0)

            vW1 = mu * vW1 - lr * dW1
            W1 += vW1
            vb1 = mu * vb1 - lr * db1
            b1 += vb1
"""
FIRST: list[Plant] = [
    *plants(
        "weights overwritten before the backward pass reads them", "overwritten",
        ("rows", _ROWS_BACK, _ROWS_EARLY, ("W2 -= learning_rate", "da1 = dz2 @ W2.T")),
        ("network_class", _CLASS_BACK, _CLASS_EARLY,
         ("self.weights[l] -= 0.5", "delta = (delta @ self.weights[l].T)")),
        ("softmax", _SOFTMAX_BACK, _SOFTMAX_EARLY, ("W2 += vW2", "dhidden = dscores @ W2.T")),
    ),
    *plants(
        "derivative of the activation at the wrong argument", "derivative-argument",
        ("rows", "(1 - a1 ** 2)", "(1 - z1 ** 2)"),
        ("columns", "dA1 * (Z1 > 0)", "dA1 * (dA1 > 0)"),
        ("network_class", "self.sigmoid_prime(output)", "self.sigmoid_prime(Y)"),
        ("softmax", "dhidden[hidden_raw <= 0] = 0", "dhidden[dhidden <= 0] = 0"),
        ("adam", "tanh_derivative(second.Z)", "tanh_derivative(H2)"),
    ),
    *plants(
        "derivative of a hidden activation forgotten", "derivative-missing",
        ("rows", "dz1 = da1 * (1 - a1 ** 2)", "dz1 = da1"),
        ("columns", "dZ1 = dA1 * (Z1 > 0)", "dZ1 = dA1"),
        ("network_class", "delta = (delta @ self.weights[l].T) * self.sigmoid_prime(self.activations[l])",  # noqa: E501 - a sentence or a table row
         "delta = delta @ self.weights[l].T"),
        ("softmax", "            dhidden[hidden_raw <= 0] = 0\n", "",
         ("dhidden = dscores @ W2.T", "dW1 = xb.T @ dhidden")),
        ("adam", "dZ2 = dH2 * tanh_derivative(second.Z)", "dZ2 = dH2"),
    ),
    *plants(
        "one parameter's gradient without, or with another, 1/m", "factor",
        ("rows", "db2 = np.sum(dz2, axis=0, keepdims=True)",
         "db2 = np.mean(dz2, axis=0, keepdims=True)"),
        ("columns", "dW1 = (1 / m) * np.dot(dZ1, X.T)", "dW1 = np.dot(dZ1, X.T)"),
        ("network_class", "self.db[l] = delta.sum(axis=0)", "self.db[l] = delta.mean(axis=0)"),
        ("softmax", "db1 = dhidden.sum(axis=0)", "db1 = dhidden.mean(axis=0)"),
        ("one_layer", "grad_b = 2 / count * error.sum()", "grad_b = 2 * error.sum()"),
        ("adam", "self.db = dZ.sum(axis=1, keepdims=True)", "self.db = dZ.mean(axis=1, keepdims=True)"),  # noqa: E501 - a sentence or a table row
    ),
    *plants(
        "bias gradient summed to one number", "bias-sum",
        ("rows", "db1 = np.sum(dz1, axis=0, keepdims=True)", "db1 = np.sum(dz1)"),
        ("columns", "db1 = (1 / m) * np.sum(dZ1, axis=1, keepdims=True)", "db1 = (1 / m) * np.sum(dZ1)"),  # noqa: E501 - a sentence or a table row
        ("network_class", "self.db[l] = delta.sum(axis=0)", "self.db[l] = delta.sum()"),
        ("softmax", "db1 = dhidden.sum(axis=0)", "db1 = dhidden.sum()"),
        ("adam", "self.db = dZ.sum(axis=1, keepdims=True)", "self.db = np.full((len(dZ), 1), dZ.sum())"),  # noqa: E501 - a sentence or a table row
    ),
    *plants(
        "update with the wrong sign", "sign",
        ("rows", "W1 -= learning_rate * dW1", "W1 += learning_rate * dW1"),
        ("columns", 'b1 = parameters["b1"] - learning_rate', 'b1 = parameters["b1"] + learning_rate'),  # noqa: E501 - a sentence or a table row
        ("network_class", "self.biases[l] -= learning_rate", "self.biases[l] += learning_rate"),
        ("softmax", "vW1 = mu * vW1 - lr * dW1", "vW1 = mu * vW1 + lr * dW1"),
        ("one_layer", "b = b - alpha * grad_b", "b = b + alpha * grad_b"),
    ),
    *plants(
        "gradient of a weight with the pre-activation in place of the activation", "wrong-array",
        ("rows", "dW2 = a1.T @ dz2", "dW2 = z1.T @ dz2"),
        ("columns", "np.dot(dZ2, A1.T)", "np.dot(dZ2, Z1.T)"),
        ("softmax", "dW2 = hidden_out.T @ dscores", "dW2 = hidden_raw.T @ dscores"),
        ("adam", "H2 = tanh(second.forward(H1))\n        P = sigmoid(last.forward(H2))",
         "H2 = tanh(second.forward(H1))\n        P = sigmoid(last.forward(H2))\n        last.input = second.Z",  # noqa: E501 - a sentence or a table row
         ("last.input = second.Z", "self.dW = dZ @ self.input.T")),
    ),
    *plants(
        "averaged twice", "mean-twice",
        ("rows", "dz2 = (a2 - y) / n", "dz2 = (a2 - y) / n / n"),
        ("columns", "dZ2 = A2 - Y", "dZ2 = (A2 - Y) / m"),
        ("network_class", "self.sigmoid_prime(output) / m", "self.sigmoid_prime(output) / m / m"),
        ("softmax", "dscores = (probs - yb) / m", "dscores = (probs - yb) / m ** 2"),
    ),
    *plants(
        "an update that is never written back", "never-written",
        ("rows", "W1 -= learning_rate * dW1", "W1_new = W1 - learning_rate * dW1"),
        ("columns", '"b1": b1, "W2": W2, "b2": b2}\n\n\ndef nn_model',
         '"b1": parameters["b1"], "W2": W2, "b2": b2}\n\n\ndef nn_model',
         ('b1 = parameters["b1"] - learning_rate', 'return {"W1": W1, "b1": parameters["b1"]')),
        ("network_class", "self.biases[l] -= learning_rate * self.db[l]",
         "biases = self.biases[l] - learning_rate * self.db[l]"),
        ("softmax", "            W1 += vW1\n", "            W1 + vW1\n"),
        ("one_layer", "b = b - alpha * grad_b", "b_next = b - alpha * grad_b"),
    ),
    *plants(
        "the derivative of another loss than the printed one", "other-loss",
        ("rows", "dz2 = (a2 - y) / n", "dz2 = (a2 - y) * a2 * (1 - a2) / n"),
        ("columns", "dZ2 = A2 - Y", "dZ2 = 2 * (A2 - Y) * A2 * (1 - A2)"),
        ("network_class", "(output - Y) * self.sigmoid_prime(output) / m", "(output - Y) / m"),
        ("one_layer", "    grad_w = 2 / count", "    error = np.sign(error)\n    grad_w = 2 / count",  # noqa: E501 - a sentence or a table row
         ("error = np.sign(error)",)),
        ("adam", "dZ3 = (P - Y) / Y.size", "dZ3 = (P - Y) * P * (1 - P) / Y.size"),
    ),
    *plants(
        "only the diagonal of the softmax Jacobian", "softmax-diagonal",
        ("softmax", "dscores = (probs - yb) / m", "dscores = (probs - yb) * probs * (1 - probs) / m"),  # noqa: E501 - a sentence or a table row
        ("softmax", "dscores = (probs - yb) / m", "dscores = -yb / probs * probs * (1 - probs) / m"),  # noqa: E501 - a sentence or a table row
    ),
    *plants(
        "learning rate forgotten for one parameter", "factor",
        ("rows", "b2 -= learning_rate * db2", "b2 -= db2"),
        ("columns", 'b1 = parameters["b1"] - learning_rate * grads["db1"]',
         'b1 = parameters["b1"] - grads["db1"]'),
        ("network_class", "self.biases[l] -= learning_rate * self.db[l]", "self.biases[l] -= self.db[l]"),  # noqa: E501 - a sentence or a table row
        ("softmax", "vb1 = mu * vb1 - lr * db1", "vb1 = mu * vb1 - db1"),
        ("one_layer", "b = b - alpha * grad_b", "b = b - grad_b"),
    ),
    *plants(
        "derivative of a hidden activation applied twice", "derivative-twice",
        ("rows", "da1 * (1 - a1 ** 2)", "da1 * (1 - a1 ** 2) * (1 - a1 ** 2)"),
        ("network_class", "* self.sigmoid_prime(self.activations[l])",
         "* self.sigmoid_prime(self.activations[l]) * self.sigmoid_prime(self.activations[l])"),
        ("adam", "dZ1 = dH1 * tanh_derivative(first.Z)", "dZ1 = dH1 * tanh_derivative(first.Z) ** 2"),  # noqa: E501 - a sentence or a table row
    ),
    *plants(
        "derivative of another activation", "derivative-wrong",
        ("rows", "da1 * (1 - a1 ** 2)", "da1 * a1 * (1 - a1)"),
        ("columns", "dA1 * (Z1 > 0)", "dA1 * A1 * (1 - A1)"),
        ("network_class", "return a * (1 - a)", "return 1 - a ** 2"),
        ("adam", "return 1 - np.tanh(z) ** 2", "return np.tanh(z) * (1 - np.tanh(z))"),
    ),
    *plants(
        "penalty gradient off", "penalty",
        ("softmax", "dW2 = hidden_out.T @ dscores + reg * W2", "dW2 = hidden_out.T @ dscores + 2 * reg * W2"),  # noqa: E501 - a sentence or a table row
        ("softmax", "dW1 = xb.T @ dhidden + reg * W1", "dW1 = xb.T @ dhidden"),
        ("softmax", "dW1 = xb.T @ dhidden + reg * W1", "dW1 = xb.T @ dhidden - reg * W1"),
    ),
]  # fmt: skip

_ACCUMULATE_OLD = "            self.dW[l] = self.activations[l].T @ delta\n"
_ACCUMULATE_NEW = (
    "            self.total = getattr(self, 'total', [0.0] * len(self.weights))\n"
    "            self.total[l] = self.total[l] + self.activations[l].T @ delta\n"
    "            self.dW[l] = self.total[l]\n"
)

SECOND: list[Plant] = [
    *plants(
        "the network's input as target", "target-is-input",
        ("rows", "dz2 = (a2 - y) / n", "dz2 = (a2 - X[:, :1]) / n"),
        ("network_class", "delta = (output - Y) *", "delta = (output - self.activations[0][:, :2]) *"),  # noqa: E501 - a sentence or a table row
        ("columns", "dZ2 = A2 - Y", "dZ2 = A2 - X[0:1]"),
    ),
    *plants(
        "a column met a flat array", "broadcast",
        ("one_layer", "error = predicted - prices", "error = (predicted[:, None] - prices).mean(axis=1)"),  # noqa: E501 - a sentence or a table row
        ("rows", "dz2 = (a2 - y) / n", "dz2 = (a2 - y.ravel()).mean(axis=1, keepdims=True) / n"),
    ),
    *plants(
        "gradients of earlier passes added up", "accumulates",
        ("rows", "dW1 = X.T @ dz1", "dW1 = (dW1 if step else 0) + X.T @ dz1"),
        ("network_class", _ACCUMULATE_OLD, _ACCUMULATE_NEW),
        ("one_layer", "grad_b = 2 / count * error.sum()",
         "grad_b = (grad_b if steps else 0.0) + 2 / count * error.sum()"),
    ),
    *plants(
        "some examples left out of one gradient", "wrong-array",
        ("rows", "dW1 = X.T @ dz1", "dW1 = X[1:].T @ dz1[1:]"),
        ("columns", "np.dot(dZ1, X.T)", "np.dot(dZ1[:, 1:], X[:, 1:].T)"),
        ("softmax", "dW2 = hidden_out.T @ dscores", "dW2 = hidden_out[:-1].T @ dscores[:-1]"),
        ("one_layer", "features.T.dot(error)", "features[:-1].T.dot(error[:-1])"),
    ),
    *plants(
        "error sent back without the weights", "wrong-array",
        ("rows", "da1 = dz2 @ W2.T", "da1 = dz2 @ np.ones_like(W2).T"),
        ("columns", 'dA1 = np.dot(parameters["W2"].T, dZ2)',
         'dA1 = np.dot(np.ones_like(parameters["W2"]).T, dZ2)'),
        ("softmax", "dhidden = dscores @ W2.T", "dhidden = dscores @ np.sign(W2).T"),
    ),
    *plants(
        "difference taken the other way round", "sign",
        ("rows", "dz2 = (a2 - y) / n", "dz2 = (y - a2) / n"),
        ("columns", "dZ2 = A2 - Y", "dZ2 = Y - A2"),
        ("network_class", "delta = (output - Y)", "delta = (Y - output)"),
        ("softmax", "dscores = (probs - yb) / m", "dscores = (yb - probs) / m"),
        ("one_layer", "error = predicted - prices", "error = prices - predicted"),
        ("adam", "dZ3 = (P - Y) / Y.size", "dZ3 = (Y - P) / Y.size"),
    ),
    *plants(
        "1/m missing in one bias or weight only", "factor",
        ("columns", "db1 = (1 / m) * np.sum(dZ1, axis=1, keepdims=True)",
         "db1 = np.sum(dZ1, axis=1, keepdims=True)"),
        ("columns", "dW2 = (1 / m) * np.dot(dZ2, A1.T)", "dW2 = np.dot(dZ2, A1.T)"),
        ("softmax", "db2 = dscores.sum(axis=0)", "db2 = (probs - yb).sum(axis=0)"),
        ("network_class", "self.dW[l] = self.activations[l].T @ delta",
         "self.dW[l] = self.activations[l].T @ delta / m"),
    ),
    *plants(
        "mask of a relu the wrong way round", "derivative-wrong",
        ("columns", "dA1 * (Z1 > 0)", "dA1 * (Z1 < 0)"),
        ("softmax", "dhidden[hidden_raw <= 0] = 0", "dhidden[hidden_raw > 0] = 0"),
    ),
    *plants(
        "slope of a leaky relu for a plain one", "derivative-wrong",
        ("columns", "dA1 * (Z1 > 0)", "dA1 * np.where(Z1 > 0, 1.0, 0.1)"),
    ),
    *plants(
        "half of an activation's derivative", "derivative-wrong",
        ("rows", "da1 * (1 - a1 ** 2)", "da1 * (1 - a1)"),
        ("network_class", "return a * (1 - a)", "return a"),
        ("adam", "return 1 - np.tanh(z) ** 2", "return 1 - np.tanh(z)"),
    ),
    *plants(
        "learning rate twice", "factor",
        ("rows", "W1 -= learning_rate * dW1", "W1 -= learning_rate * learning_rate * dW1"),
        ("columns", 'b1 = parameters["b1"] - learning_rate *',
         'b1 = parameters["b1"] - learning_rate ** 2 *'),
        ("one_layer", "b = b - alpha * grad_b", "b = b - alpha * alpha * grad_b"),
        ("softmax", "vb1 = mu * vb1 - lr * db1", "vb1 = mu * vb1 - lr * lr * db1"),
    ),
    *plants(
        "another loss printed than descended", "other-loss",
        ("rows", "cost = -np.mean(y * np.log(a2) + (1 - y) * np.log(1 - a2))",
         "cost = np.mean((a2 - y) ** 2)", ("cost = np.mean", "dz2 = (a2 - y) / n")),
        ("columns", "logprobs = Y * np.log(A2) + (1 - Y) * np.log(1 - A2)",
         "logprobs = -((Y - A2) ** 2)",
         ("logprobs =", "return -np.sum(logprobs) / m", "dZ2 = A2 - Y", "cost = compute_cost(A2, Y)")),  # noqa: E501 - a sentence or a table row
        ("one_layer", "mse = (error ** 2).mean()", "mse = np.abs(error).mean()",
         ("mse = np.abs", "grad_w", "error = predicted")),
        ("adam", "loss = -np.mean(Y * np.log(P) + (1 - Y) * np.log(1 - P))",
         "loss = np.mean((P - Y) ** 2)", ("loss = np.mean", "dZ3 = ")),
    ),
    *plants(
        "bias gradient taken before the activation's derivative", "wrong-array",
        ("rows", "db1 = np.sum(dz1, axis=0, keepdims=True)", "db1 = np.sum(da1, axis=0, keepdims=True)"),  # noqa: E501 - a sentence or a table row
        ("columns", "db1 = (1 / m) * np.sum(dZ1, axis=1", "db1 = (1 / m) * np.sum(dA1, axis=1"),
        ("adam", "first.backward(dZ1)", "first.backward(dH1)"),
    ),
    *plants(
        "weight gradient taken before the activation's derivative", "wrong-array",
        ("rows", "dW1 = X.T @ dz1", "dW1 = X.T @ da1"),
        ("columns", "np.dot(dZ1, X.T)", "np.dot(dA1, X.T)"),
    ),
    *plants(
        "a step that ascends, in the weights", "sign",
        ("rows", "W2 -= learning_rate * dW2", "W2 += learning_rate * dW2"),
        ("columns", 'W2 = parameters["W2"] - learning_rate', 'W2 = parameters["W2"] + learning_rate'),  # noqa: E501 - a sentence or a table row
        ("network_class", "self.weights[l] -= learning_rate", "self.weights[l] += learning_rate"),
        ("softmax", "            W1 += vW1\n", "            W1 -= vW1\n"),
        ("one_layer", "w = w - alpha * grad_w", "w = w + alpha * grad_w"),
    ),
    *plants(
        "a weight's update that is never written back", "never-written",
        ("rows", "b1 -= learning_rate * db1", "b1_next = b1 - learning_rate * db1"),
        ("network_class", "self.weights[l] -= learning_rate * self.dW[l]",
         "weights = self.weights[l] - learning_rate * self.dW[l]"),
        ("softmax", "            b1 += vb1\n", "            b1 + vb1\n"),
        ("one_layer", "w = w - alpha * grad_w", "w_next = w - alpha * grad_w"),
    ),
]  # fmt: skip

# Correct code with unusual scaling: no finding may be made here.
UNUSUAL: list[Plant] = [
    *UNUSUAL_THIRD,
    *UNUSUAL_FOURTH,
    *UNUSUAL_FIFTH,
    *UNUSUAL_SIXTH,
    *UNUSUAL_SEVENTH,
    *UNUSUAL_EIGHTH,
    *plants(
        "unusual but right", "none",
        ("rows", "dz2 = (a2 - y) / n", "dz2 = a2 - y"),
        ("rows", "dz2 = (a2 - y) / n", "dz2 = 3.7 * (a2 - y) / n"),
        ("rows", "b2 -= learning_rate * db2", "b2 -= 2 * learning_rate * db2"),
        ("columns", "dZ2 = A2 - Y", "dZ2 = 2 * (A2 - Y)"),
        ("network_class", "self.sigmoid_prime(output) / m", "self.sigmoid_prime(output) / 96"),
        ("network_class", "self.sigmoid_prime(output) / m", "self.sigmoid_prime(output)"),
        ("softmax", "dscores = (probs - yb) / m", "dscores = (probs - yb) / 120"),
        ("one_layer", "grad_w = 2 / count * features.T.dot(error)\n    grad_b = 2 / count * error.sum()",  # noqa: E501 - a sentence or a table row
         "grad_w = features.T.dot(error) / count\n    grad_b = error.sum() / count"),
        ("adam", "dZ3 = (P - Y) / Y.size", "dZ3 = P - Y"),
        ("columns", "(X, Y, 6)", "(X, Y, 6, learning_rate=1.3)"),
    ),
]  # fmt: skip
ALL = [*FIRST, *SECOND, *THIRD]
