"""Raw predictions from predictions, for a reader who has kept only A.

A has rounded away what Z knew of a saturated output, so this is exact only away from 0 and 1; a
training loop passes Z itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from losscope.derivation.equations import Derivation
    from losscope.derivation.printers.frameworks import Framework

_CODE = {
    "sigmoid": (
        "info = {xp}.finfo({a}.dtype)",
        "p = {xp}.clip({a}, info.tiny, 1 - info.eps / 2)",
        "{z} = {xp}.log(p) - {xp}.log1p(-p)",
    ),
    "softmax": ("{z} = {xp}.log({xp}.clip({a}, {tiny}, 1.0))",),
    "exp": ("{z} = {xp}.log({xp}.clip({a}, {tiny}, None))",),
    "softplus": ("{z} = {a} + {xp}.log(-{xp}.expm1(-{xp}.clip({a}, {tiny}, None)))",),
    "tanh": ("{z} = {xp}.arctanh({a})",),
}


def code(derivation: Derivation, framework: Framework) -> list[str]:
    """Lines that compute Z of the output layer from A; none where A does not determine it."""
    depth = derivation.network.depth
    a = f"A{depth}"
    tiny = f"{framework.module}.finfo({a}.dtype).tiny"
    lines = _CODE.get(str(derivation.network.output), ())
    return [part.format(xp=framework.module, a=a, z=f"Z{depth}", tiny=tiny) for part in lines]
