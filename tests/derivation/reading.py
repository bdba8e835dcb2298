"""Printed mathematics read back into numbers: what a person would compute from the page.

A small parser of the terminal's spelling, apart from the printers: it knows the signs and their
precedence as a reader does, and nothing of SymPy.
"""

from __future__ import annotations

import re

import numpy as np

_TOKEN = re.compile(
    r"\s*([a-zσ_]+′\(Z\d+(?: / \d+)?\)|onehot\(argmaxₖ|Σ over examples of"
    r"|Σₖ|maxₖ|max|log|tanh|sinh|cosh|sign|softmax|sparsemax|softplus|σ|Φ|√|e\^|≤|≥|≠|and\b|if\b|else\b|or\b|\d+(?:\.\d+)?"
    r"|∂ℓ/∂[A-Z]\d*|Σ_\{j≠k\}|Σ|[a-zA-Zμλ][a-zA-Z]*[₁-₉0-9]*|[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁄]+|ᵀ|\^|.)"
)
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁄", "0123456789-/")


class _Reader:
    """One line of mathematics; `names` holds the arrays, rows as examples."""

    def __init__(self, text: str, names: dict) -> None:
        self.tokens = [t for t in (m.group(1) for m in _TOKEN.finditer(text)) if t.strip()]
        self.names, self.place = names, 0
        self.closing: list[str] = [""]

    def value(self):
        found = self.sum()
        assert self.place == len(self.tokens), self.tokens[self.place :]
        return found

    # -- tokens ----------------------------------------------------------------------------------

    @property
    def next(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self, *wanted: str) -> str:
        if self.next not in wanted:
            raise SyntaxError(f"wanted {wanted}, got {self.tokens[self.place :]}")
        self.place += 1
        return self.tokens[self.place - 1]

    # -- precedence, the loosest first -----------------------------------------------------------

    def sum(self):
        negative = self.next == "−" and bool(self.take("−"))
        found = -self.product() if negative else self.product()
        while self.next in ("+", "−"):
            sign = self.take("+", "−")
            term = self.product()
            found = found + term if sign == "+" else found - term
        return found

    def product(self):
        """Factors side by side, ∘ between arrays, over what divides; side by side binds first."""
        found = self.beside()
        while self.next in ("∘", "/"):
            if self.take("∘", "/") == "∘":
                found = found * self.beside()
            else:
                found = found / self.factor()
                while self.starts_factor():  # 1/(3 m) Σ …
                    found = found * self.factor()
        return found

    def beside(self):
        found = self.factor()
        while self.starts_factor():
            other = self.factor()
            matrices = np.ndim(found) == np.ndim(other) == 2
            fits = matrices and self.names.get("matrices") and found.shape[1] == other.shape[0]
            found = found @ other if fits else found * other
        return found

    def starts_factor(self) -> bool:
        if self.next == self.closing[-1]:  # the bar that closes looks like one that opens
            return False
        return bool(self.next) and self.next not in _BETWEEN

    def factor(self):
        found = self.atom()
        while True:
            if self.next == "ᵀ":
                self.take("ᵀ")
                found = found.T
            elif self.next and self.next[0] in "⁰¹²³⁴⁵⁶⁷⁸⁹⁻":
                found = found ** float(self.take(self.next).translate(_RAISED))
            elif self.next == "^":
                self.take("^")
                found = found ** self.atom()
            else:
                return found

    def atom(self):
        token = self.next
        self.place += 1
        if token == "(":
            return self.closed(")")
        if token == "[":
            return self.bracketed()
        if token == "{":
            return self.cases()
        if token == "|":
            return np.abs(self.closed("|"))
        if token == "π":
            return np.pi
        if token == "‖":
            return np.sqrt(np.sum(self.closed("‖") ** 2, axis=-1, keepdims=True))
        if re.fullmatch(r"\d.*", token):
            return float(token)
        if token in _FUNCTIONS:
            return _FUNCTIONS[token](self.argument())
        if token == "e^":
            return np.exp(self.argument())
        return self.special(token)

    def special(self, token: str):
        if token == "onehot(argmaxₖ":
            x = self.argument()
            self.take(")")
            return np.eye(x.shape[-1])[np.argmax(x, axis=-1)]
        if token in ("Σₖ", "Σ over examples of", "Σ"):
            axis = {"Σₖ": -1, "Σ": None}.get(token, self.names.get("examples", 0))
            inside = self.run()
            return np.sum(inside, axis=axis, keepdims=axis is not None)
        if token == "Σ_{j≠k}":
            x = self.factor()
            return np.sum(x, axis=-1, keepdims=True) - x
        if token == "maxₖ":
            return np.max(self.argument(), axis=-1, keepdims=True)
        if token == "max":
            self.take("(")
            self.closing.append(")")
            found = self.sum()
            while self.next == ",":
                self.take(",")
                found = np.maximum(found, self.sum())
            self.closing.pop()
            self.take(")")
            return found
        if token in self.names:
            return self.names[token]
        raise SyntaxError(f"{token!r} in {self.tokens}")

    def run(self):
        """What a sum runs over: the rest of its product."""
        if self.next == "−":
            self.take("−")
            return -self.run()
        found = self.beside()
        while self.next in ("∘", "/"):
            times = self.take("∘", "/") == "∘"
            found = found * self.beside() if times else found / self.factor()
        return found

    def argument(self):
        if self.next == "(":
            self.take("(")
            return self.closed(")")
        return self.factor()

    def closed(self, end: str):
        self.closing.append(end)
        found = self.sum()
        self.closing.pop()
        self.take(end)
        return found

    def bracketed(self):
        """[condition] as 0 and 1, or [u, v]: blocks of columns, or one number a class."""
        self.closing.append("]")
        parts = [self.condition()]
        while self.next == ",":
            self.take(",")
            parts.append(self.condition())
        self.closing.pop()
        self.take("]")
        if len(parts) == 1:
            return parts[0].astype(float)
        if all(np.ndim(part) == 0 for part in parts):
            return np.array(parts)  # one number for each class, or each head
        return np.concatenate(np.broadcast_arrays(*parts), axis=-1)

    def condition(self):
        left = self.sum()
        if self.next not in _COMPARE:
            return left
        return _COMPARE[self.take(*_COMPARE)](left, self.sum())

    def choice(self):
        """Conditions joined by "and", and those by "or", which binds more loosely."""
        found = self.both()
        while self.next == "or":
            self.take("or")
            found = np.logical_or(found, self.both())
        return found

    def both(self):
        found = self.one()
        while self.next == "and":
            self.take("and")
            found = np.logical_and(found, self.one())
        return found

    def one(self):
        if self.next != "(":
            return self.condition()
        before = self.place
        try:
            self.take("(")
            self.closing.append(")")
            found = self.choice()
            self.closing.pop()
            self.take(")")
            if self.next in ("and", "or", ",", ""):
                return found
        except SyntaxError:
            pass
        self.place = before  # a bracket within a sum, not around a condition
        return self.condition()

    def cases(self):
        found = []
        self.closing.append("}")
        while True:
            if self.next == "else":
                self.take("else")
                found.append((self.sum(), True))
                self.closing.pop()
                self.take("}")
                break
            value = self.sum()
            self.take("if")
            found.append((value, self.choice()))
            self.take(",")
        result = found[-1][0]
        for value, condition in reversed(found[:-1]):
            result = np.where(condition, value, result)
        return result


