"""A stack's parameters as they stood, and back again."""

import numpy as np

from losscope import losses
from losscope.training import Run, train

RNG = np.random.default_rng(0)
X = RNG.normal(size=(40, 3))
Y = (X[:, :1] > 0).astype(float)
RUNS = [  # in an order that the stack does not keep: runs of one loss stand side by side there
    Run(losses.get("bce"), 0.1, "sigmoid"),
    Run(losses.get("mse"), 0.1, "sigmoid"),
    Run(losses.get("bce"), 0.3, "sigmoid"),
]


def test_runs_stand_where_a_snapshot_says_and_then_where_they_stood():
    """Each run predicts what it predicted when the snapshot was taken, to the bit."""
    kept, seen = [], []

    def watch(_, stack):
        kept.append(stack.snapshot())
        seen.append(stack.predict_raw(X))

    trained = train((3, 4, 1), RUNS, X, Y, epochs=3, on_epoch=watch)
    mixed = np.stack([kept[1][0], kept[2][1], kept[0][2]])
    with trained.stack.standing_at(mixed):
        then = trained.stack.predict_raw(X)
    assert (then == np.stack([seen[1][0], seen[2][1], seen[0][2]])).all()
    assert (trained.stack.predict_raw(X) == seen[3]).all()
