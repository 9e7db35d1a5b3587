"""How many instructions each work item takes on the small graph, held against `instructions.json`: a regression shows on a busy machine.

An item is run once and twice under callgrind; the difference is one run, its check included, without what it takes to get ready.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

COMMITTED = Path(__file__).with_name("instructions.json")
ITEMS = ["compile", "read", "reach", "matrix", "blast_radius", "choke_points", "cut", "rotation"]
#: What may lie between two runs: hash tables are seeded at random.
TOLERATED = 0.03


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="the folder that `arrays small` wrote")
    parser.add_argument("programs", type=Path, help="the folder of the built `product`")
    parser.add_argument("--write", action="store_true", help="write what was counted instead of comparing it")
    arguments = parser.parse_args()
    product = arguments.programs / "product"
    counted = {item: counts(product, arguments.data, item, 2) - counts(product, arguments.data, item, 1) for item in ITEMS}
    if arguments.write:
        COMMITTED.write_text(json.dumps(counted, indent=2) + "\n")
        return 0
    committed = json.loads(COMMITTED.read_text())
    for item, count in counted.items():
        print(f"{item:<13} {count:>13,} {count / committed[item] - 1:>+8.1%}")
    slower = [item for item, count in counted.items() if count > committed[item] * (1 + TOLERATED)]
    if slower:
        print(f"more instructions than committed: {', '.join(slower)}; where that is meant, run it with `--write`", file=sys.stderr)
    return 1 if slower else 0


def counts(product: Path, data: Path, item: str, runs: int) -> int:
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", str(product), str(data), str(runs), "3600", item]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if not found:
        raise SystemExit("valgrind told no count")
    return int(found[1])


if __name__ == "__main__":
    sys.exit(main())
