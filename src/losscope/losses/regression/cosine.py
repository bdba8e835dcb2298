"""Cosine distance."""

from __future__ import annotations

import sympy as sp

from losscope.calculus.functions import Total, unit
from losscope.losses.base import Loss
from losscope.losses.dialects import Dialect


class CosineDistance(Loss):
    """1 − cos of the angle between prediction and target: only the direction counts.

    Written as half the squared distance of the unit vectors, which is the same and does not cancel.
    A prediction of zeros has no direction: its loss is taken as ½ and its slope as 0.
    """

    name = "cosine_distance"
    title = "cosine distance"
    aliases = ("cosine", "cosine_similarity", "CosineSimilarity", "cosine_loss")
    tasks = ("regression",)
    output = "identity"
    vector = True
    convex, bounded, robust = False, True, True
    kinks = "at a = 0, where the slope is taken as 0"
    not_to_be_confused_with = {
        "CosineSimilarity": "Keras' loss is −cos: its least value is −1, here 0",
        "CosineEmbeddingLoss": "PyTorch's loss of pairs that should agree or differ",
    }
    sources = ("Salton and McGill, Introduction to Modern Information Retrieval, 1983",)
    dialects = (
        Dialect(
            "torch",
            "torch.nn.CosineEmbeddingLoss()",
            names=("F.cosine_embedding_loss",),
            defaults={"margin": 0.0},
            note="takes two batches of vectors, and a third argument: ones",
        ),
        Dialect(
            "keras",
            "keras.losses.CosineSimilarity()",
            names=("cosine_similarity",),
            offset="-1",
            note="its least value is −1",
        ),
        Dialect("optax", "optax.cosine_distance(predictions, targets)"),
    )

    def formula(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """½ ‖a/‖a‖ − y/‖y‖‖², which is 1 − cos(a, y)."""
        return Total((unit(a) - unit(y)) ** 2) / 2
