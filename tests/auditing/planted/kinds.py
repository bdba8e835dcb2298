"""Planted faults: each is one change to a clean program, with the cause and line to be named.

The first half of the kinds (FIRST) was written before the audit had any causes, without an eye to
them; the second half (SECOND) afterwards.  `lines` are fragments of the changed program: the audit
must point at a line that holds one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PROGRAMS = Path(__file__).parent / "programs"


@dataclass(frozen=True)
class Plant:
    """One fault in one program."""

    kind: str
    program: str
    old: str
    new: str
    cause: str
    lines: tuple[str, ...] = ()

    def text(self) -> str:
        """Give the faulty program."""
        text = (PROGRAMS / f"{self.program}.py").read_text()
        assert text.count(self.old) == 1, (self.kind, self.program, text.count(self.old))
        return text.replace(self.old, self.new)

    def expected_lines(self) -> set[int]:
        """Give the numbers of the lines that may be named."""
        wanted = self.lines or tuple(s.strip() for s in self.new.splitlines() if s.strip())
        return {
            number
            for number, line in enumerate(self.text().splitlines(), start=1)
            if any(part in line for part in wanted)
        }

    @property
    def name(self) -> str:
        """Name the plant in test output."""
        return f"{self.kind}-{self.program}"


def _kind(kind: str, cause: str, *plants: tuple[str, str, str] | tuple[str, str, str, tuple[str, ...]]) -> list[Plant]:
    return [
        Plant(kind, p[0], p[1], p[2], cause, p[3] if len(p) > 3 else ())  # type: ignore[misc]
        for p in plants
    ]  # fmt: skip


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
_ADAM_STEP = """        dH2 = last.backward(dZ3)
"""
_ADAM_EARLY = """        last.backward(dZ3)
        last.W -= 0.05 * last.dW
        dH2 = last.W.T @ dZ3
