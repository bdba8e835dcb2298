"""What a finding's page holds: it is the manual, and its two programs are its tests."""

from __future__ import annotations

from dataclasses import dataclass

from losscope.auditing.report import FindingReport, RepairReport

_DATA = """import numpy as np

rng = np.random.default_rng(0)
X = rng.normal(size=(40, 3))
y = (X[:, :1] + X[:, 1:2] ** 2 > 0.5).astype(float)
W1, b1 = rng.normal(size=(3, 4)), np.zeros(4)
W2, b2 = rng.normal(size=(4, 1)), np.zeros(1)
dW1, rate, decay = np.zeros((3, 4)), 0.1, 0.01
"""

PLAIN = (
    _DATA
    + """
for step in range(60):
    z1 = X @ W1 + b1
    a1 = 1 / (1 + np.exp(-z1))
    a2 = 1 / (1 + np.exp(-(a1 @ W2 + b2)))
    cost = -np.mean(y * np.log(a2) + (1 - y) * np.log(1 - a2))
    dz2 = (a2 - y) / len(X)
    b2 -= rate * dz2.sum(axis=0)
"""
)

BARE = PLAIN[: PLAIN.index("    dz2 = ")]

SOFTMAX = (
    _DATA
    + """Y = np.eye(3)[rng.integers(0, 3, size=40)]
V2 = rng.normal(size=(4, 3))

for step in range(60):
    a1 = 1 / (1 + np.exp(-(X @ W1)))
    scores = np.exp(a1 @ V2)
    p = scores / scores.sum(axis=1, keepdims=True)
    print(0.5 * np.sum((p - Y) ** 2) / len(X))
"""
)

SQUARE = (
    _DATA
    + """S = rng.normal(size=(4, 4))

for step in range(60):
    a0 = 1 / (1 + np.exp(-(X @ W1)))
    a1 = 1 / (1 + np.exp(-(a0 @ S)))
    a2 = 1 / (1 + np.exp(-(a1 @ W2)))
    dz2 = (a2 - y) / len(X)
"""
)

FLAT = (
    _DATA
    + """flat = X @ np.array([1.0, -2.0, 0.5])
w = np.zeros((3, 1))

for step in range(60):
    predicted = X @ w
"""
)


@dataclass(frozen=True)
class Page:
    """One kind of finding."""

    code: str
    slug: str
    title: str
    says: str
    why: str
    setting: str
    bad: str
    good: str
    at: str | None

    def program(self, *, good: bool) -> str:
        """Give the bad or the good example as a program that runs."""
        return self.setting + (self.good if good else self.bad).removeprefix("\n")

    def line(self) -> int | None:
        """Give the line of the bad program that must be named."""
        if self.at is None:
            return None
        lines = self.program(good=False).splitlines()
        return next(i for i, line in enumerate(lines, start=1) if self.at in line)

    def found(
        self,
        line: int,
        parameters: list[str],
        *,
        names: str = "",
        text: str = "",
        repair: RepairReport | None = None,
    ) -> FindingReport:
        """Report this finding on a line; `names` is what its sentence speaks of, if not those."""
        said = text or self.says.format(line=line, names=names or ", ".join(parameters))
        return FindingReport(self.code, self.title, line, said, parameters, repair)

    def text(self) -> str:
        """Write the page."""
        head = f"{self.code}  {self.title}"
        return "\n".join(
            [
                head,
                "",
                self.says.replace("{line}", "N").replace("{names}", "the parameter"),
                "",
                "Why it hurts",
                *(f"  {line}" for line in self.why.strip().splitlines()),
                "",
                "Bad",
                *(line for line in self.bad.strip("\n").splitlines()),
                "",
                "Good",
                *(line for line in self.good.strip("\n").splitlines()),
            ]
        )
