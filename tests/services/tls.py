"""Certificates of servers on this machine, and how each kind of server is told to use them."""

from pathlib import Path

CERTIFICATES = Path(__file__).parent / "certificates"
AUTHORITY = str(CERTIFICATES / "authority.pem")
ANOTHER_AUTHORITY = str(CERTIFICATES / "another_authority.pem")
KEY = CERTIFICATES / "server.key"


def key_and_certificate(folder: Path, name: str = "localhost") -> Path:
    """Return a file with the key and the certificate ``name``, as Java's servers want them (PEM)."""
    together = folder / f"{name}.both.pem"
    together.write_text(KEY.read_text() + (CERTIFICATES / f"{name}.pem").read_text())
    return together


def mosquitto_lines(certificate: str = "localhost") -> tuple[str, str]:
    """Return what makes the listener of a broker speak TLS."""
    return f"keyfile {KEY}", f"certfile {CERTIFICATES / certificate}.pem"


def kafka_lines(folder: Path, port: int, certificate: str = "localhost") -> tuple[str, ...]:
    """Return what gives a broker a second listener at ``port``: TLS, and who comes says a password (SCRAM-SHA-512)."""
    both, mine = key_and_certificate(folder, certificate), "listener.name.guarded"
    return (
        f"listeners=PLAINTEXT://127.0.0.1:$port,GUARDED://127.0.0.1:{port},CONTROLLER://127.0.0.1:$controller_port",
        f"advertised.listeners=PLAINTEXT://127.0.0.1:$port,GUARDED://127.0.0.1:{port}",
        "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,GUARDED:SASL_SSL",
        "inter.broker.listener.name=PLAINTEXT",
        f"{mine}.ssl.keystore.type=PEM",
        f"{mine}.ssl.keystore.location={both}",
        f"{mine}.sasl.enabled.mechanisms=SCRAM-SHA-512",
        f"{mine}.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;",
    )


def cassandra_lines(folder: Path, certificate: str = "localhost") -> tuple[str, ...]:
    """Return what makes a node speak nothing but TLS."""
    return (
        "client_encryption_options:",
        "  enabled: true",
        "  optional: false",
        "  ssl_context_factory:",
        "    class_name: org.apache.cassandra.security.PEMBasedSslContextFactory",
        f"  keystore: {key_and_certificate(folder, certificate)}",
    )
