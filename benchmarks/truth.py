"""Large cities against their truth: what is found, what is wrongly flagged, whether every file balances; and quiet cities.

    python -m benchmarks.truth --persons 50000 --seeds 1 2 3 4 5
    python -m benchmarks.truth --persons 50000 --seeds 1 2 3 --quiet

A quiet city has the same residents, firms and faults, and nothing planted in it: no rule may say anything. One line
of JSON a city; the exit code is 1 where anything was missed, wrongly flagged, or out of balance.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from xiezhi.city.build import build
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.deliveries import receive_delivery
from xiezhi.operations.runs import run_rules
from xiezhi.operations.truth import score_truth


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--persons", type=int, default=50_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--quiet", action="store_true", help="plant nothing")
    asked = parser.parse_args()
    sound = True
    for seed in asked.seeds:
        with tempfile.TemporaryDirectory(prefix="xz-truth-") as folder:
            told = measure(Path(folder), asked.persons, seed, quiet=asked.quiet)
        print(json.dumps(told, ensure_ascii=False), flush=True)
        sound = sound and not (told["missed"] or told["fooled"] or told["unbalanced"] or (asked.quiet and told["hits"]))
    sys.exit(0 if sound else 1)


def measure(folder: Path, persons: int, seed: int, *, quiet: bool) -> dict[str, Any]:
    """Build, receive, run and score one city in an empty folder."""
    begun = time.perf_counter()
    build(folder / "delivered", persons=persons, seed=seed, quiet=quiet)
    receipts = receive_delivery(CoreConfig(), [folder / "delivered"], folder / "lake")
    record = run_rules(CoreConfig(), folder / "lake")
    scores = score_truth(CoreConfig(), folder / "lake", folder / "delivered" / "truth.csv")
    return {
        "persons": persons,
        "seed": seed,
        "quiet": quiet,
        "files": len(receipts),
        "delivered": sum(one.delivered for one in receipts),
        "unbalanced": [one.file for one in receipts if one.delivered != one.accepted + one.repaired + one.set_aside],
        "hits": {rule.code: rule.hits for rule in record.rules if rule.hits},
        "planted": sum(one.planted for one in scores),
        "found": sum(one.found for one in scores),
        "look_alikes": sum(one.look_alikes for one in scores),
        "missed": [case for one in scores for case in one.missed],
        "fooled": [case for one in scores for case in one.fooled],
        "unexpected": {one.rule: len(one.unexpected) for one in scores if one.unexpected},
        "seconds": round(time.perf_counter() - begun, 1),
    }


if __name__ == "__main__":
    main()
