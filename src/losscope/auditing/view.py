"""What is taken as the descended direction of a parameter: a step, or a gradient behind a rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from losscope.auditing.recorder import Key

Array = np.ndarray[Any, Any]
EXACT = 1e-7  # what rounding may leave of a step that a rule makes
OWN_RULE, CLIPPED, BOUNDED, SIGNED = "own rule", "clipped", "bounded", "signed"
_ADAPTIVE = ("Adam", "RMSprop", "Adagrad", "Adamax")  # measured to make the steps exactly


@dataclass
class View:
    """What is taken as the descended direction of a parameter, by state."""

    arrays: list[Array]
    rule: str = "plain"  # "plain" "momentum" "Adam" "RMSprop" "Adagrad" "unknown"
    name: str = ""  # the array in the program, if it is not the step itself
    line: int = 0
    buffers: tuple[str, ...] = ()
    momentum: float = 0.0
    decay: float = 0.0  # of the parameter itself, outside the gradient
    rate: float = 1.0  # step = −rate · array, for plain rules
    key: Key | None = None
    schedule: str = ""  # the number that sets each pass's rate, where the rate changes
    scales: list[float] | None = None  # its values, by state: already divided out of `arrays`

    @property
    def stepped(self) -> bool:
        """Whether the arrays are steps, with the learning rate in them, and not gradients."""
        return self.rule in {"plain", BOUNDED} or "momentum" in self.rule

    @property
    def whole(self) -> bool:
        """Whether nothing but the arrays makes the steps: no decay is added outside the rule."""
        return self.decay == 0 and (self.stepped or self.rule in _ADAPTIVE)
