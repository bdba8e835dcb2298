"""Run a dialect in LightGBM: a tree of two leaves, one the row that is asked about.

Its leaf is −G / (H + λ), and H is in the dump, so G follows. Other rows stand there because
LightGBM keeps no tree without a split; LightGBM holds gradients in float32.
"""

import lightgbm
import numpy as np

from tests.oracles.cases import Outcome

PENALTY = 10.0
COPIES = 256  # of each row: LightGBM guesses counts from hessians, and splits no leaf of count 0


def run(case, dtype, *, weighted):
    """Gradients of rows, one small booster each; there is no value of a row to compare."""
    z, y, w = case.inputs(dtype)
    target = case.encoded(y).reshape(len(z), -1).astype(np.float64)[:, 0]
    slopes = [
        _slope(case, z[i].astype(np.float64), target[i], w[i] if weighted else 1.0)
        for i in range(len(z))
    ]
    return Outcome(None, None, np.array(slopes) / len(z), "N")


def _others(case, z, target):
    """Rows on the far side, so that the first parts from them; every class among them."""
    if case.loss.vector:
        rivals = [k for k in range(case.outputs) if k != target]
        return [0 * z] * len(rivals), rivals
    if case.output == "sigmoid":
        return [z], [1 - target]
    if case.output == "exp":
        mean = float(np.exp(z[0]))
        return [z], [2 * mean if target < mean else mean / 2]
    return [np.where(z < target, target + 4.0, target - 4.0)], [target]


def _slope(case, z, target, weight):
    far, labels = _others(case, z, target)
    many = {"num_class": case.outputs} if case.loss.vector else {}
    settings = eval(case.code) | many | {
        "learning_rate": 1.0, "lambda_l2": PENALTY, "min_data_in_leaf": 1, "min_data_in_bin": 1,
        "min_sum_hessian_in_leaf": 0.0, "num_leaves": 2, "boost_from_average": False,
        "verbosity": -1, "num_threads": 1, "feature_pre_filter": False,
    }  # fmt: skip
    scores = np.repeat(np.stack([z, *far]), COPIES, axis=0)
    table = lightgbm.Dataset(
        np.repeat([[0.0], *([[1.0]] * len(far))], COPIES, axis=0),
        label=np.repeat([target, *labels], COPIES),
        weight=np.repeat([weight, *([1.0] * len(far))], COPIES),
        init_score=scores if case.loss.vector else scores[:, 0],
    )
    booster = lightgbm.train(settings, table, num_boost_round=1)
    trees = [info["tree_structure"] for info in booster.dump_model()["tree_info"]]
    return [_gradient(tree["left_child"]) for tree in trees]


def _gradient(leaf):
    return -leaf["leaf_value"] * (leaf["leaf_weight"] + PENALTY) / COPIES
