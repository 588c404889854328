"""Cassandra from its jars: nodes on free ports; one by itself, or several as a cluster."""

from collections.abc import Sequence
from pathlib import Path
from string import Template
from typing import NamedTuple, Self

from tools.services.jars import jars, java
from tools.services.ports import free_port
from tools.services.server import Server, serves
from tools.services.workspace import HERE

DATACENTER = "datacenter1"
"""What SimpleSnitch calls the only one it knows."""

# Cassandra reaches below Java's module system; these are the doors it needs on Java 17.
_EXPORTS = [
    "java.base/jdk.internal.misc",
    "java.base/jdk.internal.ref",
    "java.base/sun.nio.ch",
    "java.management.rmi/com.sun.jmx.remote.internal.rmi",
    "java.rmi/sun.rmi.registry",
    "java.rmi/sun.rmi.server",
    "java.sql/java.sql",
    "jdk.attach/sun.tools.attach",
    "jdk.compiler/com.sun.tools.javac.api",
    "jdk.unsupported/sun.misc",
]
_OPENS = [
    "java.base/java.io",
    "java.base/java.lang",
    "java.base/java.lang.module",
    "java.base/java.lang.reflect",
    "java.base/java.nio",
    "java.base/java.util",
    "java.base/java.util.concurrent",
    "java.base/java.util.concurrent.atomic",
    "java.base/jdk.internal.loader",
    "java.base/jdk.internal.math",
    "java.base/jdk.internal.module",
    "java.base/jdk.internal.ref",
    "java.base/jdk.internal.reflect",
    "java.base/jdk.internal.util.jar",
    "java.base/sun.nio.ch",
    "jdk.compiler/com.sun.tools.javac",
    "jdk.management/com.sun.management.internal",
]
_FLUSHED_BEFORE_EACH_ANSWER = "commitlog_sync: batch"
_FLUSHED_NOW_AND_THEN = "commitlog_sync: periodic\ncommitlog_sync_period: 10s"
_SMALL_HEAP = ["-Xms512m", "-Xmx1g"]
# What Cassandra 5.0 starts with (conf/jvm17-server.options); of 16 GiB its own script would give the heap four.
_PRODUCTION_HEAP = [
    *("-Xms4g", "-Xmx4g", "-XX:+UseG1GC", "-XX:G1HeapRegionSize=16m", "-XX:MaxTenuringThreshold=1"),
    *("-XX:+ParallelRefProcEnabled", "-XX:G1RSetUpdatingPauseTimePercent=5", "-XX:MaxGCPauseMillis=300"),
    "-XX:InitiatingHeapOccupancyPercent=70",
]
# A new cluster has nobody to wait for, no gossip to settle and no superuser to create; an empty one hands nothing over.
_WAITS = [
    *("ring_delay_ms=0", "skip_wait_for_gossip_to_settle=0", "superuser_setup_delay_ms=0"),
    "auto_bootstrap=false",
]


class Ring(NamedTuple):
    """What nodes have in common that make one cluster; each has an address of this machine's of its own."""

    port: int
    storage_port: int

    @classmethod
    def new(cls) -> Self:
        """Return that of a new cluster."""
        return cls(free_port(), free_port())

    def host(self, node: int) -> str:
        """Return where ``node`` is, the first of which is 1."""
        return f"127.0.0.{node}"


class Cassandra(Server):
    """A Cassandra node of our own; ``with`` starts and stops it. No JMX, so it needs two ports only.

    ``lines`` are added to its configuration. What it acknowledges it has flushed, as nobody else has a copy. Without
    ``one_copy`` it is as one of three: it flushes every ten seconds, as a node comes, and has a heap for production.
    With a ``ring`` it is its ``node``, and flushes like one of three: start the first before the others, and all before
    there is anything to take over.
    """

    def __init__(
        self, folder: Path, *lines: str, one_copy: bool = True, ring: Ring | None = None, node: int = 1
    ) -> None:
        is_alone, ring = ring is None, ring or Ring.new()
        self.host, self.port, self.datacenter = ring.host(node), ring.port, DATACENTER
        settings = folder / "cassandra.yaml"
        filled = Template((HERE / "cassandra.yaml").read_text()).substitute(
            host=self.host,
            port=ring.port,
            seed=ring.host(1),
            storage_port=ring.storage_port,
            hints="false" if is_alone else "true",
            commit_log=_FLUSHED_BEFORE_EACH_ANSWER if is_alone and one_copy else _FLUSHED_NOW_AND_THEN,
            data=folder / "data",
        )
        settings.write_text("\n".join([filled, *lines, ""]))
        ready = serves(self.port, host=self.host, log_says="Startup complete")
        heap = _SMALL_HEAP if one_copy else _PRODUCTION_HEAP
        super().__init__("cassandra", folder, _command(settings, folder / "data", heap), ready)


def _command(settings: Path, data: Path, heap: Sequence[str]) -> list[str]:
    lib = jars("cassandra")
    properties = [f"config=file://{settings}", f"storagedir={data}", *_WAITS]
    return [
        java(),
        *(*heap, "-Xss384k", "-XX:+ExitOnOutOfMemoryError"),
        f"-javaagent:{next(lib.glob('jamm-*.jar'))}",
        *("-cp", f"{lib}/*"),
        *(f"--add-exports={module}=ALL-UNNAMED" for module in _EXPORTS),
        *(f"--add-opens={module}=ALL-UNNAMED" for module in _OPENS),
        "-Djdk.attach.allowAttachSelf=true",
        "-Dcassandra-foreground=yes",  # else it closes its output, the log, at the end of the start
        f"-Dlogback.configurationFile={HERE / 'cassandra.logback.xml'}",
        *(f"-Dcassandra.{name}" for name in properties),
        "org.apache.cassandra.service.CassandraDaemon",
    ]
