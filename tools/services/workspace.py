"""Where the servers' files live: ``.services`` in the checkout, which git ignores."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1] / ".services"
JARS = ROOT / "jars"
LOGS = ROOT / "logs"
_DATA = ROOT / "data"


@contextmanager
def workspace() -> Iterator[Path]:
    """Yield a folder for servers' configuration, data and logs; at the end only the logs are kept, in ``LOGS``."""
    _remove_what_the_killed_left()
    _DATA.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=_DATA))
    try:
        yield folder
    finally:
        LOGS.mkdir(exist_ok=True)
        for log in folder.glob("*.log"):
            log.rename(LOGS / f"{folder.name}-{log.name}")
        shutil.rmtree(folder, ignore_errors=True)


def _remove_what_the_killed_left() -> None:
    """Remove the folders whose maker, named by its process id, is no more."""
    for folder in _DATA.glob("*-*"):
        try:
            os.kill(int(folder.name.partition("-")[0]), 0)
        except ProcessLookupError:
            shutil.rmtree(folder, ignore_errors=True)
        except PermissionError:
            continue  # alive, and somebody else's
