"""paho-mqtt as a parser and writer of packets on a connection that is already there.

Its own loop, its reconnecting and its keepalive are not used. The keepalive would take our back-pressure for the
broker's death: while we do not read on purpose, the answer to a ping waits in the same queue as the messages.
"""

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from adapters.mqtt.settings import BrokerSettings
from adapters.mqtt.wire import Wire


class PahoOnWire(Client):
    """MQTT 3.1.1; acknowledges nothing by itself."""

    def __init__(self, broker: BrokerSettings, wire: Wire, *, clean_session: bool) -> None:
        super().__init__(
            CallbackAPIVersion.VERSION2,
            client_id=broker.client_id,
            clean_session=clean_session,
            reconnect_on_failure=False,
            manual_ack=True,
        )
        self._wire = wire
        self._broker = broker
        if broker.username:
            self.username_pw_set(broker.username, broker.password)
        # No window of its own: it would search all messages on their way for the next one at every acknowledgement.
        self.max_inflight_messages_set(0)

    def introduce(self) -> None:
        """Send CONNECT."""
        self.connect(self._broker.host, self._broker.port, max(1, round(self._broker.keepalive_s)))

    def take_packet(self) -> bool:
        """Take one packet, or what there is of it; False: the other side does not keep to the protocol."""
        understood = self.loop_read() is MQTTErrorCode.MQTT_ERR_SUCCESS
        if self.want_write():
            self.loop_write()
        return understood

    def _create_socket(self) -> Wire:
        # The one place where paho, which would connect in a blocking call, is told otherwise.
        return self._wire