"""

FIRST: list[Plant] = [
    *_kind(
        "weights overwritten before the backward pass reads them", "overwritten",
        ("rows", _ROWS_BACK, _ROWS_EARLY, ("W2 -= learning_rate", "da1 = dz2 @ W2.T")),
        ("network_class", _CLASS_BACK, _CLASS_EARLY,
         ("self.weights[l] -= 0.5", "delta = (delta @ self.weights[l].T)")),
        ("softmax", _SOFTMAX_BACK, _SOFTMAX_EARLY, ("W2 += vW2", "dhidden = dscores @ W2.T")),
    ),
    *_kind(
        "derivative of the activation at the wrong argument", "derivative-argument",
        ("rows", "(1 - a1 ** 2)", "(1 - z1 ** 2)"),
        ("columns", "dA1 * (Z1 > 0)", "dA1 * (dA1 > 0)"),
        ("network_class", "self.sigmoid_prime(output)", "self.sigmoid_prime(Y)"),
        ("softmax", "dhidden[hidden_raw <= 0] = 0", "dhidden[dhidden <= 0] = 0"),
        ("adam", "tanh_derivative(second.Z)", "tanh_derivative(H2)"),
    ),
    *_kind(
        "derivative of a hidden activation forgotten", "derivative-missing",
        ("rows", "dz1 = da1 * (1 - a1 ** 2)", "dz1 = da1"),
        ("columns", "dZ1 = dA1 * (Z1 > 0)", "dZ1 = dA1"),
        ("network_class", "delta = (delta @ self.weights[l].T) * self.sigmoid_prime(self.activations[l])",
         "delta = delta @ self.weights[l].T"),
        ("softmax", "            dhidden[hidden_raw <= 0] = 0\n", "",
         ("dhidden = dscores @ W2.T", "dW1 = xb.T @ dhidden")),
        ("adam", "dZ2 = dH2 * tanh_derivative(second.Z)", "dZ2 = dH2"),
    ),
    *_kind(
        "one parameter's gradient without, or with another, 1/m", "factor",
        ("rows", "db2 = np.sum(dz2, axis=0, keepdims=True)",
         "db2 = np.mean(dz2, axis=0, keepdims=True)"),
        ("columns", "dW1 = (1 / m) * np.dot(dZ1, X.T)", "dW1 = np.dot(dZ1, X.T)"),
        ("network_class", "self.db[l] = delta.sum(axis=0)", "self.db[l] = delta.mean(axis=0)"),
        ("softmax", "db1 = dhidden.sum(axis=0)", "db1 = dhidden.mean(axis=0)"),
        ("one_layer", "grad_b = 2 / count * error.sum()", "grad_b = 2 * error.sum()"),
        ("adam", "self.db = dZ.sum(axis=1, keepdims=True)", "self.db = dZ.mean(axis=1, keepdims=True)"),
    ),
    *_kind(
        "bias gradient summed to one number", "bias-sum",
        ("rows", "db1 = np.sum(dz1, axis=0, keepdims=True)", "db1 = np.sum(dz1)"),
        ("columns", "db1 = (1 / m) * np.sum(dZ1, axis=1, keepdims=True)", "db1 = (1 / m) * np.sum(dZ1)"),
        ("network_class", "self.db[l] = delta.sum(axis=0)", "self.db[l] = delta.sum()"),
        ("softmax", "db1 = dhidden.sum(axis=0)", "db1 = dhidden.sum()"),
        ("adam", "self.db = dZ.sum(axis=1, keepdims=True)", "self.db = np.full((len(dZ), 1), dZ.sum())"),
    ),
    *_kind(
        "update with the wrong sign", "sign",
        ("rows", "W1 -= learning_rate * dW1", "W1 += learning_rate * dW1"),
        ("columns", 'b1 = parameters["b1"] - learning_rate', 'b1 = parameters["b1"] + learning_rate'),
        ("network_class", "self.biases[l] -= learning_rate", "self.biases[l] += learning_rate"),
        ("softmax", "vW1 = mu * vW1 - lr * dW1", "vW1 = mu * vW1 + lr * dW1"),
        ("one_layer", "b = b - alpha * grad_b", "b = b + alpha * grad_b"),
    ),
    *_kind(
        "gradient of a weight with the pre-activation in place of the activation", "wrong-array",
        ("rows", "dW2 = a1.T @ dz2", "dW2 = z1.T @ dz2"),
        ("columns", "np.dot(dZ2, A1.T)", "np.dot(dZ2, Z1.T)"),
        ("softmax", "dW2 = hidden_out.T @ dscores", "dW2 = hidden_raw.T @ dscores"),
        ("adam", "H2 = tanh(second.forward(H1))\n        P = sigmoid(last.forward(H2))",
         "H2 = tanh(second.forward(H1))\n        P = sigmoid(last.forward(H2))\n        last.input = second.Z",
         ("last.input = second.Z", "self.dW = dZ @ self.input.T")),
    ),
    *_kind(
        "averaged twice", "mean-twice",
        ("rows", "dz2 = (a2 - y) / n", "dz2 = (a2 - y) / n / n"),
        ("columns", "dZ2 = A2 - Y", "dZ2 = (A2 - Y) / m"),
        ("network_class", "self.sigmoid_prime(output) / m", "self.sigmoid_prime(output) / m / m"),
        ("softmax", "dscores = (probs - yb) / m", "dscores = (probs - yb) / m ** 2"),
    ),
    *_kind(
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
    *_kind(
        "the derivative of another loss than the printed one", "other-loss",
        ("rows", "dz2 = (a2 - y) / n", "dz2 = (a2 - y) * a2 * (1 - a2) / n"),
        ("columns", "dZ2 = A2 - Y", "dZ2 = 2 * (A2 - Y) * A2 * (1 - A2)"),
        ("network_class", "(output - Y) * self.sigmoid_prime(output) / m", "(output - Y) / m"),
        ("one_layer", "grad_w = 2 / count * features.T.dot(error)",
         "error = np.sign(error)\n    grad_w = 1 / count * features.T.dot(error)",
         ("error = np.sign(error)",)),
        ("adam", "dZ3 = (P - Y) / Y.size", "dZ3 = (P - Y) * P * (1 - P) / Y.size"),
    ),
    *_kind(
        "only the diagonal of the softmax Jacobian", "softmax-diagonal",
        ("softmax", "dscores = (probs - yb) / m", "dscores = (probs - yb) * probs * (1 - probs) / m"),
        ("softmax", "dscores = (probs - yb) / m", "dscores = -yb / probs * probs * (1 - probs) / m"),
    ),
    *_kind(
        "learning rate forgotten for one parameter", "factor",
        ("rows", "b2 -= learning_rate * db2", "b2 -= db2"),
        ("columns", 'b1 = parameters["b1"] - learning_rate * grads["db1"]',
         'b1 = parameters["b1"] - grads["db1"]'),
        ("network_class", "self.biases[l] -= learning_rate * self.db[l]", "self.biases[l] -= self.db[l]"),
        ("softmax", "vb1 = mu * vb1 - lr * db1", "vb1 = mu * vb1 - db1"),
        ("one_layer", "b = b - alpha * grad_b", "b = b - grad_b"),
    ),
    *_kind(
        "derivative of a hidden activation applied twice", "derivative-twice",
        ("rows", "da1 * (1 - a1 ** 2)", "da1 * (1 - a1 ** 2) * (1 - a1 ** 2)"),
        ("network_class", "* self.sigmoid_prime(self.activations[l])",
         "* self.sigmoid_prime(self.activations[l]) * self.sigmoid_prime(self.activations[l])"),
        ("adam", "dZ1 = dH1 * tanh_derivative(first.Z)", "dZ1 = dH1 * tanh_derivative(first.Z) ** 2"),
    ),
    *_kind(
        "derivative of another activation", "derivative-wrong",
        ("rows", "da1 * (1 - a1 ** 2)", "da1 * a1 * (1 - a1)"),
        ("columns", "dA1 * (Z1 > 0)", "dA1 * A1 * (1 - A1)"),
        ("network_class", "return a * (1 - a)", "return 1 - a ** 2"),
        ("adam", "return 1 - np.tanh(z) ** 2", "return np.tanh(z) * (1 - np.tanh(z))"),
    ),
    *_kind(
        "penalty gradient off", "penalty",
        ("softmax", "dW2 = hidden_out.T @ dscores + reg * W2", "dW2 = hidden_out.T @ dscores + 2 * reg * W2"),
        ("softmax", "dW1 = xb.T @ dhidden + reg * W1", "dW1 = xb.T @ dhidden"),
        ("softmax", "dW1 = xb.T @ dhidden + reg * W1", "dW1 = xb.T @ dhidden - reg * W1"),
    ),
]  # fmt: skip

SECOND: list[Plant] = []
ALL = [*FIRST, *SECOND]
del _ADAM_STEP, _ADAM_EARLY
