"""Say what the loss function does to the way a network learns."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from losscope import losses as losses
    from losscope.auditing import audit as audit
    from losscope.comparison import Comparison as Comparison
    from losscope.comparison import compare as compare
    from losscope.derivation import Derivation as Derivation
    from losscope.derivation import derive as derive
    from losscope.errors import LosscopeError as LosscopeError
    from losscope.estimators import NetworkClassifier as NetworkClassifier
    from losscope.estimators import NetworkRegressor as NetworkRegressor
    from losscope.network import Network as Network

__version__ = "0.1.0"

# Public name -> where it lives. Loaded on first use, so that `import losscope` stays light.
_PUBLIC = {
    "Comparison": "losscope.comparison",
    "compare": "losscope.comparison",
    "LosscopeError": "losscope.errors",
    "Network": "losscope.network",
    "NetworkClassifier": "losscope.estimators",
    "NetworkRegressor": "losscope.estimators",
    "Derivation": "losscope.derivation",
    "derive": "losscope.derivation",
    "audit": "losscope.auditing",
}
_MODULES = ("losses",)

__all__ = [
    "Comparison",
    "Derivation",
    "LosscopeError",
    "Network",
    "NetworkClassifier",
    "NetworkRegressor",
    "__version__",
    "audit",
    "compare",
    "derive",
    "losses",
]


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        value = getattr(importlib.import_module(_PUBLIC[name]), name)
    elif name in _MODULES:
        value = importlib.import_module(f"losscope.{name}")
    else:
        raise AttributeError(f"module 'losscope' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
