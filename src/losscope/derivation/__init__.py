"""(network, loss) -> equations: the derivation that is printed is the one that runs."""

from losscope.derivation.derive import derive, derive_all
from losscope.derivation.equations import Derivation, Equation, Named, Reading, differing

__all__ = ["Derivation", "Equation", "Named", "Reading", "derive", "derive_all", "differing"]
