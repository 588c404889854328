"""Opening and closing the driver's cluster: everything that blocks and belongs on a thread."""

import logging
import random
import ssl
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from cassandra import ConsistencyLevel, DependencyException, UnresolvableContactPoints
from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import EXEC_PROFILE_DEFAULT, Cluster, ExecutionProfile, NoHostAvailable, Session
from cassandra.policies import (
    ConstantSpeculativeExecutionPolicy,
    DCAwareRoundRobinPolicy,
    ExponentialReconnectionPolicy,
    TokenAwarePolicy,
)
from cassandra.query import tuple_factory

from adapters.cassandra.driver_errors import TRANSIENT, in_our_words, translated, unavailable
from adapters.cassandra.row_batch import RowProtocol
from adapters.cassandra.settings import ClusterSettings
from application.errors import Refused

T = TypeVar("T")

_PROTOCOL = 5
"""Cassandra 4.0 and later; named, because the driver would open a connection for each version above it."""
_HEARTBEAT_S = 10
"""An idle connection that a firewall dropped is found within two of these."""
_SECOND_NODE_S, _MORE_NODES = 1.0, 2
"""When the same is asked of another node too, and of how many: a node that stands still keeps its connections, and is
asked until its heartbeat was missed, which takes 20 s. Half of what a node gives a write; with one node it changes
nothing. All statements may be repeated."""
_FIRST_RECONNECT_S, _LAST_RECONNECT_S = 0.5, 10.0
"""The driver would wait up to 10 minutes between attempts, and stop after 64 of them."""
_PAUSES_S = (0.5, 1.0)
"""Between attempts of the few statements at the start, each of which waits for ``request_timeout_s``."""
_BUFFER = 131_072
"""Bytes that are sent or received at once. The driver's 4 KiB are a wake-up of its thread, a system call and a turn at
the interpreter's lock each: a batch of the sink has 30 KiB."""
_EXECUTOR_THREADS = 4
"""They open connections; with the driver's two, two unreachable nodes keep all others waiting."""


def connected(settings: ClusterSettings) -> Session:
    """Return a session with the cluster.

    Raises:
        Unavailable: no node answers.
        Refused: credentials, certificates or data centre are wrong.
        WrongShape: the nodes are too old.
    """
    _quieten()
    try:
        cluster = _cluster(settings)
    except UnresolvableContactPoints as error:
        raise unavailable(error, settings) from error
    try:
        session = cluster.connect()
    except Exception as error:
        nowhere = _not_in(cluster, settings) if isinstance(error, NoHostAvailable) else None
        cluster.shutdown()
        known = nowhere or translated(error, settings)
        if known is None:
            raise
        raise known from error
    # The write time is in every statement that needs one; a client's clock has no say in the others.
    session.use_client_timestamp = False
    session.client_protocol_handler = RowProtocol
    return session


def prepared(settings: ClusterSettings, prepare: Callable[[Session], None]) -> Session:
    """Return a session after ``prepare``, which may be repeated, has made it ready; closed again where that fails.

    Raises:
        Unavailable, Refused, WrongShape: no session, or what ``prepare`` raises.
    """
    driver = connected(settings)
    try:
        with in_our_words(settings):
            patiently(lambda: prepare(driver))
    except Exception:
        disconnect(driver)
        raise
    return driver


def patiently(work: Callable[[], T]) -> T:
    """Do ``work``, which may be repeated, again if an answer was late: a node that just started is slow."""
    for pause_s in _PAUSES_S:
        try:
            return work()
        except TRANSIENT:
            time.sleep(pause_s * random.uniform(0.5, 1.0))  # noqa: S311  no secret; not all replicas at once
    return work()


def disconnect(session: Session) -> None:
    """Close all connections and end the driver's threads."""
    session.cluster.shutdown()


def _cluster(settings: ClusterSettings) -> Cluster:
    profile = ExecutionProfile(
        load_balancing_policy=TokenAwarePolicy(DCAwareRoundRobinPolicy(settings.local_dc)),
        consistency_level=ConsistencyLevel.LOCAL_QUORUM,
        request_timeout=settings.request_timeout_s,
        row_factory=tuple_factory,
        speculative_execution_policy=ConstantSpeculativeExecutionPolicy(_SECOND_NODE_S, _MORE_NODES),
    )
    return Cluster(
        settings.contact_points,
        port=settings.port,
        protocol_version=_PROTOCOL,
        connection_class=_reactor(),
        compression=False,  # costs more processor than the network it saves within a data centre
        auth_provider=_credentials(settings),
        ssl_context=_tls(settings.ca_file) if settings.ca_file else None,
        ssl_options={"server_hostname": settings.server_name} if settings.server_name else None,
        execution_profiles={EXEC_PROFILE_DEFAULT: profile},
        reconnection_policy=ExponentialReconnectionPolicy(_FIRST_RECONNECT_S, _LAST_RECONNECT_S, max_attempts=None),
        connect_timeout=settings.connect_timeout_s,
        control_connection_timeout=settings.connect_timeout_s,
        idle_heartbeat_interval=_HEARTBEAT_S,
        idle_heartbeat_timeout=_HEARTBEAT_S,
        executor_threads=_EXECUTOR_THREADS,
    )


def _quieten() -> None:
    """Let the driver's log say nothing, unless somebody set its level: we say it once, without its tracebacks."""
    log = logging.getLogger("cassandra")
    if log.level == logging.NOTSET:
        log.setLevel(logging.CRITICAL)


def _reactor() -> type:
    """Return the event loop of the driver: libev, of which all others are slower or experimental."""
    try:
        from cassandra.io.libevreactor import LibevConnection  # noqa: PLC0415  its absence deserves a clear line
    except (ImportError, DependencyException) as error:
        message = "cassandra-driver is installed without libev: install its wheel, not its source"
        raise Refused(message, package="cassandra-driver") from error
    return type("LargeBufferConnection", (LibevConnection,), {"in_buffer_size": _BUFFER, "out_buffer_size": _BUFFER})


def _credentials(settings: ClusterSettings) -> PlainTextAuthProvider | None:
    if not settings.username:
        return None
    try:
        password = Path(settings.password_file).read_text(encoding="utf-8").strip()
    except OSError as error:
        message = f"the password of Cassandra's user {settings.username!r} cannot be read: {error}"
        raise Refused(message, setting="cassandra.password_file") from error
    return PlainTextAuthProvider(settings.username, password)


def _tls(ca_file: str) -> ssl.SSLContext:
    """Return a context that trusts ``ca_file`` alone and checks that each node is who it says."""
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError) as error:
        message = f"the authority of Cassandra's certificates cannot be read from {ca_file}: {error}"
        raise Refused(message, setting="cassandra.ca_file") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _not_in(cluster: Cluster, settings: ClusterSettings) -> Refused | None:
    """Say so if the cluster answers but knows no data centre of that name: the driver then just finds no host."""
    known = sorted({host.datacenter for host in cluster.metadata.all_hosts() if host.datacenter})
    if not known or settings.local_dc in known:
        return None
    message = f"the cluster at {settings.where} has no data centre {settings.local_dc!r}, but {', '.join(known)}"
    return Refused(f"{message}: set cassandra.local_dc", setting="cassandra.local_dc")
