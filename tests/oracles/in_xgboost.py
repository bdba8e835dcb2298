"""Run a dialect in XGBoost: a tree of one leaf on one row gives that row's gradient back.

The leaf is −G / (H + λ); H is written beside it in the dump, so G follows. XGBoost computes in
float32 whatever it is given.
"""

import json

import numpy as np
import xgboost

from tests.oracles.cases import Outcome

PENALTY = 100.0  # large, so that no leaf meets the bound that some objectives put on a step


def run(case, dtype, *, weighted):
    """Gradients of rows, one small booster each; there is no value of a row to compare."""
    z, y, w = case.inputs(dtype)
    target = case.encoded(y).reshape(len(z), -1)
    slopes = np.array(
        [_slope(case, z[i], target[i], w[i] if weighted else None) for i in range(len(z))]
    )
    return Outcome(None, None, slopes / len(z), "N")


def _slope(case, z, target, weight):
    many = {"num_class": case.outputs} if case.loss.vector else {}
    settings = eval(case.code) | many | {
        "eta": 1.0, "lambda": PENALTY, "min_child_weight": 0.0, "max_depth": 1, "nthread": 1,
        "base_score": 0.5, "verbosity": 0,
    }  # fmt: skip
    table = xgboost.DMatrix(np.zeros((1, 1)), label=target)
    if weight is not None:
        table.set_weight([weight])
    table.set_base_margin(z.reshape(1, -1) if case.loss.vector else z)
    booster = xgboost.train(settings, table, num_boost_round=1)
    leaves = [json.loads(text) for text in booster.get_dump(with_stats=True, dump_format="json")]
    return [-leaf["leaf"] * (leaf["cover"] + PENALTY) for leaf in leaves]
