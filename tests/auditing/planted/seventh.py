"""A seventh sowing: ordinary code once more, as a reviewer with a fresh eye would write it.

Written blind, as the fourth to the sixth: the sower has not read how the audit finds faults, and
each program's gradients were compared with central differences of the cost that it prints before
anything was planted. Lines and causes were fixed before the run; seventh_run.txt keeps it as it
fell. The outcomes of the open programs were shown to those who mended; those of seventh_last.py,
and its programs, to nobody before their run at the end.
"""

from __future__ import annotations

from tests.auditing.planted.plant import Plant, plants

_XOR_BACK = """    error_hidden_layer = d_predicted_output.dot(output_weights.T)
    d_hidden_layer = error_hidden_layer * sigmoid_derivative(hidden_layer_output)

    # Updating Weights and Biases
    output_weights += hidden_layer_output.T.dot(d_predicted_output) * lr
"""
_XOR_EARLY = """    # Updating Weights and Biases
    output_weights += hidden_layer_output.T.dot(d_predicted_output) * lr

    error_hidden_layer = d_predicted_output.dot(output_weights.T)
    d_hidden_layer = error_hidden_layer * sigmoid_derivative(hidden_layer_output)

"""
OPEN1: list[Plant] = [
    *plants(
        "weights overwritten before the backward pass reads them", "overwritten",
        ("xor_gate_loop", _XOR_BACK, _XOR_EARLY, ("output_weights +=", "error_hidden_layer = ")),
    ),
    *plants(
        "derivative of the activation at the wrong argument", "derivative-argument",
        ("xor_gate_loop", "sigmoid_derivative(hidden_layer_output)",
         "sigmoid_derivative(hidden_layer_activation)"),
        ("iris_fit", "(z1 > 0)", "(dh1 > 0)"),
        ("sine_adam", "(1 - activations[i] ** 2)", "(1 - np.tanh(activations[i]) ** 2)"),
        ("moons_batches", "leaky_prime(Z2)", "leaky_prime(Z1)", ("dZ2 = (dZ3",)),
    ),
    *plants(
        "derivative of a hidden activation forgotten", "derivative-missing",
        ("xor_gate_loop", "d_hidden_layer = error_hidden_layer * sigmoid_derivative(hidden_layer_output)",  # noqa: E501 - a sentence or a table row
         "d_hidden_layer = error_hidden_layer"),
        ("iris_fit", "dz1 = dh1 * (z1 > 0)", "dz1 = dh1"),
        ("sine_adam", "delta @ weights[i].T * (1 - activations[i] ** 2)", "delta @ weights[i].T"),
    ),
    *plants(
        "derivative of a hidden activation applied twice", "derivative-twice",
        ("sine_adam", "* (1 - activations[i] ** 2)", "* (1 - activations[i] ** 2) ** 2"),
        ("moons_batches", "xb.T @ dZ1", "xb.T @ (dZ1 * leaky_prime(Z1))"),
    ),
    *plants(
        "derivative of another activation", "derivative-wrong",
        ("sine_adam", "* (1 - activations[i] ** 2)", "* activations[i] * (1 - activations[i])"),
    ),
    *plants(
        "mask of a relu the wrong way round", "derivative-wrong",
        ("moons_batches", "np.where(z > 0, 1.0, slope)", "np.where(z > 0, slope, 1.0)"),
    ),
    *plants(
        "slope of a leaky relu for a plain one", "derivative-wrong",
        ("moons_batches", "np.where(z > 0, 1.0, slope)", "np.where(z > 0, 1.0, 0.0)"),
    ),
    *plants(
        "a square matrix the wrong way round", "transposed",
        ("xor_gate_loop", "inputs.T.dot(d_hidden_layer)", "d_hidden_layer.T.dot(inputs)"),
        ("moons_batches", "dZ2 @ p['W2'].T", "dZ2 @ p['W2']"),
    ),
    *plants(
        "bias gradient summed to one number", "bias-sum",
        ("xor_gate_loop", "np.sum(d_hidden_layer, axis=0, keepdims=True)", "np.sum(d_hidden_layer)"),  # noqa: E501 - a sentence or a table row
        ("iris_fit", "dz1.sum(axis=0)", "dz1.sum()"),
        ("sine_adam", "delta.sum(axis=0)", "delta.sum()"),
        ("moons_batches", "dZ2.sum(axis=0, keepdims=True)", "dZ2.sum(keepdims=True)"),
    ),
    *plants(
        "bias gradient taken before the activation's derivative", "wrong-array",
        ("xor_gate_loop", "np.sum(d_hidden_layer, axis=0", "np.sum(error_hidden_layer, axis=0"),
    ),
    *plants(
        "gradient of a weight with the pre-activation in place of the activation", "wrong-array",
        ("iris_fit", "h1.T.dot(dscores)", "z1.T.dot(dscores)"),
        ("moons_batches", "A1.T @ dZ2", "Z1.T @ dZ2"),
    ),
    *plants(
        "a gradient of the wrong array", "wrong-array",
        ("moons_batches", "A2.T @ dZ3", "A1.T @ dZ3"),
    ),
    *plants(
        "rows of another batch in one gradient", "wrong-array",
        ("moons_batches", "xb.T @ dZ1", "X[:batch_size].T @ dZ1"),
    ),
    *plants(
        "error sent back without the weights", "wrong-array",
        ("moons_batches", "(dZ2 @ p['W2'].T)", "dZ2", ("dZ1 = dZ2 *",)),
    ),
    *plants(
        "the gradient of another parameter", "wrong-gradient",
        ("moons_batches", "dZ1.sum(axis=0, keepdims=True)", "dZ2.sum(axis=0, keepdims=True)",
         ("g['b1'] = dZ2.sum",)),
    ),
    *plants(
        "one parameter's gradient without, or with another, 1/m", "factor",
        ("iris_fit", "dz1.sum(axis=0)", "dz1.mean(axis=0)"),
    ),
    *plants(
        "learning rate forgotten for one parameter", "factor",
        ("xor_gate_loop", "np.sum(d_predicted_output, axis=0, keepdims=True) * lr",
         "np.sum(d_predicted_output, axis=0, keepdims=True)"),
    ),
    *plants(
        "averaged twice", "mean-twice",
        ("iris_fit", "-np.log(probs[range(N), y]).sum() / N", "-np.log(probs[range(N), y]).mean() / N",  # noqa: E501 - a sentence or a table row
         ("data_loss = -np", "dscores /= N")),
    ),
    *plants(
        "penalty gradient off", "penalty",
        ("iris_fit", "self.reg * W1", "2 * self.reg * W1"),
    ),
    *plants(
        "a penalty in the printed cost, left out of the gradient", "penalty",
        ("iris_fit", "h1.T.dot(dscores) + self.reg * W2", "h1.T.dot(dscores)"),
    ),
    *plants(
        "a column met a flat array", "broadcast",
        ("sine_adam", "loss = mse(activations[-1], y)", "loss = mse(activations[-1], y.ravel())",
         ("loss = mse(", "return np.mean((pred - target) ** 2)")),
    ),
    *plants(
        "the network's input as target", "target-is-input",
        ("sine_adam", "backward(activations, weights, y)", "backward(activations, weights, x)",
         ("grad_w, grad_b = backward(", "delta = 2 * (activations[-1] - target)")),
    ),
    *plants(
        "the derivative of another loss than the printed one", "other-loss",
        ("xor_gate_loop", "d_predicted_output = error * sigmoid_derivative(predicted_output)",
         "d_predicted_output = error"),
        ("sine_adam", "delta = 2 * (activations[-1] - target)",
         "delta = np.sign(activations[-1] - target)"),
        ("moons_batches", "dZ3 = (prob - yb) / m", "dZ3 = (prob - yb) * prob * (1 - prob) / m"),
    ),
    *plants(
        "another loss printed than descended", "other-loss",
        ("xor_gate_loop", "0.5 * np.sum(np.square(error))", "np.mean(np.abs(error))",
         ('print("Error:"', "d_predicted_output = error")),
        ("sine_adam", "return np.mean((pred - target) ** 2)",
         "return np.mean(np.abs(pred - target))",
         ("return np.mean(np.abs", "delta = 2 * (act", "loss = mse(", "print(f")),
    ),
    *plants(
        "difference taken the other way round", "sign",
        ("xor_gate_loop", "error = expected_output - predicted_output",
         "error = predicted_output - expected_output",
         ("error = predicted_output", "d_predicted_output = error")),
        ("sine_adam", "delta = 2 * (activations[-1] - target)",
         "delta = 2 * (target - activations[-1])"),
    ),
    *plants(
        "update with the wrong sign", "sign",
        ("moons_batches", "p[k] -= learning_rate", "p[k] += learning_rate"),
    ),
    *plants(
        "an update that is never written back", "never-written",
        ("xor_gate_loop", "output_bias += np.sum(d_p", "output_bias + np.sum(d_p"),
        ("iris_fit", "                    self.params[name] -= learning_rate * grads[name]\n",
         "                    param = self.params[name]\n                    param = param - learning_rate * grads[name]\n"),  # noqa: E501 - a sentence or a table row
        ("moons_batches", "        for k in p:\n", "        for k in ('W1', 'W2', 'W3'):\n",
         ("for k in ('W1'", "p[k] -= ", "g['b1'] = ", "g['b2'] = ", "g['b3'] = ")),
    ),
]  # fmt: skip

