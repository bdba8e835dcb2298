"""The sixth sowing's closed half: eight programs, shown to nobody before their run at the end."""

from __future__ import annotations

from tests.auditing.planted.plant import Plant, plants

_LISTS_BACK = """    deltas = []
    for j in range(N_HIDDEN):
        deltas.append(error * w_out[j] * (1 - hidden[j] ** 2))

    for j in range(N_HIDDEN):
        w_out[j] -= rate * error * hidden[j]
"""
_LISTS_EARLY = """    for j in range(N_HIDDEN):
        w_out[j] -= rate * error * hidden[j]

    deltas = []
    for j in range(N_HIDDEN):
        deltas.append(error * w_out[j] * (1 - hidden[j] ** 2))
"""
CLOSED1: list[Plant] = [
    *plants(
        "weights overwritten before the backward pass reads them", "overwritten",
        ("nested_lists", _LISTS_BACK, _LISTS_EARLY,
         ("w_out[j] -= rate", "deltas.append(error * w_out[j]")),
    ),
    *plants(
        "derivative of the activation at the wrong argument", "derivative-argument",
        ("moons_model", "da1 * (1 - a1 ** 2)", "da1 * (1 - np.tanh(a1) ** 2)"),
        ("nested_lists", "(1 - hidden[j] ** 2)", "(1 - tanh(hidden[j]) ** 2)"),
    ),
    *plants(
        "derivative of a hidden activation forgotten", "derivative-missing",
        ("moons_model", "dz1 = da1 * (1 - a1 ** 2)", "dz1 = da1"),
        ("nested_lists", "error * w_out[j] * (1 - hidden[j] ** 2)", "error * w_out[j]"),
        ("stacked_layers", "return upstream * self.mask", "return upstream"),
    ),
    *plants(
        "half of an activation's derivative", "derivative-wrong",
        ("stacked_layers", "grad * self.out * (1 - self.out)", "grad * (1 - self.out)"),
    ),
    *plants(
        "derivative of another activation", "derivative-wrong",
        ("moons_model", "da1 * (1 - a1 ** 2)", "da1 * a1 * (1 - a1)"),
        ("nested_lists", "error * w_out[j] * (1 - hidden[j] ** 2)",
         "error * w_out[j] * hidden[j] * (1 - hidden[j])"),
    ),
    *plants(
        "bias gradient summed to one number", "bias-sum",
        ("moons_model", 'grads["b1"] = dz1.sum(axis=0)', 'grads["b1"] = dz1.sum()'),
        ("stacked_layers", "self.db += grad.sum(axis=0)", "self.db += grad.sum()"),
    ),
    *plants(
        "one parameter's gradient without, or with another, 1/m", "factor",
        ("moons_model", 'grads["b2"] = dscores.sum(axis=0)', 'grads["b2"] = dscores.mean(axis=0)'),
        ("stacked_layers", "self.db += grad.sum(axis=0)", "self.db += grad.mean(axis=0)"),
    ),
    *plants(
        "learning rate forgotten for one parameter", "factor",
        ("nested_lists", "b_out[0] -= rate * error", "b_out[0] -= error"),
    ),
    *plants(
        "only the diagonal of the softmax Jacobian", "softmax-diagonal",
        ("moons_model", "        dscores /= N\n",
         "        dscores /= N\n        dscores = dscores * probs * (1 - probs)\n",
         ("dscores = dscores * probs * (1 - probs)",)),
    ),
    *plants(
        "averaged twice", "mean-twice",
        ("moons_model", "dscores /= N", "dscores /= N ** 2"),
    ),
    *plants(
        "penalty gradient off", "penalty",
        ("moons_model", "a1.T.dot(dscores) + reg * W2", "a1.T.dot(dscores) + 2 * reg * W2"),
    ),
    *plants(
        "a penalty in the printed cost, left out of the gradient", "penalty",
        ("moons_model", "X.T.dot(dz1) + reg * W1", "X.T.dot(dz1)"),
    ),
    *plants(
        "gradient of a weight with the pre-activation in place of the activation", "wrong-array",
        ("moons_model", "a1.T.dot(dscores)", "z1.T.dot(dscores)"),
    ),
    *plants(
        "error sent back without the weights", "wrong-array",
        ("nested_lists", "error * w_out[j] * (1", "error * (1"),
    ),
    *plants(
        "a gradient of the wrong array", "wrong-array",
        ("nested_lists", "w_hidden[j][i] -= rate * deltas[j] * x[i]",
         "w_hidden[j][i] -= rate * deltas[j] * x[0]"),
    ),
    *plants(
        "update with the wrong sign", "sign",
        ("nested_lists", "b_hidden[j] -= rate * deltas[j]", "b_hidden[j] += rate * deltas[j]"),
        ("stacked_layers", "layer.b -= self.lr * layer.db", "layer.b += self.lr * layer.db"),
    ),
    *plants(
        "difference taken the other way round", "sign",
        ("nested_lists", "error = out - y", "error = y - out"),
        ("stacked_layers", "2 * (self.prediction - self.target)",
         "2 * (self.target - self.prediction)"),
    ),
    *plants(
        "gradients of earlier passes added up", "accumulates",
        ("stacked_layers", "    optimizer.zero_grad()\n", "",
         ("self.dW += ", "self.db += ", "optimizer.step()", "layer.W -= ", "layer.b -= ")),
    ),
    *plants(
        "another loss printed than descended", "other-loss",
        ("stacked_layers", "return np.mean((prediction - target) ** 2)",
         "return np.mean(np.abs(prediction - target))",
         ("return np.mean(np.abs", "return 2 * (self.prediction", "loss = criterion",
          'print("epoch"')),
    ),
    *plants(
        "an update that is never written back", "never-written",
        ("nested_lists", "b_hidden[j] -= rate * deltas[j]", "b = b_hidden[j] - rate * deltas[j]"),
    ),
]  # fmt: skip

