"""A loss on another output activation than its matched one."""

from __future__ import annotations

from typing import Any

from losscope.losses.options.base import Option


class OnOutput(Option):
    """`mse@sigmoid`: the same formula of the prediction, another prediction of z. See `Loss.at`.

    What holds in z under the matched activation (convexity, bounds, …) is not known here.
    """

    def check(self, setting: Any) -> str:
        """Name of the activation, checked by `Loss.at`."""
        self.output = str(setting)
        return self.output

    def adapt(self) -> None:
        """Nothing is claimed."""
        self.proper = self.convex = self.bounded = self.robust = self.elicits = None

    def said(self) -> str:
        """On which output."""
        return f"on {self.setting}"

    def settings(self) -> list[str]:
        """Those of the loss inside."""
        return self.loss.settings()

    @property
    def options(self) -> dict[str, Any]:
        """Those of the loss inside."""
        return self.loss.options

    @property
    def spelling(self) -> str:
        """With the output behind an @."""
        return f"{self.loss.spelling}@{self.setting}"
