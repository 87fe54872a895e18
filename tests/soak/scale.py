"""
How much the soak tests do.

`SOAK_SCALE` is a share of what `make soak` does: 1 is all of it. Without it each test does the least that can still
fail, so that it takes its seconds in `make test`.
"""

import os
import sys
import time

SCALE = float(os.environ.get("SOAK_SCALE") or 0)


def amount(whole, *, least):
    """Return how many of `whole` to do."""
    return max(least, round(whole * SCALE))


class Account:
    """Counts what a test did, and says so in one line, which `make soak` shows."""

    def __init__(self, what):
        self.what, self.started, self.counts = what, time.monotonic(), {}

    def add(self, name, number=1):
        self.counts[name] = self.counts.get(name, 0) + number

    def tell(self):
        counts = ", ".join(f"{number:,} {name}" for name, number in self.counts.items())
        sys.stdout.write(f"\nsoak: {self.what}: {counts}; {time.monotonic() - self.started:,.0f} s\n")
