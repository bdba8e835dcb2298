"""What fixes the last bits of a number beside the plan: versions, BLAS, instruction sets."""

from __future__ import annotations

import hashlib
import json
import platform
from functools import lru_cache
from importlib import metadata

import numpy as np

# Whatever computes on the way from a table to a metric.
ENGINES = {"numpy": (), "numba": ("numba", "llvmlite"), "jax": ("jax", "jaxlib")}
PACKAGES = ("losscope", "numpy", "scipy", "sympy", "scikit-learn", "pandas", "skrub")


@lru_cache(maxsize=8)
def _described(precision: str, engine: str) -> tuple[tuple[str, str], ...]:
    versions = {name: _version(name) for name in (*PACKAGES, *ENGINES[engine])}
    found = {
        "python": platform.python_version(),
        **versions,
        "blas": _blas(),
        "simd": _simd(),
        "platform": f"{platform.system()} {platform.machine()}",
        "precision": precision,
        "engine": engine,
        "blas_threads": "1",
    }
    return tuple(found.items())


def describe(precision: str, engine: str = "numpy") -> dict[str, str]:
    """Versions, BLAS with its core type, instruction sets, platform, precision, engine: as text."""
    return dict(_described(precision, engine))


def digest(precision: str, engine: str = "numpy") -> str:
    """16 hexadecimal digits that name the environment."""
    text = json.dumps(describe(precision, engine), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def _blas() -> str:
    """The library that NumPy's products call, with the processor core it chose its code for."""
    from threadpoolctl import threadpool_info

    libraries = [library for library in threadpool_info() if library["user_api"] == "blas"]
    # SciPy may bring a second one; NumPy's stands in a directory of NumPy's.
    libraries.sort(key=lambda library: "numpy" not in library["filepath"])
    if not libraries:
        return "unknown"
    first = libraries[0]
    parts = (first["internal_api"], first.get("version"), first.get("architecture"))
    return " ".join(str(part) for part in parts if part)


def _simd() -> str:
    """Instruction sets that NumPy found: its exp and log differ in the last bit between them."""
    found = np.show_config(mode="dicts")["SIMD Extensions"]
    return " ".join([*found.get("baseline", []), *found.get("found", [])])