UNUSUAL_OPEN1: list[Plant] = [
    *plants(
        "unusual but right", "none",
        # a mean printed, a half of a sum descended
        ("xor_gate_loop", "0.5 * np.sum(np.square(error))", "np.mean(np.square(error))"),
        # the log of a softmax written out
        ("iris_fit", "-np.log(probs[range(N), y]).sum() / N",
         "np.mean(np.log(exp_scores.sum(axis=1)) - scores[range(N), y])"),
        # Adam without its correction for the first steps
        ("sine_adam", "        m_hat = m[i] / (1 - beta1 ** t)\n        v_hat = v[i] / (1 - beta2 ** t)\n",  # noqa: E501 - a sentence or a table row
         "        m_hat, v_hat = m[i], v[i]\n"),
        # a leaky relu's output has the sign of its input
        ("moons_batches", "leaky_prime(Z1)", "leaky_prime(A1)"),
    ),
]  # fmt: skip

_ROBUST_BACK = """            g_hidden = np.outer(g, self.coef_out) * self._sigmoid(self.z)
            grad_coef_hidden = X.T @ g_hidden
            grad_bias_hidden = g_hidden.sum(axis=0)

            self.coef_out -= self.lr * grad_coef_out
"""
_ROBUST_EARLY = """            self.coef_out -= self.lr * grad_coef_out
            g_hidden = np.outer(g, self.coef_out) * self._sigmoid(self.z)
            grad_coef_hidden = X.T @ g_hidden
            grad_bias_hidden = g_hidden.sum(axis=0)

"""
_HINGE_BACK = """            da1 = (W2.T @ da2) * (a1 > 0)
            dW1 = da1 @ x.T + lam * W1
            db1 = da1.sum(axis=1, keepdims=True)

            W1 = W1 - eta * dW1
            b1 = b1 - eta * db1
            W2 = W2 - eta * dW2
            b2 = b2 - eta * db2
"""
_HINGE_EARLY = """            W2 = W2 - eta * dW2
            b2 = b2 - eta * db2
            da1 = (W2.T @ da2) * (a1 > 0)
            dW1 = da1 @ x.T + lam * W1
            db1 = da1.sum(axis=1, keepdims=True)

            W1 = W1 - eta * dW1
            b1 = b1 - eta * db1
"""
OPEN2: list[Plant] = [
    *plants(
        "weights overwritten before the backward pass reads them", "overwritten",
        ("robust_regressor", _ROBUST_BACK, _ROBUST_EARLY,
         ("self.coef_out -=", "g_hidden = np.outer")),
        ("hinge_mlp", _HINGE_BACK, _HINGE_EARLY, ("W2 = W2 - eta", "da1 = (W2.T")),
    ),
    *plants(
        "only the diagonal of the softmax Jacobian", "softmax-diagonal",
        ("digits_momentum", "return A * (dA - np.sum(dA * A, axis=0, keepdims=True))",
         "return dA * A * (1 - A)"),
    ),
    *plants(
        "derivative of the activation at the wrong argument", "derivative-argument",
        ("digits_momentum", "sigmoid_backward(dA, Z)\n        grads",
         "sigmoid_backward(dA, A)\n        grads", ("dZ = softmax_backward", "s = sigmoid(Z)")),
        ("robust_regressor", "self._sigmoid(self.z)\n", "self._sigmoid(self.h)\n",
         ("g_hidden = np.outer",)),
        ("hinge_mlp", "(a2 > 0)", "(a1 > 0)", ("da2 = (w3.T",)),
    ),
    *plants(
        "derivative of a hidden activation forgotten", "derivative-missing",
        ("robust_regressor", "np.outer(g, self.coef_out) * self._sigmoid(self.z)",
         "np.outer(g, self.coef_out)"),
        ("hinge_mlp", "da1 = (W2.T @ da2) * (a1 > 0)", "da1 = W2.T @ da2"),
    ),
    *plants(
        "derivative of a hidden activation applied twice", "derivative-twice",
        ("robust_regressor", "* self._sigmoid(self.z)\n", "* self._sigmoid(self.z) ** 2\n"),
    ),
    *plants(
        "half of an activation's derivative", "derivative-wrong",
        ("digits_momentum", "return dA * s * (1 - s)", "return dA * s"),
    ),
    *plants(
        "derivative of another activation", "derivative-wrong",
        ("robust_regressor", "* self._sigmoid(self.z)\n", "* (self.z > 0)\n"),
    ),
    *plants(
        "a square matrix the wrong way round", "transposed",
        ("hinge_mlp", "(W2.T @ da2)", "(W2 @ da2)"),
    ),
    *plants(
        "bias gradient summed to one number", "bias-sum",
        ("digits_momentum", "dZ.sum(axis=1, keepdims=True)", "dZ.sum()"),
        ("robust_regressor", "g_hidden.sum(axis=0)", "g_hidden.sum()"),
        ("hinge_mlp", "da1.sum(axis=1, keepdims=True)", "da1.sum()"),
    ),
    *plants(
        "gradient of a weight with the pre-activation in place of the activation", "wrong-array",
        ("robust_regressor", "self.h.T @ g", "self.z.T @ g"),
        ("hinge_mlp", "da2 @ h1.T", "da2 @ a1.T"),
    ),
    *plants(
        "a gradient of the wrong array", "wrong-array",
        ("rent_notebook", "X.T @ np.sign(residuals)", "features.T @ np.sign(residuals)"),
    ),
    *plants(
        "rows of another batch in one gradient", "wrong-array",
        ("hinge_mlp", "da1 @ x.T", "da1 @ data[:, k:k + batch].T"),
    ),
    *plants(
        "the gradient of another parameter", "wrong-gradient",
        ("hinge_mlp", "b1 - eta * db1", "b1 - eta * db2"),
        ("rent_notebook", "momentum * vel_w - learning_rate * grad_w",
         "momentum * vel_w - learning_rate * grad_b"),
    ),
    *plants(
        "one parameter's gradient without, or with another, 1/m", "factor",
        ("digits_momentum", "dZ @ A_prev.T", "dZ @ A_prev.T / m"),
        ("robust_regressor", "grad_bias_out = g.sum()", "grad_bias_out = g.mean()"),
        ("hinge_mlp", "da2.sum(axis=1, keepdims=True)", "da2.mean(axis=1, keepdims=True)"),
        ("rent_notebook", "X.T @ np.sign(residuals) / n_flats", "X.T @ np.sign(residuals)"),
    ),
    *plants(
        "another momentum for one parameter", "factor",
        ("digits_momentum", '(1 - beta) * grads["db%d" % l]', 'grads["db%d" % l]',
         ('velocity["db%d" % l] = beta',)),
    ),
    *plants(
        "learning rate twice", "factor",
        ("rent_notebook", "weights + vel_w", "weights + learning_rate * vel_w"),
    ),
    *plants(
        "penalty gradient off", "penalty",
        ("hinge_mlp", "lam * W1\n", "lam / 2 * W1\n", ("dW1 = da1",)),
        ("rent_notebook", "2 * l2 * weights", "l2 * np.sign(weights)"),
    ),
    *plants(
        "a penalty in the printed cost, left out of the gradient", "penalty",
        ("hinge_mlp", "dw3 = df @ h2.T + lam * w3", "dw3 = df @ h2.T"),
    ),
    *plants(
        "a column met a flat array", "broadcast",
        ("rent_notebook", "np.abs(residuals).mean()",
         "np.abs(y_hat.reshape(-1, 1) - y).mean()"),
    ),
    *plants(
        "the derivative of another loss than the printed one", "other-loss",
        ("digits_momentum", "dA = -Y / (AL + 1e-12) / m", "dA = 2 * (AL - Y) / m"),
        ("robust_regressor", "np.clip(residual, -self.delta, self.delta) / n_samples",
         "residual / n_samples"),
        ("hinge_mlp", "np.where(t * f < 1, -t, 0)", "np.where(t * f < 0, -t, 0)"),
        ("rent_notebook", "X.T @ np.sign(residuals) / n_flats", "X.T @ residuals / n_flats"),
    ),
    *plants(
        "another loss printed than descended", "other-loss",
        ("robust_regressor", "cost = self._huber(residual)", "cost = np.mean(residual ** 2)",
         ("cost = np.mean", "g = np.clip", "self.history_.append", "print(k,")),
        ("hinge_mlp", "np.maximum(0, 1 - t * f).mean()", "np.log(1 + np.exp(-t * f)).mean()",
         ("hinge = np.log", "return hinge", "total += hinge", "df = np.where", "print('Epoch")),
        ("rent_notebook", "np.abs(residuals).mean()", "(residuals ** 2).mean()",
         ("mae = (res", "grad_w = X", "grad_b = np", "mae_history.append", "print(f")),
    ),
    *plants(
        "difference taken the other way round", "sign",
        ("digits_momentum", "dA = -Y / (AL", "dA = Y / (AL"),
        ("hinge_mlp", "np.where(t * f < 1, -t, 0)", "np.where(t * f < 1, t, 0)"),
    ),
    *plants(
        "update with the wrong sign", "sign",
        ("digits_momentum", '- lr * velocity["dW%d" % l]', '+ lr * velocity["dW%d" % l]'),
        ("robust_regressor", "self.bias_hidden -= self.lr", "self.bias_hidden += self.lr"),
        ("hinge_mlp", "b2 - eta * db2", "b2 + eta * db2"),
        ("rent_notebook", "vel_w - learning_rate", "vel_w + learning_rate"),
    ),
    *plants(
        "an update that is never written back", "never-written",
        ("digits_momentum", '        velocity["dW%d" % l] = beta *', "        v = beta *",
         ("v = beta *", 'params["W%d" % l] = params["W%d" % l] - lr')),
        ("robust_regressor", "self.bias_hidden -= self.lr * grad_bias_hidden",
         "bias_hidden = self.bias_hidden - self.lr * grad_bias_hidden"),
        ("rent_notebook", "    bias = bias + vel_b\n", "    new_bias = bias + vel_b\n"),
    ),
]  # fmt: skip

UNUSUAL_OPEN2: list[Plant] = [
    *plants(
        "unusual but right", "none",
        # a sigmoid by way of tanh
        ("digits_momentum", "1.0 / (1.0 + np.exp(-Z))", "0.5 * (1 + np.tanh(Z / 2))"),
        # the clipped residual as a scaled one
        ("robust_regressor", "np.clip(residual, -self.delta, self.delta)",
         "residual / np.maximum(1, np.abs(residual) / self.delta)"),
        # the slope at the kink itself
        ("hinge_mlp", "np.where(t * f < 1, -t, 0)", "np.where(t * f <= 1, -t, 0)"),
        # a mean over the rows
        ("rent_notebook", "X.T @ np.sign(residuals) / n_flats",
         "np.mean(X * np.sign(residuals)[:, None], axis=0)"),
    ),
]  # fmt: skip

OPEN = [*OPEN1, *OPEN2]
SEVENTH = OPEN
UNUSUAL_SEVENTH = [*UNUSUAL_OPEN1, *UNUSUAL_OPEN2]
__all__ = ["OPEN", "OPEN1", "OPEN2", "SEVENTH", "UNUSUAL_SEVENTH"]
