"""A derivation as two pieces of source: what all losses share, and the head that is a loss's own.

The shared piece trains runs for one epoch: one run after another, so that a run's parameters,
moments and activations stay in the core's own cache. Where the equations of the losses differ, it
calls a function that it is given: `head`, which writes dZ of the last layer and says the cost.
"""

from __future__ import annotations

from importlib.resources import files

from losscope.derivation import Derivation, Equation
from losscope.derivation.expressions import SumOverExamples, references
from losscope.derivation.printers.lines import numpy_line
from losscope.training.cost import row_losses
from losscope.training.fused.emit import Loops, Store, indented
from losscope.training.fused.graph import Node, UnsupportedError, leaf, trace
from losscope.training.optimizers import Rule

WIDTH = 1000
"""Added to a layer's place, this stands for its width in graphs."""
MATRIX = "F_[:, ::1]"
HEAD = f"types.float64({MATRIX}, {MATRIX}, {MATRIX}, {MATRIX}, F_, types.boolean)"


def head_source(derivation: Derivation, precision: str) -> str:
    """Module with `head(Z, Y, w, dZ, m, valued)`: dZ of the last layer; the sum of the losses.

    Raises
    ------
    UnsupportedError : where a formula needs what fused loops do not have.
    """
    depth, width = derivation.network.depth, derivation.network.layers[-1]
    numbers: dict[object, str] = {}
    leaves: dict[str, object] = {
        f"Z{depth}": leaf("Z", "m", width),
        "Y": leaf("Y", "m", width // derivation.loss.heads),
        "w": leaf("w", "m", 1),
        "m": Node("scalar", detail="m"),
    }
    leaves[f"A{depth}"] = trace(numpy_line(derivation[f"A{depth}"].runs), leaves)
    slope = trace(numpy_line(derivation[f"dZ{depth}"].runs), leaves)
    losses = trace(row_losses(derivation), leaves)
    size = ("Z.shape[0]", "Z.shape[1]", numbers)
    body = Loops([Store("dZ", slope)], *size).lines()
    both = Loops([Store("dZ", slope), Store("total", losses, total=True)], *size).lines()
    return _module(
        precision,
        numbers,
        [
            f'@cfunc({HEAD}, cache=True, error_model="numpy")',
            "def head(Z, Y, w, dZ, m, valued):",
            *indented(["if valued:", *indented([*both, "return total"])]),
            *indented([*body, "return 0.0"]),
        ],
    )


def epoch_source(derivation: Derivation, rule: Rule, precision: str) -> str:
    """Module with `epoch(...)`: all batches for each run of a stack that shares a head.

    Its arguments: the head; the widths of the layers; parameters and the optimizer's state arrays,
    all (runs, P); X, Y and w in the order of this epoch; learning rates (runs,); the optimizer's
    numbers for each step (steps, numbers); batch size; which runs take part; whether costs are
    wanted, and where they are added up (runs,); whether to look after each step if parameters are
    finite, and where the first step at which they are not is written (runs,).
    """
    return _Epoch(derivation, rule, precision).module()


class _Epoch:
    def __init__(self, derivation: Derivation, rule: Rule, precision: str) -> None:
        self.derivation, self.rule, self.precision = derivation, rule, precision
        self.depth = derivation.network.depth
        # Widths are told apart, not told: the code is the same for other widths.
        widths = enumerate(derivation.network.layers)
        self.layers = [1 if width == 1 else WIDTH + place for place, width in widths]
        self.numbers: dict[object, str] = {}

    def module(self) -> str:
        state = [f"all_{name}" for name in self.rule.state]
        arguments = [
            "head",
            "widths",
            "all_theta",
            *state,
            "all_X",
            "all_Y",
            "all_w",
            "rates",
            "steps",
        ]
        arguments += ["batch", "alive", "valued", "costs", "watched", "broken"]
        flat = "F_[:, ::1], " * (1 + len(state))
        signature = (
            f"types.void(types.FunctionType({HEAD}), types.int64[::1], {flat}"
            f"{MATRIX}, {MATRIX}, {MATRIX}, F_[::1], F_[:, ::1], "
            "types.int64, types.boolean[::1], types.boolean, types.float64[::1], "
            "types.boolean, types.int64[::1])"
        )
        code = [
            f'@njit({signature}, cache=True, error_model="numpy")',
            f"def epoch({', '.join(arguments)}):",
            *indented(self._body()),
        ]
        return _module(self.precision, self.numbers, code)

    def _body(self) -> list[str]:
        lines = [f"n{k} = widths[{k}]" for k, width in enumerate(self.layers) if width > 1]
        lines += ["count = all_X.shape[0]", "size = all_theta.shape[1]", "g = np.empty(size, F)"]
        for name, width in self._buffers():
            lines.append(f"whole_{name} = np.empty((batch, {_n(width)}), F)")
        lines += self._views("g", "d")
        lines += [
            "for r in range(all_theta.shape[0]):",
            *indented(["if not alive[r]:", "    continue", "rate = rates[r]"]),
            *indented([f"{name} = all_{name}[r]" for name in ("theta", *self.rule.state)]),
            *indented(self._views("theta", "")),
            *indented(["step = 0", "for start in range(0, count, batch):"]),
            *indented(self._step(), 2),
        ]
        return lines

    def _buffers(self) -> list[tuple[str, int]]:
        """Arrays of a batch, with their widths."""
        layers = enumerate(self.layers[1:], start=1)
        return [(f"{kind}{layer}", width) for layer, width in layers for kind in ("Z", "A", "dZ")]

    def _views(self, flat: str, prefix: str) -> list[str]:
        lines = ["start = 0"]
        for layer in range(1, self.depth + 1):
            n_in, n_out = self.layers[layer - 1 : layer + 1]
            for name, rows in ((f"W{layer}", n_in), (f"b{layer}", 1)):
                shape = f"{_n(rows)}, {_n(n_out)}"
                stop = f"start + {_n(rows)} * {_n(n_out)}"
                lines.append(f"{prefix}{name} = {flat}[start : {stop}].reshape({shape})")
                lines.append(f"start = {stop}")
        return lines

    def _step(self) -> list[str]:
        lines = ["rows = min(batch, count - start)", "m = F(rows)"]
        lines += [f"{name} = all_{name}[start : start + rows]" for name in ("X", "Y", "w")]
        lines += [f"{name} = whole_{name}[:rows]" for name, _ in self._buffers()]
        lines += self._equations("forward")
        last = self.depth
        lines.append(f"found = head(Z{last}, Y, w, dZ{last}, m, valued)")
        lines += self._cost()
        lines += self._equations("backward")
        lines += [f"{name} = steps[step, {k}]" for k, name in enumerate(self.rule.numbers)]
        lines += self._update()
        lines += [
            "step += 1",
            "if watched and broken[r] == 0:",
            "    odd = False",
            "    for j in range(size):",
            "        odd |= not (abs(theta[j]) < INFINITY)",
            "    if odd:",
            "        broken[r] = step",
        ]
        return lines

    def _cost(self) -> list[str]:
        """What a batch adds to the mean cost of the epoch."""
        lines = ["found *= rows / count" + (" / rows" if self._mean() else "")]
        if self.derivation.l2:
            lines.append("squares = 0.0")
            for layer in range(1, self.depth + 1):
                lines += [f"for weight in W{layer}.flat:", "    squares += weight * weight"]
            lines.append(f"found += {0.5 * self.derivation.l2!r} * squares * (rows / count)")
        return ["if valued:", *indented([*lines, "costs[r] += found"])]

    def _mean(self) -> bool:
        return self.derivation.reduction == "mean"

    def _equations(self, phase: str) -> list[str]:
        """The shared equations; neighbours that go over the same rows share a loop."""
        own = {f"A{self.depth}", f"dZ{self.depth}"}
        lines: list[str] = []
        group = _Group(self)
        for equation in _sums_first(self.derivation.phase(phase)):
            if equation.name in own:
                continue
            products, node = self._split(equation.name, numpy_line(equation.runs))
            if products or not group.takes(equation.name, node):
                lines += group.lines()
                group = _Group(self)
            lines += products
            if node.op != "leaf" or node.detail != equation.name:
                group.add(equation.name, node)
        return lines + group.lines()

    def _split(self, name: str, source: str) -> tuple[list[str], Node]:
        """Products first, into the array that the line is for; the rest of it as a graph."""
        node = trace(source, self.leaves())
        found: list[Node] = []

        def lifted(part: Node) -> Node:
            if part.op == "product":
                found.append(part)
                return leaf(name, self.leaves()[name].rows, part.width)
            if not part.args:
                return part
            return Node(part.op, tuple(map(lifted, part.args)), part.rows, part.width, part.detail)

        rest = lifted(node)
        if len(set(found)) > 1:
            raise UnsupportedError(f"{source}: several products in one line")
        return [_product(part, name) for part in dict.fromkeys(found)], rest

    def leaves(self) -> dict[str, Node]:
        """What the shared equations may read, by name."""
        leaves = {"X": leaf("X", "m", self.layers[0]), "m": Node("scalar", detail="m")}
        for layer in range(1, self.depth + 1):
            n_in, n_out = self.layers[layer - 1 : layer + 1]
            for name, rows in ((f"W{layer}", str(n_in)), (f"b{layer}", "1")):
                leaves[name], leaves[f"d{name}"] = (
                    leaf(n, rows, n_out) for n in (name, f"d{name}")
                )
            for name in (f"Z{layer}", f"A{layer}", f"dZ{layer}"):
                leaves[name] = leaf(name, "m", n_out)
        return leaves

    def _update(self) -> list[str]:
        """The optimizer's lines, all in one pass over the parameters."""
        arrays = ("theta", "g", *self.rule.state)
        leaves: dict[str, object] = {name: leaf(name, "m", 2) for name in arrays}
        leaves |= {name: Node("scalar", detail=name) for name in ("rate", *self.rule.numbers)}
        leaves |= self.rule.constants
        stores = []
        for name, line in self.rule.lines:
            stores.append(Store(name, trace(line, leaves)))
            leaves[name] = stores[-1].node
        loops = Loops(stores, "1", "size", self.numbers, lambda node: f"{node.detail}[j]")
        return loops.lines()


def _sums_first(equations: list[Equation]) -> list[Equation]:
    """Sums over the examples directly after what they sum, so that they share its loop."""
    ordered: list[Equation] = []
    for equation in equations:
        place = len(ordered)
        if isinstance(equation.runs, SumOverExamples):
            reads = references(equation.runs)
            place = max((k + 1 for k, e in enumerate(ordered) if e.name in reads), default=place)
        ordered.insert(place, equation)
    return ordered


class _Group:
    """Lines over the same rows and columns, for one loop."""

    def __init__(self, epoch: _Epoch) -> None:
        self.epoch = epoch
        self.stores: list[Store] = []
        self.shape: tuple[str, int] | None = None

    def takes(self, name: str, node: Node) -> bool:
        """Whether a line goes over the same elements as those before it."""
        return self.shape in (None, _shape(self.epoch, name, node))

    def add(self, name: str, node: Node) -> None:
        """Add a line; what earlier ones computed is read where it stands."""
        self.shape = _shape(self.epoch, name, node)
        computed = {store.name: store.node for store in self.stores}

        def resolved(part: Node) -> Node:
            if part.op == "leaf" and part.detail in computed:
                return computed[part.detail]
            if not part.args:
                return part
            args = tuple(map(resolved, part.args))
            return Node(part.op, args, part.rows, part.width, part.detail)

        self.stores.append(Store(name, resolved(node)))

    def lines(self) -> list[str]:
        """The loop."""
        if not self.stores or self.shape is None:
            return []
        label, width = self.shape
        rows = "rows" if label == "m" else _n(int(label))
        return Loops(self.stores, rows, _n(width), self.epoch.numbers).lines()


def _n(width: int) -> str:
    """Code of a width."""
    return str(width) if width == 1 else f"n{width - WIDTH}"


def _shape(epoch: _Epoch, name: str, node: Node) -> tuple[str, int]:
    """Rows and columns that a line goes over: those of its summands, for a sum."""
    if node.op == "column_sum":
        return (node.args[0].rows, node.width)
    return (epoch.leaves()[name].rows, node.width)


def _product(node: Node, target: str) -> str:
    left, right = node.args
    if any(part.op not in {"leaf", "transpose"} for part in node.args):
        raise UnsupportedError("a product of computed arrays")
    spelled = [
        f"{part.args[0].detail}.T" if part.op == "transpose" else str(part.detail)
        for part in (left, right)
    ]
    return f"np.dot({spelled[0]}, {spelled[1]}, {target})"


def _module(precision: str, numbers: dict[object, str], code: list[str]) -> str:
    kernels = files("losscope.training.fused").joinpath("kernels.py").read_text(encoding="utf-8")
    first = ["import numpy as np", f"F = np.{precision}", kernels, f"F_ = types.{precision}"]
    for value, name in numbers.items():
        if isinstance(value, tuple):
            first.append(f"{name} = np.array({value!r}, F)")
        else:
            first.append(f"{name} = F({_spelled(value)})")
    return "\n".join([*first, "", "", *code, ""])


def _spelled(value: object) -> str:
    return repr(value).replace("inf", "np.inf").replace("nan", "np.nan")
