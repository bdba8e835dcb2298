"""A real Dask cluster on this machine: the same numbers, and a killed worker costs only time."""

import json
import os
import signal

import pytest

from losscope.comparison import compare
from losscope.data import load
from losscope.errors import LosscopeError

PLAN = {"losses": ["ce", "mse"], "seeds": 4, "epochs": 8, "learning_rates": [0.01, 0.03]}


def numbers(comparison):
    """The result as text, without what may differ between two runs of one plan."""
    result = comparison.to_dict()
    for free in ("seconds", "notices", "command"):
        del result[free]
    return json.dumps(result, sort_keys=True)


@pytest.fixture(scope="module")
def cluster():
    """A scheduler and three worker processes on loopback."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=3,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
        silence_logs=50,
    ) as made:
        yield made.scheduler_address


@pytest.mark.oracle
@pytest.mark.filterwarnings("default")
def test_the_same_numbers_and_a_killed_worker_costs_time_only(cluster, tmp_path):
    """On the cluster as in this process, to the bit; also when a worker is killed in the middle."""
    from distributed import Client

    data = load("breast-cancer")
    local = numbers(compare(dataset=data, store=False, n_jobs=1, **PLAN))
    there = {"backend": "dask", "cluster": cluster}
    assert numbers(compare(dataset=data, store=False, **there, **PLAN)) == local
    killed = []

    def kill(done, total, left):
        if 0 < done < total and not killed:
            with Client(cluster, set_as_default=False) as client:
                killed.extend(client.run(os.getpid).values())
            os.kill(killed[0], signal.SIGKILL)

    path = tmp_path / "store.sqlite"
    found = compare(dataset=data, store=path, progress=kill, **there, **PLAN)
    assert killed
    assert numbers(found) == local


@pytest.mark.oracle
@pytest.mark.filterwarnings("default")
def test_no_scheduler_has_one_line():
    """Nobody answers at the address: one line, before anything runs."""
    with pytest.raises(LosscopeError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        compare(
            dataset=load("iris"), store=False, backend="dask", cluster="tcp://127.0.0.1:9", **PLAN
        )


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"backend": "spark"}, "expected dask"),
        ({"backend": "dask"}, "give cluster: the scheduler's address"),
        ({"cluster": "tcp://127.0.0.1:9"}, "give backend: dask"),
    ],
)
def test_half_a_request_is_refused(wrong, message):
    """A backend without an address, an address without a backend, a backend that is none."""
    with pytest.raises(LosscopeError, match=message):
        compare(dataset=load("iris"), store=False, **wrong, **PLAN)
