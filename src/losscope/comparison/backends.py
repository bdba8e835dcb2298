"""Where chunks run: processes on this machine, or a Dask cluster of the user's own.

`joblib` dispatches chunks, and knows Dask; so there is no code of ours between. A worker that dies
costs time only: Dask gives its chunks to another one, and what had come back is in the store.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from losscope.errors import LosscopeError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

PATIENCE = 10  # seconds to wait for a scheduler


def check(backend: str | None, cluster: str | None) -> None:
    """Refuse what cannot be meant, before anything runs.

    Raises
    ------
    LosscopeError
        For an unknown backend, or one half of "dask at that address".
    """
    if backend is None and cluster is None:
        return
    if backend not in {None, "dask"}:
        raise LosscopeError(
            f"backend: expected dask (or none, for processes on this machine), got {backend!r}"
        )
    if backend is None or not cluster:
        missing = "cluster: the scheduler's address" if backend else "backend: dask"
        raise LosscopeError(
            f"a cluster needs both a backend and an address; give {missing}, as in "
            "--backend dask --cluster tcp://127.0.0.1:8786"
        )


def active(backend: str | None, cluster: str | None) -> AbstractContextManager[Any]:
    """The context in which `joblib` dispatches; on this machine nothing is changed.

    Raises
    ------
    LosscopeError
        If `distributed` is not installed, or no scheduler answers at the address.
    """
    return nullcontext() if backend is None or cluster is None else _dask(cluster)


@contextmanager
def _dask(address: str) -> Iterator[None]:
    try:
        from distributed import Client
    except ImportError:
        raise LosscopeError(
            "the dask backend needs the package distributed: pip install 'losscope[dask]'"
        ) from None
    from joblib import parallel_config

    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as wrong:
        raise LosscopeError(
            f"no Dask scheduler answers at {address}: {str(wrong).splitlines()[0]}; start one "
            "(dask scheduler) or correct the address"
        ) from None
    with client:
        if not client.scheduler_info()["workers"]:
            raise LosscopeError(
                f"the Dask scheduler at {address} has no workers; start some: dask worker {address}"
            )
        with parallel_config("dask", client=client):
            yield
