"""(network, loss) -> equations: the derivation that is printed is the one that runs."""

from losscope.derivation.derive import derive, derive_all
from losscope.derivation.equations import Derivation, Equation, differing

__all__ = ["Derivation", "Equation", "derive", "derive_all", "differing"]
