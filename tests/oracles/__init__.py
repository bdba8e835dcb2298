"""Every dialect, executed in the framework it is a dialect of."""

import os

# Keras computes by PyTorch here, so that one automatic differentiation serves both.
os.environ.setdefault("KERAS_BACKEND", "torch")
