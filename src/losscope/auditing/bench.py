"""Where repairs are tried: run a mended program's pass, and see what its updates have become.

A mended backward pass leaves the forward pass alone, so the measured directions still hold: a
tried repair costs one pass a state, and nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from losscope.auditing.afresh import Afresh
from losscope.auditing.candidates import Candidate
from losscope.auditing.judge import Judged
from losscope.auditing.leaves import Path, same
from losscope.auditing.mending import Mender, Watched
from losscope.auditing.program import Capture, Program
from losscope.auditing.standing import Scores
from losscope.auditing.step import Mended, Outcome

MOST_TRIED = 1500
_NET = 30.0  # seconds of this process's own time: a safety net, far beyond what is usual


@dataclass
class Look:
    """What a mended program does: its code, its passes by state, and the updates seen in them."""

    mended: Mended
    outcomes: dict[int, Outcome]
    judged: list[Judged]  # empty where too little was recorded to see the updates
    partly: bool


@dataclass
class Tries(Scores):
    """Runs the program as it is mended now."""

    program: Program = field(kw_only=True)
    captured: Capture = field(kw_only=True)
    most: int = MOST_TRIED  # repairs tried before the search is given up
    tried: int = 0
    passes: int = 0
    made: list[int] = field(default_factory=list)  # lines of repairs that stand
    partly: Mender | None = None  # records what tells a repair from another, and nothing else

    def __post_init__(self) -> None:
        self.fresh = Afresh(self.judgement)
        self.wholly = Mender(self.program, self.captured, Watched())
        self.every = list(range(len(self.judgement.measured.bases)))
        self.began = time.perf_counter(), time.process_time()

    @property
    def over(self) -> bool:
        """Whether the search has used up what it may try."""
        if self.tried >= self.most:
            return True
        wall, own = self.began  # asking for this process's own time takes long
        return time.perf_counter() > wall + _NET and time.process_time() > own + _NET

    def mended(self, line: int) -> Mended | None:
        """Compile what stands on a line now (and on lines mended before), recorded wholly."""
        return self.wholly.mended({line, *self.made})

    def run(self, mended: Mended, states: list[int]) -> list[Outcome] | None:
        """Run the mended pass from some states; None where it fails."""
        try:
            out = [self.captured.subject.run(state, mend=mended) for state in states]
        except Exception:  # noqa: BLE001 - most suspects are wrong, and many cannot run
            return None
        self.passes += len(states)
        return out

    def views(self, outcomes: dict[int, Outcome], line: int = 0) -> list[Judged]:
        """Take the parameters' updates in a mended program, whose line `line` was changed."""
        found = self.fresh.views(outcomes, line)
        assert found is not None  # only what is recorded partly may not be enough
        return found

    def left(self, line: int = 0) -> Mapping[Path, Any] | None:
        """Give what a pass leaves, from the first state, with what stands on a line now.

        Lines mended before stand mended; without any, it is what the program itself leaves.
        """
        if not line and not self.made:
            return self.judgement.measured.bases[0].after
        mended = (self.partly or self.wholly).mended({line, *self.made})
        outcomes = self.run(mended, [0]) if mended is not None else None
        return None if outcomes is None else outcomes[0].after

    def touched(self, line: int, before: Mapping[Path, Any]) -> list[int]:
        """List the parameters that answer to a change which stands on a line now."""
        after = self.left(line)
        if after is None:
            return []
        parameters = enumerate(self.judgement.measured.parameters)
        return [i for i, p in parameters if not same(before[p.path], after.get(p.path))]

    def look(self, line: int, *, first: bool = False, changed: int = 0) -> Look | None:
        """Run what stands on a line now, from every state or, to begin with, from the first.

        `changed` is the line where the change may touch the rule that makes a step of a gradient.
        """
        if self.partly is not None and not (self.fresh.ruled and self.fresh.touches_rule(changed)):
            mended = self.partly.mended({line, *self.made})
            found = self._seen(mended, [0] if first else self.every, changed, partly=True)
            if found is None or found.judged:
                return found
        one = first and not self.fresh.ruled  # a rule shows itself in all states only
        return self._seen(self.mended(line), [0] if one else self.every, changed, partly=False)

    def on(self, look: Look, line: int, changed: int) -> Look | None:
        """Run what was looked at from the other states too."""
        rest = [state for state in self.every if state not in look.outcomes]
        if not rest:
            return look
        found = self._seen(look.mended, rest, changed, partly=look.partly, known=look.outcomes)
        if found is None or found.judged:
            return found
        return self._seen(self.mended(line), self.every, changed, partly=False)

    def _seen(
        self,
        mended: Mended | None,
        states: list[int],
        changed: int,
        *,
        partly: bool,
        known: Mapping[int, Outcome] | None = None,
    ) -> Look | None:
        outcomes = self.run(mended, states) if mended is not None else None
        if mended is None or outcomes is None:
            return None
        seen = {**(known or {}), **dict(zip(states, outcomes, strict=True))}
        judged = self.fresh.views(seen, changed, partly=partly)
        return Look(mended, seen, judged or [], partly)

    def untouched(self, outcomes: Mapping[int, Outcome], aim: Candidate) -> bool:
        """Tell whether the aim's own array is what it was: the forward pass was left alone."""
        bases = self.judgement.measured.bases
        return aim.key is None or all(
            same(bases[state].trace.value(aim.key), outcome.trace.value(aim.key))
            for state, outcome in outcomes.items()
        )
