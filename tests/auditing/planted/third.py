"""The third sowing: at least five plants of every kind, each in a program of another style.

Written from the faults alone, without reading the audit; run once and kept as it fell in
third_run.txt.
"""

from __future__ import annotations

from tests.auditing.planted.plant import Plant, plants

_LAYERS_BACK = """        dx = grad @ self.W.T
        self.W -= lr * dW
        self.b -= lr * db
        return dx
"""
_LAYERS_EARLY = """        self.W -= lr * dW
        self.b -= lr * db
        return grad @ self.W.T
"""
_CODER_BACK = """    g_code = g_out @ W_dec.T
    g_pre = g_code * code * (1 - code)
    g_W_enc = X.T @ g_pre
    g_b_enc = g_pre.sum(axis=0)

    W_dec -= lr * g_W_dec
"""
_CODER_EARLY = """    W_dec -= lr * g_W_dec
    g_code = g_out @ W_dec.T
    g_pre = g_code * code * (1 - code)
    g_W_enc = X.T @ g_pre
    g_b_enc = g_pre.sum(axis=0)

"""
_MODEL_BACK = """        delta2 = delta3.dot(W2.T) * (1 - np.power(a1, 2))
        dW1 = np.dot(X.T, delta2)
        db1 = np.sum(delta2, axis=0)

        dW2 += reg_lambda * W2
        dW1 += reg_lambda * W1

        W1 += -epsilon * dW1
        b1 += -epsilon * db1
        W2 += -epsilon * dW2
        b2 += -epsilon * db2
"""
_MODEL_EARLY = """        dW2 += reg_lambda * W2
        W2 += -epsilon * dW2
        b2 += -epsilon * db2

        delta2 = delta3.dot(W2.T) * (1 - np.power(a1, 2))
        dW1 = np.dot(X.T, delta2)
        db1 = np.sum(delta2, axis=0)
        dW1 += reg_lambda * W1
        W1 += -epsilon * dW1
        b1 += -epsilon * db1
"""
_ADAGRAD_BACK = """            dh = params["W2"].T @ ds
            dz = dh * (1 - h ** 2)
            grads["W1"] = dz @ x.T
            grads["b1"] = dz.sum(axis=1, keepdims=True)

            for name in params:
                memory[name] += grads[name] ** 2
                params[name] -= step * grads[name] / np.sqrt(memory[name] + 1e-8)
"""
_ADAGRAD_EARLY = """            for name in ("W2", "b2"):
                memory[name] += grads[name] ** 2
                params[name] -= step * grads[name] / np.sqrt(memory[name] + 1e-8)
            dh = params["W2"].T @ ds
            dz = dh * (1 - h ** 2)
            grads["W1"] = dz @ x.T
            grads["b1"] = dz.sum(axis=1, keepdims=True)
            for name in ("W1", "b1"):
                memory[name] += grads[name] ** 2
                params[name] -= step * grads[name] / np.sqrt(memory[name] + 1e-8)
"""
_NABLA = """        nabla_w = [np.zeros(w.shape) for w in self.weights]
        for x, y in mini_batch:
            delta_nabla_b, delta_nabla_w = self.backprop(x, y)
            nabla_b = [nb + dnb for nb, dnb in zip(nabla_b, delta_nabla_b)]
            nabla_w = [nw + dnw for nw, dnw in zip(nabla_w, delta_nabla_w)]
"""
_NABLA_KEPT = """        if not hasattr(self, "nabla_w"):
            self.nabla_w = [np.zeros(w.shape) for w in self.weights]
        for x, y in mini_batch:
            delta_nabla_b, delta_nabla_w = self.backprop(x, y)
            nabla_b = [nb + dnb for nb, dnb in zip(nabla_b, delta_nabla_b)]
            self.nabla_w = [nw + dnw for nw, dnw in zip(self.nabla_w, delta_nabla_w)]
        nabla_w = self.nabla_w
"""

