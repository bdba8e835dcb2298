"""Take each parameter's update once more, in a mended program: by the rule that it was seen under.

An update that a change left alone, bit for bit, keeps what was judged of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from losscope.auditing import probe, updates
from losscope.auditing.candidates import Candidate
from losscope.auditing.instrument import Place
from losscope.auditing.judge import Judged, Judgement
from losscope.auditing.leaves import same
from losscope.auditing.probe import Measurement
from losscope.auditing.step import Outcome
from losscope.auditing.view import OWN_RULE, View

Array = np.ndarray[Any, Any]


class Afresh:
    """Looks at the updates of mended programs, beside those of the unchanged one."""

    def __init__(self, judgement: Judgement) -> None:
        self.judgement = judgement
        self.measured = judgement.measured
        shapes = {held[0].shape for held in judgement.carried.buffers.values()}
        parameters = enumerate(self.measured.parameters)
        self.ruled = {i for i, p in parameters if p.shape in shapes}  # a rule may keep buffers

    @cached_property
    def _written(self) -> set[int]:
        """Lines on which a parameter or a buffer gets its final value."""
        base = self.measured.bases[0]
        finals = [v for p in self.judgement.carried.buffers if (v := base.after.get(p)) is not None]
        lines = {
            event.key[0]
            for event in base.trace.events.values()
            if any(same(event.value, final) for final in finals)
        }
        return lines | {p.line for p in self.measured.parameters}

    @cached_property
    def _data(self) -> set[Any]:
        return set(probe.constants(self.measured))

    @cached_property
    def _ambiguous(self) -> set[int]:
        """Parameters beside whose gradient stands an equal array of the same name."""
        events = self.measured.bases[0].trace.events
        return {
            j.index
            for j in self.judgement.parameters
            if (key := j.view.key) is not None
            and any(
                other != key and other[:2] == key[:2] and same(event.value, events[key].value)
                for other, event in events.items()
            )
        }

    def touches_rule(self, line: int) -> bool:
        """Tell whether a line writes a parameter, or what an update rule carries on."""
        return line > 0 and line in self._written

    def places(self, aims: Iterable[Candidate]) -> frozenset[Place] | None:
        """List all that must be recorded to see the updates again; None where any value may."""
        if any(self._known(index) is None for index in self.ruled):
            return None
        keys = [j.view.key for j in self.judgement.parameters] + [aim.key for aim in aims]
        return frozenset(key[:2] for key in keys if key is not None)

    def _known(self, index: int) -> View | None:
        view = self.judgement.parameters[index].view
        if view.rule == OWN_RULE and not self.judgement.fits[index].exact:
            return None  # some array behind a step that nothing explains; not the gradient yet
        return view if view.key is not None and index not in self._ambiguous else None

    def views(
        self, outcomes: Mapping[int, Outcome], line: int = 0, *, partly: bool = False
    ) -> list[Judged] | None:
        """Take the updates of a mended program whose line `line` was changed.

        `outcomes` are its passes by state.  Where they were recorded `partly`, the answer is None
        when more is needed to see the rule behind an update.
        """
        touched = self.touches_rule(line)
        if touched and partly and self.ruled:
            return None
        bases = [outcomes.get(i, base) for i, base in enumerate(self.measured.bases)]
        twin = replace(self.measured, bases=bases, updates=[])
        probe._updates(twin, bases)  # noqa: SLF001 - one room
        out = []
        for judged in self.judgement.parameters:
            if self._unmoved(judged.index, bases):
                out.append(judged)
                continue
            old = None if touched else self._known(judged.index)
            view = updates.again(twin, old)
            if view is None or self._stale(twin, judged, view):
                if partly and judged.index in self.ruled:
                    return None
                view = self._worked_out(twin, judged)
            out.append(_judged(twin, judged, self._at_pace(judged, view)))
        return out

    def _unmoved(self, index: int, bases: list[Outcome]) -> bool:
        """Tell whether a step, and the buffers behind it, have come out as they were."""
        path, shape = self.measured.parameters[index].path, self.measured.parameters[index].shape
        paths = [p for p, held in self.judgement.carried.buffers.items() if held[0].shape == shape]
        return all(
            same(now.after.get(p), before.after.get(p))
            for now, before in zip(bases, self.measured.bases, strict=True)
            if now is not before
            for p in (path, *paths)
        )

    def _stale(self, twin: Measurement, judged: Judged, view: View) -> bool:
        """Tell whether the step changed although the array did not that it was made of before."""
        if any(not same(a, b) for a, b in zip(view.arrays, judged.view.arrays, strict=True)):
            return False
        before, after = self.measured.updates[judged.index], twin.updates[judged.index]
        return any(not same(a, b) for a, b in zip(before, after, strict=True))

    def _worked_out(self, twin: Measurement, judged: Judged) -> View:
        """Seek the rule once more; without one, take the step as it is."""
        view = None
        tiny = judged.view.arrays[0].size == 1 and judged.view.rule == "plain"
        if judged.index in self.ruled and not tiny:  # one number fits many a rule
            seen = {k for k in twin.bases[0].trace.events if k not in self._data}
            wider = replace(twin, reached=twin.reached | seen)
            view = updates.explain(wider, self.judgement.carried, judged.index)
        return view or updates.step_view(twin, judged.index)

    def _at_pace(self, judged: Judged, view: View) -> View:
        """Divide the rate of each pass out of a view, as it was done for the unchanged program."""
        old = judged.view
        if old.scales is None and self._paced and not self.judgement.fits[judged.index].exact:
            old = self._paced
        if view.scales is not None or old.scales is None or old.stepped != view.stepped:
            return view
        return updates.scaled(view, old.schedule, old.scales)

    @cached_property
    def _paced(self) -> View | None:
        """Give the view of a step whose rate was seen to change from pass to pass.

        A step that fits nothing shows no rate of its own: once mended, it goes by the others'.
        """
        views = [j.view for j in self.judgement.parameters if j.view.scales is not None]
        return next((view for view in views if view.stepped), None)


def _judged(twin: Measurement, judged: Judged, view: View) -> Judged:
    old = judged.view
    alike = view.rule == old.rule and view.key == old.key
    pairs = zip(view.arrays, old.arrays, strict=True)
    if alike and view.rate == old.rate and all(same(a, b) for a, b in pairs):
        return judged
    projected = twin.along(judged.index, view.arrays)
    return replace(judged, view=view, projected=projected, asymmetry=None)
