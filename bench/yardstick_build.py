"""The Kafka Streams yardstick, built by Maven at the first use and after every change of its sources."""

import fcntl
import hashlib
import shutil
import subprocess
from pathlib import Path

from tools.services.jars import java
from tools.services.server import ServiceUnavailable
from tools.services.workspace import JARS

SOURCES = Path(__file__).parent / "streams"
_MAIN = "stadtfunk.yardstick.Yardstick"
_BUILD_SECONDS = 900
JVM = ("-Xms256m", "-Xmx512m", "-XX:+UseSerialGC")
"""The serial collector costs the least processor time where there is one busy thread."""


def command() -> list[str]:
    """Return what starts the yardstick, before its arguments.

    Raises:
        ServiceUnavailable: no Java 17, no Maven, or it cannot build.
    """
    folder = _built()
    classpath = f"{folder / 'classes'}:{folder / 'lib'}/*"
    return [java(), *JVM, "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-cp", classpath, _MAIN]


def _built() -> Path:
    folder = JARS / f"streams-{fingerprint(SOURCES)}"
    JARS.mkdir(parents=True, exist_ok=True)
    with (JARS / "streams.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # somebody else may be building it right now
        if not folder.exists():
            partial = folder.with_suffix(".partial")
            shutil.rmtree(partial, ignore_errors=True)
            _build(partial)
            partial.rename(folder)
    return folder


def fingerprint(sources: Path) -> str:
    """Return what changes with every file that goes into the build."""
    digest = hashlib.sha256()
    for file in sorted([sources / "pom.xml", *(sources / "src").rglob("*.java")]):
        digest.update(str(file.relative_to(sources)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


def _build(folder: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise ServiceUnavailable("Maven is not installed (Debian: maven), and it builds the Kafka Streams yardstick")
    done = subprocess.run(
        [
            *(maven, "-q", "-B", "-f", str(SOURCES / "pom.xml"), f"-DbuildDirectory={folder}", "compile"),
            *("dependency:copy-dependencies", f"-DoutputDirectory={folder / 'lib'}", "-DincludeScope=runtime"),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=_BUILD_SECONDS,
    )
    if done.returncode:
        raise ServiceUnavailable(f"Maven could not build the Kafka Streams yardstick:\n{done.stdout}{done.stderr}")
