"""Data sets by name: scikit-learn's bundled copies, and made ones with a fixed generation."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Any

import numpy as np

from losscope import cache
from losscope.data.column import Column, Floats, Table
from losscope.data.words import did_you_mean, flattened, listed, plain
from losscope.errors import LosscopeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from losscope.data.recognise import Task


@dataclass(frozen=True)
class Named:
    """A data set by name: how to make it, its target, its task, one sentence about it."""

    make: Callable[[], tuple[Floats, Any, list[str]]]
    target: str
    task: Task
    about: str


def _sklearn(loader: str, **options: Any) -> tuple[Floats, Any, list[str]]:
    """A data set that scikit-learn bundles; kept, since importing scikit-learn takes a second."""
    version = f"{metadata.version('scikit-learn')} {options}"
    kept = cache.text(f"{loader}.json", version, lambda: _loaded(loader, **options))
    data, target, names = json.loads(kept)
    words = bool(target) and isinstance(target[0], str)
    return np.array(data), np.array(target, dtype=object if words else None), names


def _loaded(loader: str, **options: Any) -> str:
    from sklearn import datasets

    bunch = getattr(datasets, f"load_{loader}")(**options)
    target = bunch.target
    if loader in ("breast_cancer", "iris", "wine"):
        target = bunch.target_names[target]
    names = [str(name) for name in bunch.feature_names]
    return json.dumps([bunch.data.tolist(), target.tolist(), names])  # floats come back to the bit


def _moons() -> tuple[Floats, Any, list[str]]:
    from sklearn.datasets import make_moons

    return (*make_moons(n_samples=600, noise=0.2, random_state=0), ["x1", "x2"])


def _circles() -> tuple[Floats, Any, list[str]]:
    from sklearn.datasets import make_circles

    return (*make_circles(n_samples=600, noise=0.1, factor=0.5, random_state=0), ["x1", "x2"])


def _spirals() -> tuple[Floats, Any, list[str]]:
    """Three arms, four radians each, as in the notes of Stanford's CS231n."""
    rng = np.random.RandomState(0)  # its stream is frozen by NumPy's policy
    arms, rows = 3, 200
    radius = np.tile(np.linspace(0.0, 1.0, rows), arms)
    arm = np.repeat(np.arange(arms), rows)
    angle = 4.0 * (arm + radius) + 0.2 * rng.standard_normal(arms * rows)
    return np.column_stack([radius * np.sin(angle), radius * np.cos(angle)]), arm, ["x1", "x2"]


def _imbalanced() -> tuple[Floats, Any, list[str]]:
    """Five rows in a hundred are positive: two overlapping clouds in eight dimensions."""
    rng = np.random.RandomState(0)
    rows, columns = 2000, 8
    y = (np.arange(rows) < rows // 20).astype(int)
    X = rng.standard_normal((rows, columns)) + np.outer(y, 1.4 * (np.arange(columns) < 4))
    order = rng.permutation(rows)
    return X[order], y[order], [f"x{k + 1}" for k in range(columns)]


NAMED = {
    "breast-cancer": Named(
        lambda: _sklearn("breast_cancer"), "diagnosis", "binary",
        "569 tumours, 30 measured features, malignant or benign",
    ),
    "circles": Named(_circles, "circle", "binary", "600 points on two rings, made"),
    "diabetes": Named(
        lambda: _sklearn("diabetes", scaled=False), "progression", "regression",
        "442 patients, 10 measurements, how far the disease went in a year",
    ),
    "digits": Named(
        lambda: _sklearn("digits"), "digit", "multiclass", "1,797 images of 8 × 8, ten digits"
    ),
    "imbalanced": Named(
        _imbalanced, "event", "binary", "2,000 rows, 8 features, 5 % positive, made"
    ),
    "iris": Named(lambda: _sklearn("iris"), "species", "multiclass", "150 flowers, 3 species"),
    "moons": Named(_moons, "moon", "binary", "600 points on two half circles, made"),
    "spirals": Named(_spirals, "arm", "multiclass", "600 points on three spiral arms, made"),
    "wine": Named(
        lambda: _sklearn("wine"), "cultivar", "multiclass", "178 wines, 13 analyses, 3 cultivars"
    ),
}  # fmt: skip


def names() -> tuple[str, ...]:
    """Return the names of all bundled and made data sets, sorted."""
    return tuple(sorted(NAMED))


def find(source: str) -> str | None:
    """Return the data set's own name for any spelling of it (breast_cancer), None if unknown."""
    return {plain(name): name for name in NAMED}.get(plain(source))


def table_of(name: str) -> Table:
    """Return a named data set as a table whose last column is its target."""
    named = NAMED[name]
    X, y, columns = named.make()
    features = tuple(
        Column(column, "number", np.ascontiguousarray(X[:, k], dtype=float))
        for k, column in enumerate(columns)
    )
    words = np.asarray(y).dtype == object
    target = Column(
        named.target,
        "text" if words else "number",
        np.asarray(y, dtype=object if words else float),
    )
    said = (flattened((len(X), 8, 8)),) if name == "digits" else ()
    return Table(name, (*features, target), first_row=1, notices=said)


def refuse_unknown(source: str) -> LosscopeError:
    """Return the error for a source that is neither a name nor a file."""
    return LosscopeError(
        f"there is no data set or file '{source}'{did_you_mean(source, names())}; expected the "
        f"path of a .csv or .parquet file, or one of {listed(names(), 20)}"
    )
