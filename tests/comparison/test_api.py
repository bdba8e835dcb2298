"""From a table to a verdict: the result's shape, its bits, its resumption, its refusals."""

import base64
import json
import math

import numpy as np
import pytest

import losscope
from losscope.comparison import Plan, compare, runner
from losscope.comparison import store as stores
from losscope.errors import LosscopeError
from losscope.losses import get

RNG = np.random.default_rng(0)
X = RNG.normal(size=(160, 4))
Y = (X[:, 0] + 0.5 * RNG.normal(size=160) > 0).astype(int)
SMALL = {"hidden": (5,), "epochs": 3, "seeds": 3, "store": False, "n_jobs": 1}


def run(**changes):
    """A small comparison, with changes."""
    arguments = {"losses": ["ce", "mse"], **SMALL, **changes}
    x, y = arguments.pop("X", X), arguments.pop("y", Y)
    return compare(x, y, **arguments)


def numbers(comparison):
    """The result as text, without what may differ between two runs of one plan."""
    result = comparison.to_dict()
    for free in ("seconds", "notices", "command"):
        del result[free]
    return json.dumps(result, sort_keys=True)


@pytest.fixture(scope="module")
def three():
    """Three losses, one of them trained on scores."""
    return run(losses=["ce", "mse", "hinge"], metric="neg_log_loss")


def test_the_result_has_what_the_page_reads(three):
    """Every part of the result is there, strict JSON, and the plan in it is the plan."""
    result = three.to_dict()
    json.dumps(result, allow_nan=False)
    assert set(result) == {
        "losscope", "name", "plan", "environment", "data", "network", "metric", "metrics",
        "losses", "learning_rates", "seeds", "runs", "table", "baselines", "cross_table",
        "verdict", "equations", "notices", "command", "seconds", "decisions", "weighted",
        "per_label", "two_accuracies", "reach", "derivatives", "plane",
    }  # fmt: skip
    assert Plan.from_dict(result["plan"]) == three.plan
    assert result["name"] == three.plan.name == three.name
    assert result["metric"] == {
        "name": "log_loss",
        "title": "log-loss",
        "greater_is_better": False,
        "chosen": "given",
        "margin": 0.01,
    }
    assert [loss["label"] for loss in result["losses"]] == ["ce", "mse", "hinge"]
    assert result["losses"][0]["resolution"].startswith("ce → bce (")
    assert result["losses"][0]["torch"]
    assert [row["title"] for row in result["baselines"]] == [
        "logistic regression",
        "constant prediction",
    ]


def test_every_run_is_recorded(three):
    """A run for each loss, rate and seed; one chosen a loss and seed; curves of full length."""
    result = three.to_dict()
    runs = result["runs"]
    grids = result["learning_rates"]["grids"]
    assert len(runs) == sum(len(grid) for grid in grids.values()) * 3
    for label in ("ce", "mse", "hinge"):
        for seed in range(3):
            mine = [r for r in runs if (r["loss"], r["seed"]) == (label, seed)]
            [chosen] = [r for r in mine if r["chosen"]]
            best = min(mine, key=lambda r: r["last"]["valid"]["log_loss"])
            assert chosen["last"]["valid"]["log_loss"] == best["last"]["valid"]["log_loss"]
            assert len(chosen["curves"]["valid_metric"]) == 4
            assert len(chosen["curves"]["train_cost"]) == 3
            curve = chosen["curves"]["valid_metric"]
            assert curve[chosen["best_epoch"]] == min(curve)
            # Of scores a curve's fits start where the epoch before ended, a table's from nothing.
            assert chosen["last"]["valid"]["log_loss"] == pytest.approx(curve[-1], rel=1e-13)
            assert chosen["best"]["valid"]["log_loss"] == pytest.approx(min(curve), rel=1e-13)


def test_the_table_is_the_mean_of_the_chosen_runs(three):
    """Table, runs and differences to the reference tell one story."""
    result = three.to_dict()
    for row in result["table"]:
        chosen = [r for r in result["runs"] if r["loss"] == row["loss"] and r["chosen"]]
        for metric in result["metrics"]:
            values = [r["last"]["test"][metric["name"]] for r in chosen]
            assert row["metrics"][metric["name"]]["per_seed"] == values
            assert row["metrics"][metric["name"]]["mean"] == pytest.approx(np.mean(values))
    assert result["table"][0]["minus_reference"] is None
    difference = result["table"][1]["minus_reference"]["difference"]
    means = [row["metrics"]["log_loss"]["mean"] for row in result["table"]]
    assert difference == pytest.approx(means[1] - means[0], abs=1e-12)