THIRD: list[Plant] = [
    *plants(
        "weights overwritten before the backward pass reads them", "overwritten",
        ("layers_list", _LAYERS_BACK, _LAYERS_EARLY, ("self.W -= lr * dW", "return grad @ self.W.T")),  # noqa: E501 - a sentence or a table row
        ("autoencoder", _CODER_BACK, _CODER_EARLY, ("W_dec -= lr", "g_code = g_out @ W_dec.T")),
        ("build_model", _MODEL_BACK, _MODEL_EARLY, ("W2 += -epsilon", "delta2 = delta3.dot(W2.T)")),
        ("adagrad_dict", _ADAGRAD_BACK, _ADAGRAD_EARLY,
         ("params[name] -= step", 'dh = params["W2"].T @ ds')),
    ),
    *plants(
        "derivative of the activation at the wrong argument", "derivative-argument",
        ("float32_class", "(self.W2.T @ self.d2) * (1 - self.A1 ** 2)",
         "(self.W2.T @ self.d2) * (1 - self.A2 ** 2)"),
        ("per_example", "sp = sigmoid_prime(zs[-l])", "sp = sigmoid_prime(activations[-l])"),
        ("deep_columns", "dZ[Z <= 0] = 0", "dZ[dZ <= 0] = 0"),
    ),
    *plants(
        "derivative of a hidden activation forgotten", "derivative-missing",
        ("autoencoder", "g_pre = g_code * code * (1 - code)", "g_pre = g_code"),
        ("per_example", "delta = np.dot(self.weights[-l + 1].transpose(), delta) * sp",
         "delta = np.dot(self.weights[-l + 1].transpose(), delta)"),
        ("rnn", "dhraw = (1 - hs[t] * hs[t]) * dh", "dhraw = dh"),
    ),
    *plants(
        "one parameter's gradient without, or with another, 1/m", "factor",
        ("float32_class", "self.db2 = self.d2.sum(", "self.db2 = self.d2.mean("),
        ("huber_step", "d_b1 = d_hidden.sum(axis=0)", "d_b1 = d_hidden.mean(axis=0)"),
        ("logistic_fit", "db = error.mean()", "db = error.mean() / n"),
    ),
    *plants(
        "bias gradient summed to one number", "bias-sum",
        ("momentum_lists", "db1 = dpre.sum(axis=0)", "db1 = dpre.sum()"),
        ("per_example", "            nabla_b[-l] = delta\n", "            nabla_b[-l] = delta.sum()\n"),  # noqa: E501 - a sentence or a table row
    ),
    *plants(
        "bias gradient summed over the wrong axis", "bias-sum",
        ("momentum_lists", "db1 = dpre.sum(axis=0)", "db1 = dpre.sum(axis=1)"),
        ("adagrad_dict", 'grads["b1"] = dz.sum(axis=1, keepdims=True)',
         'grads["b1"] = dz.sum(axis=0).reshape(-1, 1)'),
        ("square_lists", "gbs.insert(0, delta.sum(axis=0))", "gbs.insert(0, delta.sum(axis=1))"),
        ("columns", "db1 = (1 / m) * np.sum(dZ1, axis=1, keepdims=True)",
         "db1 = (1 / m) * np.sum(dZ1, axis=0, keepdims=True)"),
        ("deep_columns", "db = (1.0 / m) * np.sum(dZ, axis=1, keepdims=True)",
         "db = (1.0 / m) * np.sum(dZ, axis=0, keepdims=True)"),
    ),
    *plants(
        "update with the wrong sign", "sign",
        ("float32_class", "self.b1 -= rate * self.db1", "self.b1 += rate * self.db1"),
        ("per_example", "self.biases = [b - (eta", "self.biases = [b + (eta"),
    ),
    *plants(
        "gradient of a weight with the pre-activation in place of the activation", "wrong-array",
        ("momentum_lists", "dW2 = h.T @ dout", "dW2 = pre.T @ dout"),
        ("adagrad_dict", 'grads["W2"] = ds @ h.T', 'grads["W2"] = ds @ z.T'),
        ("per_example", "nabla_w[-1] = np.dot(delta, activations[-2].transpose())",
         "nabla_w[-1] = np.dot(delta, zs[-2].transpose())"),
        ("equal_adam", '"W2": dZ2.dot(self.A1.T)', '"W2": dZ2.dot(self.Z1.T)'),
    ),
    *plants(
        "averaged twice", "mean-twice",
        ("weighted_class", "dZ2 = weights * (self.A2 - y) / len(y)",
         "dZ2 = weights * (self.A2 - y) / len(y) / len(y)"),
        ("huber_step", "np.clip(error, -DELTA, DELTA) / len(y)",
         "np.clip(error, -DELTA, DELTA) / len(y) ** 2"),
        ("deep_columns", "np.divide(1 - Y, 1 - AL))", "np.divide(1 - Y, 1 - AL)) / Y.shape[1]"),
    ),
    *plants(
        "an update that is never written back", "never-written",
        ("svm_hinge", "b -= lr * grad_b", "b - lr * grad_b"),
        ("huber_step", "b1 - lr * d_b1,", "b1,", ("return (W1 - lr * d_W1, b1,",)),
        ("ridge", "theta = theta - alpha * gradient", "theta_new = theta - alpha * gradient"),
    ),
    *plants(
        "the derivative of another loss than the printed one", "other-loss",
        ("huber_step", "np.clip(error, -DELTA, DELTA) / len(y)", "error / len(y)"),
        ("poisson_counts", "error = (rate - counts) / len(counts)",
         "error = (rate - counts) * rate / len(counts)"),
        ("svm_hinge", "active = np.where(margins < 1, -yi, 0.0)", "active = -yi * hinge"),
        ("logistic_fit", "error = p - y", "error = (p - y) * p * (1 - p)"),
        ("autoencoder", "g_out = 2 * (X_hat - X) / n", "g_out = np.sign(X_hat - X) / n"),
    ),
    *plants(
        "only the diagonal of the softmax Jacobian", "softmax-diagonal",
        ("layers_list", "return grad / len(self.labels)",
         "return grad * self.probs * (1 - self.probs) / len(self.labels)"),
        ("adagrad_dict", "ds = (p - y) / m", "ds = (p - y) * p * (1 - p) / m"),
        ("adagrad_dict", "ds = (p - y) / m", "ds = -(y / p) * p * (1 - p) / m"),
        ("l1_softmax", "    dscores /= N\n", "    dscores *= probs * (1 - probs) / N\n"),
        ("build_model", "        delta3 = probs\n        delta3[range(num_examples), y] -= 1\n",
         "        error = probs - np.eye(3)[y]\n        delta3 = error * probs * (1 - probs)\n"),
        ("equal_adam", "dZ2 = (self.A2 - Y) / Y.shape[1]",
         "dZ2 = (self.A2 - Y) * self.A2 * (1 - self.A2) / Y.shape[1]"),
    ),
    *plants(
        "learning rate forgotten for one parameter", "factor",
        ("huber_step", "b2 - lr * d_b2", "b2 - d_b2"),
        ("autoencoder", "b_enc -= lr * g_b_enc", "b_enc -= g_b_enc"),
        ("deep_columns", 'parameters["b" + str(l)] - learning_rate * grads["db" + str(l)]',
         'parameters["b" + str(l)] - grads["db" + str(l)]'),
    ),
    *plants(
        "derivative of a hidden activation applied twice", "derivative-twice",
        ("huber_step", "(d_out @ W2.T) * (1 - hidden ** 2)",
         "(d_out @ W2.T) * (1 - hidden ** 2) * (1 - hidden ** 2)"),
        ("autoencoder", "g_code * code * (1 - code)", "g_code * (code * (1 - code)) ** 2"),
        ("float32_class", "(self.W3.T @ self.d3) * (1 - self.A2 ** 2)",
         "(self.W3.T @ self.d3) * (1 - self.A2 ** 2) ** 2"),
        ("equal_adam", '"W1": dZ1.dot(self.X.T)',
         '"W1": (dZ1 * self.A1 * (1 - self.A1)).dot(self.X.T)'),
    ),
    *plants(
        "derivative of another activation", "derivative-wrong",
        ("momentum_lists", "dh * (1 - h * h)", "dh * h * (1 - h)"),
        ("rmsprop_lists", "delta = delta * (pres[i - 1] > 0)", "delta = delta * (1 - acts[i] ** 2)"),  # noqa: E501 - a sentence or a table row
        ("square_lists", "return 1 - a ** 2 if i == 0 else a * (1 - a)", "return a * (1 - a)"),
    ),
    *plants(
        "penalty gradient off", "penalty",
        ("ridge", "+ lam / m * theta[1:]", "+ 2 * lam / m * theta[1:]"),
        ("svm_hinge", "len(yi) + lam * w", "len(yi) + 0.5 * lam * w"),
        ("l1_softmax", "lam * np.sign(W)", "lam * W"),
        ("build_model", "dW2 += reg_lambda * W2", "dW2 -= reg_lambda * W2"),
    ),
    *plants(
        "a penalty in the printed cost, left out of the gradient", "penalty",
        ("softmax", "dW2 = hidden_out.T @ dscores + reg * W2", "dW2 = hidden_out.T @ dscores"),
        ("ridge", "        gradient[1:] = gradient[1:] + lam / m * theta[1:]\n", "",
         ("gradient = X.T @ errors / m", "theta = theta - alpha")),
        ("svm_hinge", "grad_w = xi.T @ active / len(yi) + lam * w",
         "grad_w = xi.T @ active / len(yi)", ("grad_w = xi.T", "w -= lr * grad_w")),
        ("l1_softmax", "dW = X.T.dot(dscores) + lam * np.sign(W)", "dW = X.T.dot(dscores)",
         ("dW = X.T", "W = W - eta * dW")),
        ("build_model", "        dW1 += reg_lambda * W1\n", "",
         ("dW1 = np.dot(X.T", "W1 += -epsilon * dW1")),
    ),
    *plants(
        "the network's input as target", "target-is-input",
        ("momentum_lists", "residual = out - t", "residual = out - x[:, :2]"),
        ("float32_class", "2 * (self.out - Y) / Y.size", "2 * (self.out - self.X[:2]) / Y.size"),
        ("rmsprop_lists", "delta = (acts[-1] - y) / len(y)",
         "delta = (acts[-1] - acts[0][:, :1]) / len(y)"),
    ),
    *plants(
        "a column met a flat array", "broadcast",
        ("ridge", "[[2.0], [-1.0], [0.3]]) + 0.1 * np.random.randn(50, 1)",
         "[2.0, -1.0, 0.3]) + 0.1 * np.random.randn(50)",
         ("y = 1.5", "errors = h - y", "errors = X @ theta - y")),
        ("weighted_class", "return np.mean(weights * losses)",
         "return np.mean(weights.ravel() * losses)"),
        ("huber_step", "error = out - y\n",
         "error = (out - y.ravel()).mean(axis=1, keepdims=True)\n"),
        ("rmsprop_lists", "np.sum((acts[-1] - y) ** 2)", "np.sum((acts[-1] - y.ravel()) ** 2)"),
    ),
    *plants(
        "gradients of earlier passes added up", "accumulates",
        ("float32_class", "self.dW1 = self.d1 @ self.X.T",
         'self.dW1 = getattr(self, "dW1", 0) + self.d1 @ self.X.T'),
        ("weighted_class", 'self.grads["W1"] = self.X.T @ dZ1',
         'self.grads["W1"] = self.grads.get("W1", 0) + self.X.T @ dZ1'),
        ("per_example", _NABLA, _NABLA_KEPT, ("self.nabla_w",)),
    ),
    *plants(
        "some examples left out of one gradient", "wrong-array",
        ("ridge", "gradient = X.T @ errors / m", "gradient = X[:-1].T @ errors[:-1] / m"),
        ("momentum_lists", "dW1 = x.T @ dpre", "dW1 = x[1:].T @ dpre[1:]"),
        ("poisson_counts", "grad_coef = error @ X", "grad_coef = error[1:] @ X[1:]"),
    ),
    *plants(
        "rows of another batch in one gradient", "wrong-array",
        ("softmax", "dW1 = xb.T @ dhidden", "dW1 = X[:batch].T @ dhidden"),
        ("momentum_lists", "dW1 = x.T @ dpre", "dW1 = X[:batch].T @ dpre"),
        ("adagrad_dict", "dz @ x.T", "dz @ X[:, :batch].T"),
        ("svm_hinge", "grad_w = xi.T @ active", "grad_w = X[s:s + batch_size].T @ active"),
        ("weighted_class", "self.X = X", 'self.X = getattr(self, "X", X)',
         ("self.X = getattr", 'self.grads["W1"] = self.X.T')),
    ),
    *plants(
        "error sent back without the weights", "wrong-array",
        ("adagrad_dict", 'dh = params["W2"].T @ ds', 'dh = np.ones_like(params["W2"]).T @ ds'),
        ("momentum_lists", "dh = dout @ W2.T", "dh = np.sum(dout, axis=1, keepdims=True)"),
        ("rmsprop_lists", "delta = delta @ Ws[i].T", "delta = delta @ np.abs(Ws[i]).T"),
    ),
    *plants(
        "difference taken the other way round", "sign",
        ("svm_hinge", "np.where(margins < 1, -yi, 0.0)", "np.where(margins < 1, yi, 0.0)"),
        ("layers_list", "return grad / len(self.labels)", "return -grad / len(self.labels)"),
        ("per_example", "delta = (activations[-1] - y)", "delta = (y - activations[-1])"),
    ),
    *plants(
        "1/m missing in one bias or weight only", "factor",
        ("deep_columns", "db = (1.0 / m) * np.sum(", "db = np.sum("),
        ("per_example", "b - (eta / len(mini_batch)) * nb", "b - eta * nb"),
        ("poisson_counts", "grad_intercept = np.sum(error)", "grad_intercept = np.mean(error)"),
        ("autoencoder", "g_b_enc = g_pre.sum(axis=0)", "g_b_enc = g_pre.mean(axis=0)"),
    ),
    *plants(
        "mask of a relu the wrong way round", "derivative-wrong",
        ("deep_columns", "dZ[Z <= 0] = 0", "dZ[Z > 0] = 0"),
        ("layers_list", "grad * (self.x > 0)", "grad * (self.x < 0)"),
        ("weighted_class", "dA1 * (self.Z1 > 0)", "dA1 * (self.Z1 <= 0)"),
        ("rmsprop_lists", "delta * (pres[i - 1] > 0)", "delta * (pres[i - 1] < 0)"),
    ),
    *plants(
        "slope of a leaky relu for a plain one", "derivative-wrong",
        ("deep_columns", "dZ[Z <= 0] = 0", "dZ[Z <= 0] *= 0.01"),
        ("layers_list", "grad * (self.x > 0)", "grad * np.where(self.x > 0, 1.0, 0.1)"),
        ("weighted_class", "dA1 * (self.Z1 > 0)", "np.where(self.Z1 > 0, dA1, 0.1 * dA1)"),
        ("rmsprop_lists", "delta * (pres[i - 1] > 0)", "delta * np.where(pres[i - 1] > 0, 1, 0.2)"),
        ("softmax", "dhidden[hidden_raw <= 0] = 0", "dhidden[hidden_raw <= 0] *= 0.1"),
    ),
    *plants(
        "half of an activation's derivative", "derivative-wrong",
        ("momentum_lists", "dh * (1 - h * h)", "dh * (1 - h)"),
        ("per_example", "return sigmoid(z) * (1 - sigmoid(z))", "return sigmoid(z)"),
        ("autoencoder", "g_code * code * (1 - code)", "g_code * (1 - code)"),
    ),
    *plants(
        "learning rate twice", "factor",
        ("huber_step", "W2 - lr * d_W2", "W2 - lr * lr * d_W2"),
        ("float32_class", "self.W2 -= rate * self.dW2", "self.W2 -= rate * rate * self.dW2"),
    ),
    *plants(
        "another loss printed than descended", "other-loss",
        ("huber_step", "cost = huber(error).mean()", "cost = np.abs(error).mean()",
         ("cost = np.abs", "d_out = ")),
        ("weighted_class", "return np.mean(weights * losses)", "return np.mean(losses)",
         ("return np.mean(losses)", "dZ2 = weights", "cost = net.loss")),
        ("float32_class", "mse = np.mean((prediction - Y) ** 2)",
         "mse = np.mean(np.abs(prediction - Y))", ("mse = np.mean", "self.d3 = ")),
        ("logistic_fit", "loss = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))",
         "loss = np.mean((p - y) ** 2)", ("loss = np.mean", "error = p - y")),
    ),
    *plants(
        "bias gradient taken before the activation's derivative", "wrong-array",
        ("momentum_lists", "db1 = dpre.sum(axis=0)", "db1 = dh.sum(axis=0)"),
        ("autoencoder", "g_b_enc = g_pre.sum(axis=0)", "g_b_enc = g_code.sum(axis=0)"),
        ("weighted_class", 'self.grads["b1"] = dZ1.sum(', 'self.grads["b1"] = dA1.sum('),
        ("rnn", "dbh += dhraw", "dbh += dh"),
    ),
    *plants(
        "weight gradient taken before the activation's derivative", "wrong-array",
        ("momentum_lists", "dW1 = x.T @ dpre", "dW1 = x.T @ dh"),
        ("adagrad_dict", 'grads["W1"] = dz @ x.T', 'grads["W1"] = dh @ x.T'),
        ("weighted_class", "self.X.T @ dZ1", "self.X.T @ dA1"),
        ("rnn", "dWxh += np.dot(dhraw, xs[t].T)", "dWxh += np.dot(dh, xs[t].T)"),
    ),
    *plants(
        "a step that ascends, in the weights", "sign",
        ("layers_list", "self.W -= lr * dW", "self.W += lr * dW"),
        ("svm_hinge", "w -= lr * grad_w", "w += lr * grad_w"),
    ),
    *plants(
        "a weight's update that is never written back", "never-written",
        ("poisson_counts", "self.coef = self.coef - lr", "coef = self.coef - lr"),
        ("deep_columns", '        parameters["W" + str(l)] = W\n', "",
         ('W = parameters["W" + str(l)] - learning_rate',)),
        ("huber_step", "    theta, cost = step(theta, X, y, lr=0.3)",
         "    new_theta, cost = step(theta, X, y, lr=0.3)", ("new_theta, cost", "return (W1 - lr")),
    ),
    *plants(
        "a square matrix the wrong way round", "transposed",
        ("float32_class", "(self.W2.T @ self.d2)", "(self.W2 @ self.d2)"),
        ("rnn", "dhnext = np.dot(Whh.T, dhraw)", "dhnext = np.dot(Whh, dhraw)"),
        ("square_lists", "delta @ Ws[i].T", "delta @ Ws[i]"),
        ("equal_adam", "dA1 = self.W2.T.dot(dZ2)", "dA1 = self.W2.dot(dZ2)"),
        ("linear_map", "gradient = before.T @ difference", "gradient = difference.T @ before"),
        ("float32_class", "self.dW2 = self.d2 @ self.A1.T", "self.dW2 = self.A1 @ self.d2.T"),
    ),
    *plants(
        "the gradient of another parameter", "wrong-gradient",
        ("float32_class", "self.b1 -= rate * self.db1", "self.b1 -= rate * self.db2"),
        ("square_lists", "gbs.insert(0, delta.sum(axis=0))", "gbs.append(delta.sum(axis=0))",
         ("gbs.append", "b -= rate * gb", "zip(Ws, bs, gWs, gbs)")),
        ("rows", "b1 -= learning_rate * db1", "b1 -= learning_rate * db2"),
        ("columns", 'b1 = parameters["b1"] - learning_rate * grads["db1"]',
         'b1 = parameters["b1"] - learning_rate * grads["db2"]'),
        ("one_layer", "w = w - alpha * grad_w", "w = w - alpha * grad_b"),
        ("equal_adam", '"b1": dZ1.sum(axis=1, keepdims=True)', '"b1": dZ2.sum(axis=1, keepdims=True)'),  # noqa: E501 - a sentence or a table row
    ),
]  # fmt: skip