_HUBER_BACK = """    g_hidden = np.outer(g_out, v) * hidden * (1 - hidden)
    g_W = X.T @ g_hidden
    g_c = g_hidden.sum(axis=0)

    W = W - rate * g_W
    c = c - rate * g_c
    v = v - rate * g_v
"""
_HUBER_EARLY = """    v = v - rate * g_v
    g_hidden = np.outer(g_out, v) * hidden * (1 - hidden)
    g_W = X.T @ g_hidden
    g_c = g_hidden.sum(axis=0)

    W = W - rate * g_W
    c = c - rate * g_c
"""
CLOSED2: list[Plant] = [
    *plants(
        "weights overwritten before the backward pass reads them", "overwritten",
        ("huber_while", _HUBER_BACK, _HUBER_EARLY, ("v = v - rate", "g_hidden = np.outer")),
    ),
    *plants(
        "a column met a flat array", "broadcast",
        ("huber_while", "residual = output - y", "residual = (output - y.reshape(-1, 1)).mean(axis=0)"),  # noqa: E501 - a sentence or a table row
        ("spam_adam", "residual = p - y", "residual = (p.reshape(-1, 1) - y).mean(axis=1)"),
    ),
    *plants(
        "the derivative of another loss than the printed one", "other-loss",
        ("huber_while", "g_out = huber_slope(residual) / n", "g_out = residual / n"),
        ("spam_adam", "residual = p - y", "residual = (p - y) * p * (1 - p)"),
        ("svm_batches", "violated = margins < 1", "violated = margins < 0"),
    ),
    *plants(
        "another loss printed than descended", "other-loss",
        ("svm_batches", "hinge = np.maximum(0, 1 - margins)",
         "hinge = np.maximum(0, 1 - margins) ** 2",
         ("hinge = np.max", "return np.mean(hinge)", "loss = self.loss", "dw = -np", "db = -np",
          "print(")),
    ),
    *plants(
        "derivative of the activation at the wrong argument", "derivative-argument",
        ("huber_while", "* hidden * (1 - hidden)", "* sigmoid(hidden) * (1 - sigmoid(hidden))"),
        ("kaggle_digits", "W2.T.dot(dZ2) * deriv_ReLU(Z1)",
         "W2.T.dot(dZ2) * deriv_ReLU(W2.T.dot(dZ2))"),
        ("tags_momentum", "(1 + np.exp(-self.z1))", "(1 + np.exp(-self.a1))"),
    ),
    *plants(
        "derivative of a hidden activation forgotten", "derivative-missing",
        ("huber_while", "np.outer(g_out, v) * hidden * (1 - hidden)", "np.outer(g_out, v)"),
        ("kaggle_digits", "W2.T.dot(dZ2) * deriv_ReLU(Z1)", "W2.T.dot(dZ2)"),
        ("tags_momentum", '(d2 @ p["W2"].T) / (1 + np.exp(-self.z1))', 'd2 @ p["W2"].T'),
    ),
    *plants(
        "derivative of a hidden activation applied twice", "derivative-twice",
        ("huber_while", "g_W = X.T @ g_hidden", "g_W = X.T @ (g_hidden * hidden * (1 - hidden))"),
    ),
    *plants(
        "derivative of another activation", "derivative-wrong",
        ("huber_while", "* hidden * (1 - hidden)", "* (1 - hidden ** 2)"),
        ("tags_momentum", "/ (1 + np.exp(-self.z1))", "* (self.z1 > 0)"),
    ),
    *plants(
        "1/m missing in one bias or weight only", "factor",
        ("huber_while", "g_d = g_out.sum()", "g_d = huber_slope(residual).sum()"),
        ("kaggle_digits", "dW1 = dZ1.dot(X.T) / size", "dW1 = dZ1.dot(X.T)"),
        ("svm_batches", "db = -np.sum(y * violated) / n", "db = -np.sum(y * violated)"),
    ),
    *plants(
        "one parameter's gradient without, or with another, 1/m", "factor",
        ("kaggle_digits", "db2 = np.sum(dZ2, 1, keepdims=True) / size",
         "db2 = np.sum(dZ2, 1, keepdims=True) / m"),
        ("tags_momentum", 'g["b2"] = d2.sum(axis=0, keepdims=True)',
         'g["b2"] = d2.mean(axis=0, keepdims=True)'),
    ),
    *plants(
        "bias gradient summed to one number", "bias-sum",
        ("kaggle_digits", "db2 = np.sum(dZ2, 1, keepdims=True) / size", "db2 = np.sum(dZ2) / size"),
        ("huber_while", "g_c = g_hidden.sum(axis=0)", "g_c = g_hidden.sum()"),
    ),
    *plants(
        "bias gradient summed over the wrong axis", "bias-sum",
        ("kaggle_digits", "db2 = np.sum(dZ2, 1, keepdims=True) / size",
         "db2 = np.sum(dZ2, 0, keepdims=True) / size"),
    ),
    *plants(
        "only the diagonal of the softmax Jacobian", "softmax-diagonal",
        ("kaggle_digits", "dZ3 = A3 - one_hot(Y)", "dZ3 = (A3 - one_hot(Y)) * A3 * (1 - A3)"),
    ),
    *plants(
        "averaged twice", "mean-twice",
        ("kaggle_digits", "dZ3 = A3 - one_hot(Y)", "dZ3 = (A3 - one_hot(Y)) / size"),
        ("tags_momentum", "(self.out - T) / len(T)", "(self.out - T) / len(T) ** 2"),
    ),
    *plants(
        "a square matrix the wrong way round", "transposed",
        ("kaggle_digits", "W2.T.dot(dZ2) * deriv_ReLU(Z1)", "W2.dot(dZ2) * deriv_ReLU(Z1)"),
    ),
    *plants(
        "the gradient of another parameter", "wrong-gradient",
        ("kaggle_digits", "b2 = b2 - alpha * db2", "b2 = b2 - alpha * db1"),
        ("huber_while", "c = c - rate * g_c", "c = c - rate * g_v"),
    ),
    *plants(
        "penalty gradient off", "penalty",
        ("svm_batches", "+ self.C * self.w\n", "- self.C * self.w\n"),
        ("spam_adam", "+ self.l2 * self.coef_\n", "+ self.l2 / n_samples * self.coef_\n"),
        ("tags_momentum", 'decay * p["W1"]', 'decay * np.sign(p["W1"])'),
    ),
    *plants(
        "a penalty in the printed cost, left out of the gradient", "penalty",
        ("svm_batches", "/ n + self.C * self.w\n", "/ n\n", ("dw = -np.dot",)),
        ("spam_adam", " / n_samples + self.l2 * self.coef_\n", " / n_samples\n", ("g_w = X.T",)),
    ),
    *plants(
        "gradient of a weight with the pre-activation in place of the activation", "wrong-array",
        ("tags_momentum", "self.a1.T @ d2", "self.z1.T @ d2"),
    ),
    *plants(
        "rows of another batch in one gradient", "wrong-array",
        ("svm_batches", "dw, db = self.gradients(xb, yb)",
         "dw, db = self.gradients(X[:self.batch_size], yb)"),
    ),
    *plants(
        "update with the wrong sign", "sign",
        ("spam_adam", "self.intercept_ -= self.lr", "self.intercept_ += self.lr"),
        ("svm_batches", "self.b -= self.learning_rate", "self.b += self.learning_rate"),
        ("tags_momentum", "- lr * self.grads[k]", "+ lr * self.grads[k]"),
    ),
    *plants(
        "difference taken the other way round", "sign",
        ("spam_adam", "residual = p - y", "residual = y - p"),
    ),
    *plants(
        "an update that is never written back", "never-written",
        ("spam_adam", "self.intercept_ -= self.lr * (m_b / first) /",
         "intercept = self.intercept_ - self.lr * (m_b / first) /"),
        ("svm_batches", "self.b -= self.learning_rate * db",
         "b = self.b - self.learning_rate * db"),
        ("huber_while", "    d = d - rate * g_d\n", "    d_new = d - rate * g_d\n"),
    ),
]  # fmt: skip