def test_the_cross_table_measures_each_net_by_each_loss(three):
    """Under bce it is the log-loss itself; hinge's net is measured on calibrated scores."""
    result = three.to_dict()
    cross = result["cross_table"]
    assert cross["losses"] == ["ce", "mse", "hinge"]
    column = [row[0] for row in cross["rows"]]
    log_losses = [row["metrics"]["log_loss"]["mean"] for row in result["table"]]
    np.testing.assert_allclose(column, log_losses, rtol=1e-9)
    briers = [row["metrics"]["brier"]["mean"] for row in result["table"]]
    np.testing.assert_allclose([row[1] for row in cross["rows"]], briers, rtol=1e-9)
    relative = result["table"][1]["relative_to_constant"]["ce"]
    assert relative == pytest.approx(cross["rows"][1][0] / cross["constant"][0])
    assert 0.6 < cross["constant"][0] < 0.7  # the entropy of nearly even classes


def test_a_loss_of_scores_is_named_as_a_second_difference(three):
    """Hinge gets its own output, is calibrated, and both are said."""
    result = three.to_dict()
    hinge = result["losses"][2]
    assert (hinge["output"], hinge["own_output"]) == ("identity", True)
    [said] = [n for n in result["notices"] if n.startswith("hinge")]
    assert "a second difference" in said
    assert "validation rows" in said
    probabilities = [r["last"]["test"]["brier"] for r in result["runs"] if r["loss"] == "hinge"]
    assert all(0 <= value <= 1 for value in probabilities)


def test_what_differs_is_one_equation(three):
    """Between losses on one output, dZ of the output layer and nothing else."""
    result = run(epochs=1, seeds=1, learning_rates=0.01).to_dict()
    assert result["verdict"]["what_differed"]["equations"] == ["dZ2"]
    assert result["verdict"]["what_differed"]["sentence"].startswith("One equation differs, dZ2;")
    assert [e["name"] for e in result["equations"]["differing"]["ce"]] == ["dZ2"]
    assert "dW1" in [e["name"] for e in result["equations"]["shared"]]
    assert "A2" in three.to_dict()["verdict"]["what_differed"]["equations"]


def test_the_same_numbers_whatever_the_workers_and_chunks(monkeypatch):
    """In processes, in one process, a run at a time: the same bytes."""
    little = {"learning_rates": [0.01, 0.03], "seeds": 2}
    alone = numbers(run(**little))
    assert numbers(run(**little, n_jobs=2)) == alone
    monkeypatch.setattr(runner, "FEWEST_RUNS", 1)
    monkeypatch.setattr(runner, "CACHE_BYTES", 1)
    assert numbers(run(**little)) == alone


def test_an_interrupted_comparison_goes_on(tmp_path):
    """What was stored before an interruption is kept, not run again, and the result is the same."""
    path = tmp_path / "store.sqlite"

    def interrupt(done, total, left):
        assert left is None or left >= 0
        if 0 < done < total:
            raise KeyboardInterrupt

    little = {"learning_rates": [0.01, 0.03]}
    with pytest.raises(KeyboardInterrupt):
        run(**little, store=path, progress=interrupt)
    resumed = run(**little, store=path)
    assert any("were there already" in said for said in resumed.to_dict()["notices"])
    assert numbers(resumed) == numbers(run(**little))
    with stores.Store(path) as store:
        stored = store.result(resumed.name)
    assert stored == resumed.to_dict()


def test_more_seeds_cost_only_those(tmp_path):
    """A plan with more seeds takes the earlier seeds' runs from the store."""
    path = tmp_path / "store.sqlite"
    first = run(store=path, seeds=2, learning_rates=[0.01, 0.03])
    seen = []
    more = run(
        store=path, seeds=3, learning_rates=[0.01, 0.03], progress=lambda *now: seen.append(now)
    )
    assert seen[0][:2] == (8, 12)
    assert seen[-1][:2] == (12, 12)
    assert more.name != first.name
    earlier = [r for r in more.to_dict()["runs"] if r["seed"] < 2]
    assert earlier == first.to_dict()["runs"]


def test_a_worker_in_another_environment_is_refused(monkeypatch):
    """Numbers from another installation or processor are not mixed in."""
    execute = runner.work.execute
    monkeypatch.setattr(runner.work, "execute", lambda *a: ("other", execute(*a)[1]))
    with pytest.raises(LosscopeError, match=r"another environment.*must not be mixed"):
        run(epochs=0, seeds=1)


