"""Run the whole grid of planted faults: python -m benchmarks.planted_faults [NAME].

`--first`, `--second`, `--third`, `--fourth`, `--fifth`, `--sixth`, `--seventh` and `--eighth`
run one sowing.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.auditing.planted.eighth import EIGHTH
from tests.auditing.planted.fifth import FIFTH
from tests.auditing.planted.fourth import FOURTH
from tests.auditing.planted.grid import audit_text, clean_programs, try_plant
from tests.auditing.planted.kinds import ALL, FIRST, SECOND, THIRD, UNUSUAL
from tests.auditing.planted.seventh import SEVENTH
from tests.auditing.planted.sixth import SIXTH


def main(words: list[str]) -> int:
    sowings = {
        "--first": FIRST,
        "--second": SECOND,
        "--third": THIRD,
        "--fourth": FOURTH,
        "--fifth": FIFTH,
        "--sixth": SIXTH,
        "--seventh": SEVENTH,
        "--eighth": EIGHTH,
    }
    plants = next((some for word, some in sowings.items() if word in words), ALL)
    wanted = [w for w in words if not w.startswith("-")]
    if "--again" in words:  # what the first run ever got wrong or did not reach
        lines = (Path(__file__).parents[1] / "tests/auditing/planted/first_run.txt").read_text()
        good = [line for line in lines.splitlines() if line.startswith("right")]
        plants = [p for p in plants if not any(p.name in line for line in good)]
    plants = [p for p in plants if not wanted or any(w in p.name for w in wanted)]
    right = 0
    for plant in plants:
        outcome = try_plant(plant)
        right += outcome.right
        mark = "right" if outcome.right else "cause" if outcome.cause else "WRONG"
        print(
            f"{mark:6} {plant.cause:20} {plant.name:70} {outcome.codes} {outcome.cannot[:150]} "
            f"expected {sorted(plant.expected_lines())} {outcome.seconds:.1f}s",
            flush=True,
        )
    print(
        f"{right} of {len(plants)} named with the right cause on the right line; "
        f"{len({p.kind for p in plants})} kinds"
    )
    if not wanted and "--again" not in words:
        for path in clean_programs():
            report = audit_text(path.read_text(), experiments=False)
            found = [(f["code"], f["line"]) for f in report.get("findings", [])]
            print(f"clean  {path.name:40} {found} {report.get('cannot', '')}", flush=True)
        for plant in UNUSUAL:
            report = audit_text(plant.text(), experiments=False)
            found = [(f["code"], f["line"]) for f in report.get("findings", [])]
            print(
                f"clean  {plant.name:30} {plant.new[:40]!r} {found} {report.get('cannot', '')}",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
