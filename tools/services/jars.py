"""The servers' jars, fetched once by Maven, and the Java to run them."""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tools.services.server import ServiceUnavailable
from tools.services.workspace import HERE, JARS

_JAVA_17 = re.compile(r'version "17\b')
_FETCH_SECONDS = 900


def jars(name: str) -> Path:
    """Return the folder with the jars of ``NAME.pom.xml``, fetched at the first call.

    Raises:
        ServiceUnavailable: no Maven, or it cannot fetch them.
    """
    pom = HERE / f"{name}.pom.xml"
    folder = JARS / f"{name}-{hashlib.sha256(pom.read_bytes()).hexdigest()[:12]}"
    JARS.mkdir(parents=True, exist_ok=True)
    with (JARS / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # somebody else may be fetching them right now
        if not folder.exists():
            partial = folder.with_suffix(".partial")
            shutil.rmtree(partial, ignore_errors=True)
            _fetch(pom, partial)
            partial.rename(folder)
    return folder


def _fetch(pom: Path, folder: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise ServiceUnavailable("Maven is not installed (Debian: maven), and it fetches the servers' jars")
    command = [maven, "-q", "-B", "-f", str(pom), "dependency:copy-dependencies", f"-DoutputDirectory={folder}"]
    done = subprocess.run(
        [*command, "-DincludeScope=runtime"], capture_output=True, text=True, check=False, timeout=_FETCH_SECONDS
    )
    if done.returncode:
        raise ServiceUnavailable(f"Maven could not fetch the jars of {pom.name}:\n{done.stdout}{done.stderr}")


def java() -> str:
    """Return a Java 17, the one version that both Kafka 4 and Cassandra 5.0 run on.

    Raises:
        ServiceUnavailable: there is none.
    """
    for candidate in _candidates():
        path = shutil.which(candidate)
        if path and _JAVA_17.search(_version(path)):
            return path
    raise ServiceUnavailable("no Java 17 was found (Debian: openjdk-17-jre-headless)")


def _version(path: str) -> str:
    return subprocess.run([path, "-version"], capture_output=True, text=True, check=False, timeout=60).stderr


def _candidates() -> Iterator[str]:
    if home := os.environ.get("JAVA_HOME"):
        yield f"{home}/bin/java"
    yield "java"
    yield from map(str, Path("/usr/lib/jvm").glob("java-17-*/bin/java"))