UNUSUAL_CLOSED: list[Plant] = [
    *plants(
        "unusual but right", "none",
        # sums for means, with a smaller rate
        ("kaggle_digits", "        dW1, db1, dW2, db2, dW3, db3 = back_prop(Z1, A1, Z2, A2, A3, W2, W3, X_batch, Y_batch)\n",  # noqa: E501 - a sentence or a table row
         "        dW1, db1, dW2, db2, dW3, db3 = [30 * g for g in back_prop(Z1, A1, Z2, A2, A3, W2, W3, X_batch, Y_batch)]\n"),  # noqa: E501 - a sentence or a table row
        # the 2 of the square left out
        ("stacked_layers", "2 * (self.prediction - self.target) / self.target.size",
         "(self.prediction - self.target) / self.target.size"),
        # the bias of the output learns faster
        ("nested_lists", "b_out[0] -= rate * error", "b_out[0] -= 2 * rate * error"),
        # a rate that falls with the steps
        ("huber_while", "    W = W - rate * g_W\n",
         "    rate = 0.3 / (1 + 0.01 * step)\n    W = W - rate * g_W\n"),
        # data and penalty both as sums
        ("moons_model", 'print("step %3d: loss %.5f" % (step, data_loss + reg_loss))',
         'print("step %3d: loss %.5f" % (step, N * (data_loss + reg_loss)))'),
        # a clipped gradient, far beyond what it reaches
        ("tags_momentum", "        for k in self.params:\n            self.velocity",
         "        for k in self.params:\n            self.grads[k] = np.clip(self.grads[k], -5, 5)\n            self.velocity"),  # noqa: E501 - a sentence or a table row
    ),
]  # fmt: skip

CLOSED = [*CLOSED1, *CLOSED2]
