"""A seventh sowing: ordinary code once more, as a reviewer with a fresh eye would write it.

Written blind, as the fourth to the sixth: the sower has not read how the audit finds faults, and
each program's gradients were compared with central differences of the cost that it prints before
anything was planted. Lines and causes were fixed before the run; seventh_run.txt keeps it as it
fell. The outcomes of the open programs were shown to those who mended; those of seventh_last.py,
and its programs, to nobody before their run at the end.
"""

from __future__ import annotations

from tests.auditing.planted.plant import Plant, plants
from tests.auditing.planted.seventh_last import CLOSED, UNUSUAL_CLOSED
from tests.auditing.planted.seventh_more import OPEN2, UNUSUAL_OPEN2

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

OPEN = [*OPEN1, *OPEN2]
SEVENTH = [*OPEN, *CLOSED]
UNUSUAL_SEVENTH = [*UNUSUAL_OPEN1, *UNUSUAL_OPEN2, *UNUSUAL_CLOSED]
__all__ = ["CLOSED", "OPEN", "OPEN1", "OPEN2", "SEVENTH", "UNUSUAL_SEVENTH"]
