"""Dispatches the chunks of a comparison, stores what they find, and goes on where it stopped."""

from __future__ import annotations

import sys
import time
import warnings
from collections import defaultdict
from contextlib import closing
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

from losscope.comparison import environment, pool, work
from losscope.comparison.job import Chunk, Job, run_key
from losscope.errors import LosscopeError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from losscope.comparison.job import Train
    from losscope.comparison.store import Record, Store

    Progress: TypeAlias = Callable[[int, int, float | None], None]
    Wanted: TypeAlias = Iterable[tuple[int, int, float]]

# A stack's parameters, gradients and optimizer state should stay in a core's own cache.
CACHE_BYTES = 2**21
FEWEST_RUNS, MOST_RUNS = 4, 64
# Below this many seconds of work (roughly), starting processes costs more than they save.
WORTH_PROCESSES = 4.0


class Runner:
    """Carries out runs that are wanted and not yet stored.

    Parameters
    ----------
    job
        Plan, table and losses.
    store
        Where records are kept, a chunk at a time.
    n_jobs
        Processes; None for one a core where that pays. The numbers do not depend on it.
    progress
        Called with (runs done, runs wanted so far, seconds left or None) after each chunk.
    train
        Stands in for `losscope.training.train`; for tests, and only without processes.
    meanwhile
        What else there is to do while other processes work; it may be called more than once.
    """

    def __init__(
        self,
        job: Job,
        store: Store,
        *,
        n_jobs: int | None = None,
        progress: Progress | None = None,
        train: Train | None = None,
        meanwhile: Callable[[], object] | None = None,
    ) -> None:
        self.job = job
        self.store = store
        self.n_jobs = n_jobs
        self.progress = progress
        self.train = train
        self.meanwhile = meanwhile
        self.recipe = job.plan.recipe
        self.environment = environment.digest(job.plan.precision, job.engine)
        self.found: dict[tuple[int, str, str], dict[str, Any]] = {
            (record.seed, record.kind, record.key): record.payload
            for record in store.load(self.recipe, self.environment, job.plan.seeds)
        }
        self.resumed = sum(kind == "run" for _, kind, _ in self.found)
        self._wanted: set[tuple[int, str]] = set()
        self._fresh = 0
        self._began = time.monotonic()

    def run_of(self, seed: int, place: int, rate: float) -> dict[str, Any]:
        """What the run of this seed, loss and learning rate found."""
        return self.found[seed, "run", run_key(self.job.keys[place], rate)]

    def extras_of(self, seed: int, kind: str) -> dict[str, Any]:
        """A seed's "baselines" or its "start", the first gradients."""
        return self.found[seed, kind, ""]

    def extras(self) -> None:
        """Find what belongs to seeds and not to runs, where it is not known yet."""
        self._carry_out([Chunk(seed, (), True) for seed in self._without_extras()])

    def runs(self, wanted: Wanted) -> None:
        """Carry out runs, given as (seed, place of the loss, learning rate), and their extras."""
        missing = defaultdict(list)
        for seed, place, rate in wanted:
            key = run_key(self.job.keys[place], rate)
            self._wanted.add((seed, key))
            if (seed, "run", key) not in self.found:
                missing[seed].append((place, rate))
        lacking = self._without_extras()
        chunks = []
        for seed in self.job.plan.seeds:
            parts = list(self._cut(missing[seed], len(missing)))
            chunks += [Chunk(seed, part) for part in parts[1:]]
            if parts or seed in lacking:
                chunks.append(Chunk(seed, parts[0] if parts else (), seed in lacking))
        self._carry_out(chunks)

    def _without_extras(self) -> set[int]:
        return {
            seed
            for seed in self.job.plan.seeds
            if (seed, "baselines", "") not in self.found or (seed, "start", "") not in self.found
        }

    def _cut(
        self, runs: list[tuple[int, float]], seeds: int
    ) -> Iterator[tuple[tuple[int, float], ...]]:
        """Cut one seed's runs into stacks that sit in the cache, and that occupy every process."""
        widths = self.job.plan.layers
        size = 8 * 4 * sum((a + 1) * b for a, b in pairwise(widths))
        most = max(FEWEST_RUNS, min(MOST_RUNS, CACHE_BYTES // size))
        parts = max(-(-len(runs) // most), min(len(runs), -(-self._processes() // max(seeds, 1))))
        if runs:
            step = -(-len(runs) // parts)
            for start in range(0, len(runs), step):
                yield tuple(runs[start : start + step])

    def _carry_out(self, chunks: list[Chunk]) -> None:
        self._report()
        if not chunks:
            return
        with closing(self._results(chunks)) as results:
            self._keep(results)

    def _keep(self, results: Iterable[tuple[str, list[Record]]]) -> None:
        for ran_in, records in results:
            if ran_in != self.environment:
                raise LosscopeError(
                    "a worker runs in another environment (versions, BLAS or processor differ from"
                    " this process's), so that its numbers may differ in the last bits and must "
                    "not be mixed with these; give all workers the same installation and machine"
                )
            self.store.save(self.recipe, self.environment, records)
            self._take(records)
            self._report()

    def _take(self, records: Iterable[Record]) -> None:
        for record in records:
            self.found[record.seed, record.kind, record.key] = record.payload
            self._fresh += record.kind == "run"

    def _results(self, chunks: list[Chunk]) -> Generator[tuple[str, list[Record]], None, None]:
        backend = _users_backend()
        processes = min(self._processes(), len(chunks))
        if self.n_jobs is None and self._seconds(chunks) < WORTH_PROCESSES * 2:
            processes = 1
        if self.train is not None or (backend is None and processes == 1):
            yield from (work.execute(self.job, chunk, self.train) for chunk in chunks)
            return
        aside, chunks = _parted(chunks) if backend is None else ([], chunks)
        calls = [(self.job, chunk) for chunk in chunks]
        results = pool.dispatched(work.execute, calls, processes if backend is None else None)
        try:
            yield from (work.execute(self.job, chunk) for chunk in aside)
            if self.meanwhile is not None:
                self.meanwhile()
            for found in results:  # noqa: UP028 - that would close them where joblib is heard
                yield found
        finally:
            with warnings.catch_warnings():  # that some are left after Ctrl-C is no news
                warnings.simplefilter("ignore")
                results.close()

    def _processes(self) -> int:
        backend = _users_backend()
        if backend is not None:
            return int(backend.effective_n_jobs(-1))
        if self.n_jobs is None:
            return 1 if self.job.engine == "jax" else pool.cores()  # JAX takes a device by itself
        return self.n_jobs if self.n_jobs > 0 else max(1, pool.cores() + 1 + self.n_jobs)

    def _seconds(self, chunks: list[Chunk]) -> float:
        """A rough guess of the work in one process, from counts of steps and products."""
        plan = self.job.plan
        rows = self.job.dataset.n_rows
        steps = plan.epochs * (rows // plan.batch_size + 1)
        weights = sum(a * b for a, b in pairwise(plan.layers))
        runs = sum(len(chunk.runs) for chunk in chunks)
        products = 8.0 * runs * plan.epochs * rows * weights / 4e9
        return products + len(chunks) * (steps * 1e-4 + plan.epochs * 2e-3) + runs * steps * 1e-5

    def _report(self) -> None:
        if self.progress is None:
            return
        total = len(self._wanted)
        done = sum((seed, "run", key) in self.found for seed, key in self._wanted)
        left = None
        if self._fresh:
            left = (time.monotonic() - self._began) / self._fresh * (total - done)
        self.progress(done, total, left)


def _parted(chunks: list[Chunk]) -> tuple[list[Chunk], list[Chunk]]:
    """What the dispatching process does itself, since it waits else, and what it gives to others.

    It has loaded already what a seed's extras need; that would cost each worker a second.
    """
    if not any(chunk.runs for chunk in chunks):
        return [], chunks
    own = [Chunk(chunk.seed, (), True) for chunk in chunks if chunk.extras]
    return own, [Chunk(chunk.seed, chunk.runs) for chunk in chunks if chunk.runs]


def _users_backend() -> Any:
    """The joblib backend that somebody has set (Dask, say); None for processes of our own."""
    if "joblib" not in sys.modules:
        return None
    from joblib.parallel import get_active_backend

    backend, _ = get_active_backend()
    return None if type(backend).__name__ == "LokyBackend" else backend
