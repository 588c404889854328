"""``stadtfunk`` of the future: ``python -m tests.faults.newer <arguments>``; it remembers devices in another way."""

import sys

from adapters.device_memory import record
from stadtfunk.cli import main

VERSION = 250

if __name__ == "__main__":
    record._READERS[VERSION] = record._READERS[record._VERSION]
    record._PREFIX = bytes([VERSION])
    raise SystemExit(main(sys.argv[1:]))