def test_a_failed_run_is_named_and_the_others_go_on():
    """A learning rate that breaks training: loss, rate, seed and step are said; others finish."""
    found = run(
        y=100 * X[:, 0] + X[:, 1],
        losses=["mse", "mae"],
        optimizer="sgd",
        learning_rates=[0.01, 1e200],
    )
    result = found.to_dict()
    broken = [r for r in result["runs"] if r["status"] == "failed"]
    assert {r["loss"] for r in broken} == {"mse", "mae"}
    assert not any(r["chosen"] for r in broken)
    assert broken[0]["message"]
    [said, *_] = [n for n in result["notices"] if "mse, seed 0" in n]
    assert "1e+200" in said
    assert "step" in said
    assert all(math.isfinite(row["metrics"]["rmse"]["mean"]) for row in result["table"])


def test_a_loss_whose_every_run_failed_has_no_result():
    """All failed: no value, no claim, and it is said."""
    found = run(
        y=100 * X[:, 0] + X[:, 1],
        losses=["mse", "huber"],
        optimizer="sgd",
        learning_rates=[1e200],
        seeds=2,
    )
    result = found.to_dict()
    assert result["table"][0]["metrics"]["rmse"]["mean"] is None
    assert result["table"][0]["learning_rates"]["median"] is None
    assert {pair["outcome"] for pair in result["verdict"]["result"]["pairs"]} == {"cannot tell"}
    assert any("no result on 2 of 2 seeds" in said for said in result["notices"])
    str(found)


def test_regression_is_reported_in_its_own_unit():
    """RMSE is of the target's unit, and the constant prediction's is the target's spread."""
    y = 1000 + 50 * X[:, 0]
    result = run(y=y, losses=["mse", "mae"], learning_rates=0.03, epochs=20).to_dict()
    constant = next(b for b in result["baselines"] if b["title"] == "constant prediction")
    assert constant["metrics"]["rmse"]["mean"] == pytest.approx(y.std(), rel=0.2)
    assert 1 < result["table"][0]["metrics"]["rmse"]["mean"] < 40
    assert result["metric"]["name"] == "rmse"
    assert result["metric"]["margin"] == pytest.approx(0.01 * y.std())


@pytest.mark.parametrize(
    ("task", "losses"),
    [
        ("multiclass", ["ce", "mse"]),
        ("multilabel", ["bce", "hinge"]),
        ("counts", ["poisson", "mse"]),
    ],
)
def test_every_task_runs(task, losses):
    """Classes, labels and counts go the same way, with weights and a second output."""
    y = {
        "multiclass": np.digitize(X[:, 0], [-0.5, 0.5]),
        "multilabel": (X[:, :2] > 0).astype(int),
        "counts": np.random.default_rng(1).poisson(np.exp(X[:, 0])),
    }[task]
    w = np.random.default_rng(2).random(160) + 0.5
    found = run(y=y, task=task, losses=losses, learning_rates=0.01, seeds=2, sample_weight=w)
    result = found.to_dict()
    assert result["data"]["task"] == task
    for row in result["table"]:
        assert math.isfinite(row["metrics"][result["metric"]["name"]]["mean"])
    assert np.isfinite(result["cross_table"]["constant"]).all()


def test_learning_rates_the_same_or_of_equal_steps():
    """One choice for all losses; with equal-step each rate is scaled by the first gradient."""
    same = run(learning_rates="same", optimizer="sgd").to_dict()
    assert len({r["learning_rate"] for r in same["runs"] if r["chosen"]}) == 1
    equal = run(learning_rates="equal-step", optimizer="sgd").to_dict()
    chosen = {r["loss"]: r["learning_rate"] for r in equal["runs"] if r["chosen"]}
    assert chosen["mse"] > 1.5 * chosen["ce"]  # its first gradient is shorter
    assert equal["learning_rates"]["mode"] == "equal-step"


def test_an_edge_extends_the_grid_for_every_seed():
    """Where the largest rate wins, larger ones are tried on all seeds, and recorded."""
    result = run(optimizer="sgd", losses=["mse"], epochs=2, seeds=2).to_dict()
    added = result["learning_rates"]["extended"]["mse"]
    assert added[0] == 3.0
    for rate in added:
        assert sum(r["learning_rate"] == rate for r in result["runs"]) == 2


def test_a_rare_class_makes_average_precision_primary():
    """Under 20 % positive, average precision carries the verdict unless told otherwise."""
    rare = (X[:, 0] > 1.2).astype(int)
    result = run(y=rare, epochs=1, seeds=1, learning_rates=0.01).to_dict()
    assert (result["metric"]["name"], result["metric"]["chosen"]) == (
        "average_precision",
        "default",
    )
    assert result["verdict"]["result"]["sentences"][0].startswith("Cannot tell: one seed")


