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


@contextmanager
def workspace(root: Path = ROOT) -> Iterator[Path]:
    """Yield a folder for a server's configuration, data and log; at the end only the log is kept, in ``logs``."""
    data, logs = root / "data", root / "logs"
    data.mkdir(parents=True, exist_ok=True)
    logs.mkdir(exist_ok=True)
    _remove_what_the_killed_left(data)
    folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=data))
    try:
        yield folder
    finally:
        for log in folder.glob("*.log"):
            log.rename(logs / f"{folder.name}-{log.name}")
        shutil.rmtree(folder, ignore_errors=True)


def _remove_what_the_killed_left(data: Path) -> None:
    """Remove the folders whose maker, named by its process id, is no more."""
    for folder in data.glob("*-*"):
        try:
            os.kill(int(folder.name.partition("-")[0]), 0)
        except ProcessLookupError:
            shutil.rmtree(folder, ignore_errors=True)
        except PermissionError:
            continue  # alive, and somebody else's
