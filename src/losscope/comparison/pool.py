"""Processes on this machine that carry out chunks; started early where that pays.

A process spends a second on imports before it can train. Where a plan is long enough for several,
they are started while the one that dispatches still loads what it needs itself.
"""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from contextlib import AbstractContextManager

LONG = 1e7
"""Examples passed in all, above which processes are started before it is known what for."""


def dispatched(
    function: Callable[..., Any], arguments: Iterable[tuple[Any, ...]], processes: int | None
) -> Generator[Any, None, None]:
    """Results of calls in so many processes, as they come; the processes stay for the next ones.

    Without a number, the calls go to the backend that somebody has set, to all it has.
    """
    from joblib import Parallel, delayed, parallel_config

    ours: AbstractContextManager[Any] = nullcontext()
    if processes is not None:
        ours = parallel_config("loky", inner_max_num_threads=1)
    with ours, interrupts_ignored():
        calls = (delayed(function)(*given) for given in arguments)
        results: Generator[Any, None, None] = Parallel(
            n_jobs=-1 if processes is None else processes,
            return_as="generator_unordered",
            batch_size=1,
        )(calls)
    return results


def start(runs: int, epochs: int, rows: int, *, most: int) -> None:
    """Start processes, and let them import what chunks need, where so much work needs several."""
    processes = min(cores(), most)
    if processes < 2 or runs * epochs * rows < LONG:
        return
    results = dispatched(_load, [()] * processes, processes)
    threading.Thread(target=list, args=(results,), daemon=True).start()  # somebody must take them


def _load() -> None:
    import losscope.comparison.work
    import losscope.training  # noqa: F401 - both are loaded, for what comes


def cores() -> int:
    """Cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


@contextmanager
def interrupts_ignored() -> Iterator[None]:
    """Let the processes that are started meanwhile be deaf to Ctrl-C; so are we, for that moment.

    They inherit an ignored signal. A blocked one would not do: joblib starts its resource tracker
    first, and that unblocks it. So the process that dispatches is the only one to be interrupted,
    says so in one line and ends the others, and no worker prints a traceback or breaks the pool.
    """
    in_main = threading.current_thread() is threading.main_thread()  # only there can it be set
    if not in_main or signal.getsignal(signal.SIGINT) is None:  # None: set by something not Python
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
