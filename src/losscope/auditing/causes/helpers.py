"""The program's own functions of one argument: activations and their derivatives."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

_HINTS = (
    "prime",
    "deriv",
    "grad",
    "d_",
    "backward",
    "_d",
    "dsig",
    "drelu",
    "dtanh",
    "sig",
    "elu",
    "tanh",
    "swish",
    "silu",
    "softplus",
    "slope",
)
NUMPY: dict[str, Any] = {"np": np, "numpy": np, "math": np, "exp": np.exp, "tanh": np.tanh}


def of_one_argument(tree: ast.Module) -> dict[str, ast.AST]:
    """List the functions that a program calls with one argument, by name."""
    out: dict[str, ast.AST] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and _takes_one(node.args):
            out[node.name] = node
        elif (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Lambda)
            and isinstance(node.targets[0], ast.Name)
            and _takes_one(node.value.args)
        ):
            out[node.targets[0].id] = node.value
    return out


def _takes_one(arguments: ast.arguments) -> bool:
    """Tell whether a function asks for one argument; others may have a usual value."""
    asked = arguments.args[: len(arguments.args) - len(arguments.defaults)]
    return len([a for a in asked if a.arg not in ("self", "cls")]) == 1


def derivative_like(name: str) -> bool:
    """Tell whether a function's name sounds like an activation or its derivative."""
    return any(hint in name.lower() for hint in _HINTS)


def slopes_of_others(functions: dict[str, Callable[..., Any]]) -> set[str]:
    """List the helpers that are the derivative of another one, of its argument or of its value.

    Where such a one is at fault, it is called with the wrong argument.
    """
    x = np.array([-1.3, -0.4, 0.3, 1.7])
    right = set()
    for other in functions.values():
        result, ahead, behind = (called(other, v) for v in (x, x + 1e-5, x - 1e-5))
        if result is None or ahead is None or behind is None:
            continue
        slope = (ahead - behind) / 2e-5
        for name, function in functions.items():
            answers = (called(function, x), called(function, result))
            if function is not other and any(_alike(v, slope) for v in answers):
                right.add(name)
    return right


def live(helpers: Mapping[str, ast.AST]) -> dict[str, Callable[..., Any]]:
    """Make functions of the helpers that need nothing but NumPy and each other."""
    space: dict[str, Any] = dict(NUMPY)
    made = {}
    for name, node in helpers.items():
        try:
            if isinstance(node, ast.FunctionDef):
                exec(compile(ast.Module([node], []), "helper", "exec"), space)  # noqa: S102
            elif isinstance(node, ast.Lambda):
                code = compile(ast.Expression(node), "helper", "eval")
                space[name] = eval(code, space)  # noqa: S307 - the program's own
        except Exception:  # noqa: BLE001, S112 - it needs more than NumPy
            continue
        if name in space:
            made[name] = space[name] = _unbound(node, space[name])
    return made


def _unbound(node: ast.AST, function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a method be called without its object, which an activation has no use for."""
    arguments = node.args.args if isinstance(node, ast.FunctionDef) else []
    bound = bool(arguments) and arguments[0].arg in ("self", "cls")
    return (lambda *given: function(None, *given)) if bound else function


def called(function: Callable[..., Any], x: Any) -> Any:
    """Give a helper's answer to an array; None where it takes something else."""
    try:
        with np.errstate(all="ignore"):
            answer = np.asarray(function(x), dtype=np.float64)
    except Exception:  # noqa: BLE001 - it is the program's own
        return None
    return answer if answer.shape == np.shape(x) else None


def _alike(value: Any, slope: Any) -> bool:
    return value is not None and np.ptp(slope) > 0 and np.allclose(value, slope, rtol=1e-6)