def test_float32_is_another_plan_and_stays_float32():
    """Precision is in the plan and in the environment."""
    wide, narrow = run(epochs=1, seeds=1), run(epochs=1, seeds=1, precision="float32")
    assert wide.name != narrow.name
    assert narrow.to_dict()["environment"]["precision"] == "float32"
    assert numbers(wide) != numbers(narrow)


def test_no_epoch_compares_the_start():
    """Zero epochs: all losses have the same start, to the bit, and that is what is said."""
    found = run(epochs=0, seeds=2)
    assert not found.verdict.learning.changed
    assert "bit for bit" in str(found.verdict)
    assert found.to_dict()["verdict"]["result"]["pairs"][0]["outcome"] == "equivalent"


def test_a_loss_object_and_another_output():
    """A Loss goes where a name goes; name@output is the same loss on another output."""
    result = run(
        losses=[get("focal", gamma=3), "mse", "mse@identity"], learning_rates=0.01, seeds=2
    ).to_dict()
    assert [loss["label"] for loss in result["losses"]] == ["focal(gamma=3)", "mse", "mse@identity"]
    assert [loss["own_output"] for loss in result["losses"]] == [False, False, True]


def test_it_shows_itself(three, tmp_path):
    """Text, notebook and files carry the verdict; names are escaped."""
    assert "trained with" in str(three)
    assert three.verdict.sentences[0] in str(three)
    shown = three._repr_html_()
    assert "<table>" in shown
    picture = base64.b64decode(shown.split("base64,")[1].split('"')[0]).decode()
    assert picture.startswith("<svg")
    assert "hinge" in picture
    assert shown.count("<img") == three._repr_html_().count("<img") == 1
    assert "ce, mse, hinge" in repr(three)
    saved = three.save(tmp_path / "result.json")
    assert json.loads(saved.read_text())["name"] == three.name
    assert len(three.table) == 5


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"losses": []}, "expected at least one"),
        ({"losses": ["cee"]}, "unknown loss 'cee'.*did you mean"),
        ({"losses": ["ce", "bce"]}, "ce and bce are the same loss"),
        ({"losses": ["poisson"]}, "poisson"),
        ({"losses": ["mse@sigmod"]}, "sigmod.*did you mean"),
        ({"losses": ["mse@softmax"]}, "at least 2 outputs"),
        ({"epochs": -1}, "epochs must be a whole number of at least 0, got -1"),
        ({"batch_size": 0}, "batch_size must be a whole number of at least 1, got 0"),
        ({"hidden": (0,)}, "hidden layer's width must be a whole number of at least 1, got 0"),
        ({"hidden": (5, -1)}, "got -1"),
        ({"activation": "rleu"}, "unknown activation 'rleu'"),
        ({"optimizer": "adm"}, "unknown optimizer 'adm'.*adam"),
        ({"metric": "acuracy"}, "did you mean 'accuracy'"),
        ({"metric": "rmse"}, "does not fit a binary target"),
        ({"margin": -0.1}, "margin must be a number of at least 0"),
        ({"seeds": 0}, "seeds must be a whole number of at least 1"),
        ({"learning_rates": "best"}, "expected tuned, same, equal-step or numbers"),
        ({"learning_rates": [-0.1]}, "a learning rate must be a number above 0"),
        ({"precision": "float16"}, "precision must be float64 or float32, got 'float16'"),
        ({"l2": float("inf")}, "l2 must be a number"),
        ({"n_jobs": 0}, "n_jobs must be a whole number"),
        ({"y": None}, "expected X and y, or dataset="),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else "",
)
def test_a_wrong_request_has_one_line(wrong, message):
    """Refused before anything runs, in one line that says what was expected and what came."""
    with pytest.raises(LosscopeError, match=message) as refused:
        run(**wrong)
    assert "\n" not in str(refused.value)


def test_a_target_outside_the_loss_s_domain_names_its_rows():
    """Negative counts for Poisson: which rows, counted in the data as given."""
    dataset = losscope.data.from_arrays(X, np.random.default_rng(1).poisson(3, 160), task="counts")
    object.__setattr__(dataset, "targets", dataset.targets.copy())
    dataset.targets[[7, 30, 31]] = -1
    with pytest.raises(LosscopeError, match=r"is −1 in row 7 \(and 2 more: 30, 31\)"):
        compare(dataset=dataset, losses=["poisson"], **SMALL)


def test_a_dataset_comes_alone():
    """A dataset beside arrays or their meaning is contradictory, and said to be."""
    dataset = losscope.data.from_arrays(X, Y)
    with pytest.raises(LosscopeError, match=r"dataset= says it all already; leave out y, task"):
        compare(dataset=dataset, y=Y, task="binary", losses=["ce"], **SMALL)
