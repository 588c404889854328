"""``make bench``: prints what each pipeline costs on this machine; every run, interleaved."""

import argparse
import asyncio

from bench import embedded
from bench.measure import machine


def main() -> None:
    """Measure what was asked for, ``--runs`` times in turn."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--uplinks", type=int, default=100_000)
    asked = parser.parse_args()
    print(machine())
    for _ in range(asked.runs):
        asyncio.run(embedded.from_memory(asked.uplinks))


if __name__ == "__main__":
    main()
