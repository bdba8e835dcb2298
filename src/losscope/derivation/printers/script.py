"""The whole script: definitions, functions, a check of the gradients, data, a training loop."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from losscope.calculus.functions import RAW, TARGETS, Peak, frozen
from losscope.derivation.printers import examples
from losscope.derivation.printers.program import Program

if TYPE_CHECKING:
    from collections.abc import Iterable

    from losscope.derivation.equations import Derivation
    from losscope.derivation.printers.frameworks import Framework

# Variance of the weights is scale / fan; the numbers are those of `losscope.network.initialise`.
_INITIAL = {"glorot": "2.0 / (n_in + n_out)", "he": "2.0 / n_in", "lecun": "1.0 / n_in"}
_TITLES = {"glorot": "Glorot", "he": "He", "lecun": "LeCun"}


def script(derivation: Derivation, framework: Framework, blank: Iterable[str] = ()) -> str:
    """Source of a program that runs by itself when put into a file."""
    program = Program(derivation, framework, blank)
    functions = [
        _initialise(program),
        program.forward(),
        program.cost(),
        program.backward(),
        _update(),
        _check(program),
        _model(program),
        examples.data(derivation, framework),
    ]
    body = "\n\n\n".join("\n".join(lines) for lines in [*functions, _main(program)])
    definitions = framework.definitions(body, rows=program.rows)
    head = f"{_docstring(program)}\n\n" + "\n".join(framework.imports)
    return "\n\n\n".join([head, *definitions, body]) + "\n"


def _docstring(program: Program) -> str:
    d = program.derivation
    inputs, outputs = d.network.layers[0], d.network.layers[-1] // d.loss.heads
    mean = d.reduction == "mean"
    if program.rows:
        shapes = f"Examples are rows: X is (m, {inputs}), Y is (m, {outputs})."
        where = "dZ = ∂J/∂Z holds the 1/m." if mean else "dZ = ∂J/∂Z; J is a sum, without 1/m."
    else:
        shapes = f"Examples are columns: X is ({inputs}, m), Y is ({outputs}, m)."
        where = "dZ is per example; the 1/m stands in dW and db." if mean else "J is a sum: no 1/m."
    does = ", then trains" if not program.blank else ", says which are right, then trains"
    return "\n".join(
        [
            *textwrap.wrap(
                f'"""A {d.network.spelling} network under {d.loss.title} loss, without autograd.',
                80,
            ),
            "",
            shapes,
            f"Y is {d.loss.target.describe()}.",
            where,
            f"Derived by losscope. Run it: it checks its gradients{does}.",
            '"""',
        ]
    )


def _initialise(program: Program) -> list[str]:
    network = program.derivation.network
    scheme, _, shape = network.initializer.partition("_")
    weights, bias = "(n_in, n_out)", "(1, n_out)" if program.rows else "(n_out, 1)"
    turn = "" if program.rows else ".T"
    native = program.framework.native
    title = "Zero" if scheme == "zeros" else f"{_TITLES[scheme]} {shape}"
    lines = [
        "def initialize_parameters(seed=0):",
        f'    """{title} weights and zero biases; one random stream for each layer."""',
        f"    sizes = ({', '.join(map(str, network.layers))})",
        "    parameters = {}",
        "    for layer in range(1, len(sizes)):",
        "        n_in, n_out = sizes[layer - 1], sizes[layer]",
    ]
    if scheme == "zeros":
        drawn = f"np.zeros({weights})"
    else:
        lines.append("        stream = np.random.default_rng([seed, layer])")
        if shape == "uniform":
            lines.append(f"        bound = np.sqrt(3.0 * ({_INITIAL[scheme]}))")
            drawn = f"stream.uniform(-bound, bound, {weights})"
        else:
            drawn = f"stream.normal(0.0, np.sqrt({_INITIAL[scheme]}), {weights})"
    whole, zeros = native.format(drawn + turn), native.format(f"np.zeros({bias})")
    if len(whole) > 55:
        lines.append(f"        drawn = {drawn + turn}")
        whole = native.format("drawn")
    return [
        *lines,
        f'        parameters[f"W{{layer}}"] = {whole}',
        f'        parameters[f"b{{layer}}"] = {zeros}',
        "    return parameters",
    ]


def _update() -> list[str]:
    return [
        "def update_parameters(parameters, grads, learning_rate):",
        '    """Take one step of gradient descent: W := W - α dW, b := b - α db."""',
        "    return {",
        '        name: value - learning_rate * grads["d" + name]',
        "        for name, value in parameters.items()",
        "    }",
    ]


