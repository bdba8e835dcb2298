"""What a comparison gives: the result, to print, to save, to show in a notebook."""

from __future__ import annotations

import base64
import importlib
import pickle
from html import escape
from typing import TYPE_CHECKING, Any

from losscope.comparison.saying import figure
from losscope.errors import LosscopeError

if TYPE_CHECKING:
    from pathlib import Path

    from losscope.comparison.plan import Plan
    from losscope.comparison.verdict import Verdict


class Comparison:
    """A finished comparison.

    Attributes
    ----------
    plan
        Everything that fixed it.
    verdict
        Whether the loss changed the learning, and the result; `print(comparison.verdict)`.
    """

    def __init__(self, result: dict[str, Any], plan: Plan, verdict: Verdict) -> None:
        self._result = result
        self.plan = plan
        self.verdict = verdict
        self._drawn: str | None = None  # the picture for a notebook, once it was asked for

    @property
    def name(self) -> str:
        """Eight hexadecimal digits, the same for the same plan."""
        return self.plan.name

    @property
    def table(self) -> Any:
        """Give one row for each loss and baseline, as a pandas DataFrame."""
        return _report("export").table(self._result)

    def to_dict(self) -> dict[str, Any]:
        """Give the whole result as plain JSON, the same that `losscope compare --json` prints."""
        copied: dict[str, Any] = pickle.loads(pickle.dumps(self._result))  # noqa: S301 - our own
        return copied

    def save(self, path: str | Path) -> Path:
        """Write the result as what the ending says: .html .svg .png .csv .parquet .json.

        Returns
        -------
        Path
            The file that was written.

        Raises
        ------
        LosscopeError
            For another ending, or a file that cannot be written.
        """
        written: Path = _report("export").save(self._result, path)
        return written

    def __str__(self) -> str:
        """The table of the primary metric, and the verdict."""
        heads, rows = self._rows()
        columns = list(zip(heads, *rows, strict=True))
        widths = [max(map(len, column)) for column in columns]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in (heads, *rows)
        ]
        return "\n".join([*lines, "", str(self.verdict)])

    def __repr__(self) -> str:
        labels = ", ".join(self._labels())
        return f"<comparison {self.name}: {labels} on {self._result['data']['name']}>"

    def _repr_html_(self) -> str:
        """What a notebook shows: the verdict, the table, then how it learned and where it ended."""
        heads, rows = self._rows()
        said = "".join(f"<p>{escape(text)}</p>" for text in str(self.verdict).splitlines())
        head = "".join(f"<th>{escape(cell)}</th>" for cell in heads)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
        )
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        return f"{said}{table}{self._picture()}"

    def _picture(self) -> str:
        """An image, whose ids cannot meet those of a notebook's other pictures; or nothing."""
        if self._drawn is None:
            try:
                self._drawn = str(_report("export").for_notebook(self._result))
            except LosscopeError:  # no run of it ended: there is nothing to draw
                self._drawn = ""
        if not self._drawn:
            return ""
        coded = base64.b64encode(self._drawn.encode()).decode()
        words = escape(f"Learning curves and results of {', '.join(self._labels())}", quote=True)
        return f'<img alt="{words}" src="data:image/svg+xml;base64,{coded}" style="max-width:100%">'

    def _labels(self) -> list[str]:
        return [loss["label"] for loss in self._result["losses"]]

    def _rows(self) -> tuple[list[str], list[list[str]]]:
        shown = self._result["metrics"][:4]
        heads = ["trained with", "learning rate", *[metric["title"] for metric in shown]]
        rows = []
        for row in [*self._result["table"], *self._result["baselines"]]:
            rate = row.get("learning_rates", {}).get("median")
            cells = [row.get("loss") or row["title"], "" if rate is None else f"{rate:g}"]
            cells += [figure(row["metrics"][metric["name"]]["mean"]) for metric in shown]
            rows.append(cells)
        return heads, rows


def _report(module: str) -> Any:
    """Load a module of `losscope.report` when it is called for.

    The report stands above the comparison and reads its result; only these conveniences call
    upwards, at run time, so that `comparison.save("page.html")` works without another import.
    """
    return importlib.import_module(f"losscope.report.{module}")