_BETWEEN = {*"+−∘/),]}<>=", "≤", "≥", "≠", "if", "else", "and", "or"}


def _softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def _sparsemax(x):
    falling = -np.sort(-x, axis=-1)
    sizes = np.arange(1, x.shape[-1] + 1)
    support = np.sum(1 + sizes * falling > np.cumsum(falling, axis=-1), axis=-1, keepdims=True)
    held = np.where(sizes <= support, falling, 0.0)
    return np.maximum(x - (np.sum(held, axis=-1, keepdims=True) - 1) / support, 0.0)


def _ndtr(x):
    from scipy.special import ndtr

    return ndtr(x)


_FUNCTIONS = {
    "log": lambda x: np.log(np.maximum(x, 1e-300)), "tanh": np.tanh, "sign": np.sign,
    "sinh": np.sinh, "cosh": np.cosh,
    "√": np.sqrt, "σ": lambda x: 1 / (1 + np.exp(-x)), "softplus": lambda x: np.log1p(np.exp(x)),
    "softmax": _softmax, "sparsemax": _sparsemax, "Φ": _ndtr,
}  # fmt: skip
_COMPARE = {
    ">": np.greater, "≥": np.greater_equal, "≤": np.less_equal, "<": np.less,
    "=": np.equal, "≠": np.not_equal,
}  # fmt: skip


def read(text: str, names: dict):
    """The value of printed mathematics, its clauses behind "where" included."""
    text, _, said = text.partition(", where ")
    names = dict(names)
    for clause in _clauses(said):
        left, _, right = clause.partition(" = ")
        if re.fullmatch(r"\[[a-zμ₁-₉]+(, [a-zμ₁-₉]+)*\]", right):  # A2 = [μ, s]
            letters = right.strip("[]").split(", ")
            whole = _Reader(left, names).value()
            names |= dict(zip(letters, np.split(whole, len(letters), axis=-1), strict=True))
        else:
            names[left] = _Reader(right, names).value()
    return _Reader(text, names).value()


def _clauses(said: str) -> list[str]:
    """Cut at commas that stand before a letter and its equals sign."""
    return re.split(r", (?=[A-Z] = )", said) if said else []