def _check(program: Program) -> list[str]:
    if program.derivation.loss.formula(RAW, TARGETS["real"]).has(frozen):
        return [
            "def check_gradients(*_):",
            '    """Say why differences of the cost cannot check this loss."""',
            '    print("This loss holds a factor constant while differentiating: its gradient is")',
            '    print("not the slope of its cost, so differences of the cost cannot check it.")',
            "    return True",
        ]
    weights = ", w" if program.derivation.weighted else ""
    per_example = not program.rows and program.derivation.reduction == "mean"
    share = ' / (X.shape[1] if name[1] == "Z" else 1)  # dZ is per example' if per_example else ""
    native = program.framework.native.format("rng.normal(size=tuple(gradient.shape))")
    cost = program.cost_call.replace("parameters", "moved")
    blank = "still blank, or reads a line that is"
    blank = blank if program.blank else "not a number: the loss has no value at this prediction"
    return [
        f"def check_gradients(X, Y{weights}, parameters, h=1e-6):",
        '    """Hold each gradient against central differences of the cost; print and return."""',
        "    rng = np.random.default_rng(1)",
        *_off_ties(program),
        f"    {program.last}, cache = forward_propagation(X, parameters)",
        f"    grads = {program.backward_call}",
        "    all_right = True",
        "    for name, gradient in grads.items():",
        f"        direction = {native}",
        "        # To move Z, give each example a bias of its own.",
        '        moving = name[1:].replace("Z", "b")',
        "        costs = []",
        "        for nudge in (h, -h):",
        "            moved = {**parameters, moving: parameters[moving] + nudge * direction}",
        f"            {program.last}, cache = forward_propagation(X, moved)",
        f"            costs.append({cost})",
        "        measured = (costs[0] - costs[1]) / (2 * h)",
        f"        derived = float((gradient * direction).sum()){share}",
        "        size = float(((gradient * direction) ** 2).sum()) ** 0.5 or 1.0",
        *(['        size /= X.shape[1] if name[1] == "Z" else 1'] if per_example else []),
        "        error = abs(measured - derived) / max(size, abs(measured))",
        "        if error != error:",
        f'            verdict = "{blank}"',
        "        elif error < 1e-5:",
        '            verdict = f"right to {-np.log10(max(error, 1e-16)):.0f} digits"',
        "        else:",
        '            slopes = f"slope of the cost {measured:.6g}, this gives {derived:.6g}"',
        '            verdict = f"WRONG: {slopes}"',
        "        all_right = all_right and error < 1e-5",
        '        print(f"{name:5} {tuple(gradient.shape)!s:12} {verdict}")',
        "    return all_right",
    ]


def _off_ties(program: Program) -> list[str]:
    """Where biases of 0 and still units make classes tie for a maximum, the cost has a kink."""
    if not program.derivation.loss.formula(RAW, TARGETS["real"]).has(Peak):
        return []
    shift = program.framework.native.format("rng.normal(size=tuple(value.shape))")
    return [
        "    # Off the start: where no unit fires all classes tie, and the cost has a kink.",
        "    parameters = {",
        f"        name: value + 0.1 * {shift}",
        "        for name, value in parameters.items()",
        "    }",
    ]


def _model(program: Program) -> list[str]:
    weights = ", w" if program.derivation.weighted else ""
    rate = 0.1 if program.derivation.reduction == "mean" else 0.001
    return [
        f"def model(X, Y{weights}, iterations=200, learning_rate={rate}, print_cost=True):",
        '    """Initialise, then repeat: forward, cost, backward, update."""',
        "    parameters = initialize_parameters()",
        "    for iteration in range(iterations):",
        f"        {program.last}, cache = forward_propagation(X, parameters)",
        f"        cost = {program.cost_call}  # printed, never used",
        f"        grads = {program.backward_call}",
        "        parameters = update_parameters(parameters, grads, learning_rate)",
        "        if print_cost and iteration % (iterations // 5 or 1) == 0:",
        '            print(f"cost after {iteration:4d} steps {cost:.6f}")',
        "    return parameters",
    ]


def _main(program: Program) -> list[str]:
    weights = ", w" if program.derivation.weighted else ""
    lines = [
        'if __name__ == "__main__":',
        f"    X, Y{weights} = make_data()",
        f"    right = check_gradients(X, Y{weights}, initialize_parameters())",
    ]
    if program.blank:
        lines += ["    if not right:", '        raise SystemExit("Not all lines are right yet.")']
    return [*lines, f"    model(X, Y{weights})"]
