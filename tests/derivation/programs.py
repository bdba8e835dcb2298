"""Running generated programs in tests."""

from __future__ import annotations

from types import SimpleNamespace


def load(source: str) -> SimpleNamespace:
    """Run a program's definitions, not its `__main__` part, and return its names."""
    namespace: dict = {"__name__": "generated"}
    exec(compile(source, "<generated>", "exec"), namespace)
    return SimpleNamespace(**{k: v for k, v in namespace.items() if not k.startswith("__")})
