"""What may be put around any loss: smoothing, weights, a temperature, targets to ignore."""

from losscope.losses.options.base import Option, with_options

__all__ = ["Option", "with_options"]
