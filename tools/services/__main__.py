"""Start all servers, print how to use them, and stop them at Ctrl-C: ``make services``."""

import signal
import sys
from contextlib import ExitStack

from tools.services.address import VARIABLES, address
from tools.services.server import ServiceUnavailable


def main() -> int:
    """Run until interrupted."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with ExitStack() as servers:
            for name, variable in VARIABLES.items():
                print(f"export {variable}={servers.enter_context(address(name))}", flush=True)
            print("# All three serve. Ctrl-C stops them.", flush=True)
            signal.pause()
    except ServiceUnavailable as unavailable:
        print(unavailable, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
