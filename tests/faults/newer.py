"""``stadtfunk`` of the future: ``python -m tests.faults.newer <arguments>``; it remembers devices in another way."""

import sys

from adapters.device_memory import record
from stadtfunk.cli import main

VERSION = 250

if __name__ == "__main__":
    # What it reads beside its own: records of today, which are the same but for their version.
    record._NAMED, record._VERSION, record._PREFIX = record._VERSION, VERSION, bytes([VERSION])
    record._before = lambda value: record.decode(record._PREFIX + value[1:])
    raise SystemExit(main(sys.argv[1:]))
