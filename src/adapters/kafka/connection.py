"""How to reach Kafka, and who we are to it."""

import ssl

from msgspec import Struct

from adapters.kafka.deadlines import Deadlines
from adapters.kafka.last_words import listen
from application.errors import Refused

_TLS = ("SSL", "SASL_SSL")
_SASL = ("SASL_PLAINTEXT", "SASL_SSL")


class KafkaConnection(Struct, frozen=True, kw_only=True):
    """Address and credentials of a cluster."""

    bootstrap: str
    """``host:port``, several with commas."""
    client_id: str = "stadtfunk"
    """Stands in the broker's logs and quotas."""
    security_protocol: str = "PLAINTEXT"
    """``PLAINTEXT``, ``SSL``, ``SASL_PLAINTEXT`` or ``SASL_SSL``."""
    sasl_mechanism: str = "SCRAM-SHA-512"
    """Or ``SCRAM-SHA-256``, ``PLAIN``."""
    username: str = ""
    password: str = ""
    ca_file: str = ""
    """Authority of the brokers' certificates; empty: those the system trusts."""
    certificate_file: str = ""
    """Our own certificate, where brokers ask for one (mutual TLS)."""
    key_file: str = ""
    deadlines: Deadlines = Deadlines()

    def arguments(self) -> dict[str, object]:
        """Return the keyword arguments that every client of aiokafka takes.

        Raises:
            Refused: a certificate or key cannot be read; there is no way back to plain text.
        """
        listen()
        arguments: dict[str, object] = {
            "bootstrap_servers": [address.strip() for address in self.bootstrap.split(",")],
            "client_id": self.client_id,
            "security_protocol": self.security_protocol,
        }
        if self.security_protocol in _TLS:
            arguments["ssl_context"] = self._tls()
        if self.security_protocol in _SASL:
            arguments["sasl_mechanism"] = self.sasl_mechanism
            arguments["sasl_plain_username"] = self.username
            arguments["sasl_plain_password"] = self.password
        return arguments

    def __repr__(self) -> str:
        """Show no password, in whatever log this ends up."""
        user = f", username={self.username!r}" if self.username else ""
        return f"KafkaConnection({self.bootstrap!r}, {self.security_protocol}{user})"

    def _tls(self) -> ssl.SSLContext:
        try:
            context = ssl.create_default_context(cafile=self.ca_file or None)
        except OSError as error:  # ssl.SSLError is one
            raise Refused(f"kafka.ca_file {self.ca_file!r} cannot be used: {error}", setting="kafka.ca_file") from error
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self.certificate_file:
            try:
                context.load_cert_chain(self.certificate_file, self.key_file or None)
            except OSError as error:
                raise Refused(
                    f"kafka.certificate_file {self.certificate_file!r} or its key cannot be used: {error}",
                    setting="kafka.certificate_file",
                ) from error
        return context
