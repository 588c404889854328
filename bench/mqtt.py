"""What receiving costs: our reader and paho-mqtt in turn, from the same broker, the same messages.

Both do no more than it takes to have the messages in memory as ``RawUplink``; at QoS 1 each acknowledges what it was
given at once, as when that is durable, paho with ``manual_ack``. paho is driven in the way that costs it least: its own
blocking loop, with nothing else in the process.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from application.ports.uplink_log import RawUplink
from bench import messages
from bench.broker import Broker, feed
from bench.city import SOURCE, Lot
from bench.drain import until
from bench.measure import Run, run_between, sample
from bench.own_process import in_own_process
from bench.servers import Servers

_LOOK_S = 0.2
_QUIET_S = 10.0
"""What has not come so long after the one before does not come."""


class Plan(Struct, frozen=True):
    """What to receive, and from where."""

    scenario: str
    lot: Lot
    broker: Broker
    servers: dict[str, int]


class _Received(Struct):
    """How much came: counted as it comes, so that nothing has to be kept."""

    messages: int = 0
    size: int = 0
    at: float = 0.0

    def add(self, uplinks: list[RawUplink]) -> None:
        self.messages += len(uplinks)
        self.size += sum([len(uplink.body) for uplink in uplinks])
        self.at = time.monotonic()


def measured(lot: Lot, topics: list[str], servers: Servers, runs: int) -> Iterator[Run]:
    """Yield ``runs`` rounds of all four."""
    host, port = servers.mosquitto
    for _ in range(runs):
        for qos in (0, 1):
            plan = Plan("", lot, Broker(host, port, qos, topics), servers.pids("mosquitto"))
            yield in_own_process(ours, replace(plan, scenario=f"MQTT QoS {qos}, our reader"))
            yield in_own_process(pahos, replace(plan, scenario=f"MQTT QoS {qos}, paho-mqtt"))


def ours(plan: Plan) -> Run:
    """Return one run of our reader."""
    return asyncio.run(_ours(plan))


async def _ours(plan: Plan) -> Run:
    received = _Received()
    async with feed(plan.lot.path, plan.broker) as fed:
        before = sample(plan.servers)
        fed.begin()
        while received.messages < plan.lot.messages:
            async with asyncio.timeout(_QUIET_S):
                delivery = await fed.source.receive()
            if delivery is None:
                break
            received.add(list(delivery.uplinks))
            await fed.source.acknowledge(delivery)
        await until(lambda: int(fed.is_over()), 1, [])
        after = sample(plan.servers)
    return _checked(plan, received, run_between(plan.scenario, received.messages, before, after))


def pahos(plan: Plan) -> Run:
    """Return one run of paho-mqtt."""
    reader = _PahoReader(plan.broker)
    broker = plan.broker
    arguments = (broker.host, str(broker.port), str(broker.qos), str(plan.lot.path), "0")
    command = (sys.executable, "-m", "bench.publisher", *arguments)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as generator:
        if generator.stdin is None or generator.stdout is None:
            raise RuntimeError("the generator has no pipes")
        generator.stdout.readline()
        before = sample(plan.servers)
        generator.stdin.write("\n")
        generator.stdin.flush()
        reader.receive(plan.lot.messages)
        generator.wait()
        after = sample(plan.servers)
    reader.leave()
    return _checked(plan, reader.received, run_between(plan.scenario, reader.received.messages, before, after))


class _PahoReader:
    """Subscribed once it is made."""

    def __init__(self, broker: Broker) -> None:
        self.received = _Received()
        self._batch: list[RawUplink] = []
        self._mids: list[int] = []
        self._qos = broker.qos
        self._subscribed = False
        self._client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"stadtfunk-bench-paho-{os.getpid()}",
            reconnect_on_failure=False,
            manual_ack=True,
        )
        self._client.on_message = self._take
        self._client.on_subscribe = lambda *_: setattr(self, "_subscribed", True)
        self._client.connect(broker.host, broker.port)
        self._client.subscribe([(topic, broker.qos) for topic in broker.topics])
        while not self._subscribed:
            self._client.loop(_LOOK_S)

    def receive(self, expected: int) -> None:
        """Return once ``expected`` messages came, or nothing has for a while."""
        self.received.at = time.monotonic()
        while self.received.messages < expected and time.monotonic() - self.received.at < _QUIET_S:
            self._client.loop(_LOOK_S)
            if self._batch:
                self._end_batch()

    def leave(self) -> None:
        """Disconnect."""
        self._client.disconnect()
        self._client.loop(_LOOK_S)

    def _take(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        now_us = time.time_ns() // 1_000
        body = bytes(message.payload)
        self._batch.append(RawUplink(SOURCE, "tts", message.topic, body, now_us, message.dup))
        self._mids.append(message.mid)

    def _end_batch(self) -> None:
        self.received.add(self._batch)
        if self._qos:
            for mid in self._mids:
                self._client.ack(mid, self._qos)
        self._batch, self._mids = [], []


def _checked(plan: Plan, received: _Received, run: Run) -> Run:
    """Return ``run`` with what is wrong with it."""
    size = sum(len(uplink.body) for batch in messages.read(plan.lot.path) for uplink in batch)
    if (received.messages, received.size) != (plan.lot.messages, size):
        run.mistakes.append(f"{received.messages:,} of {plan.lot.messages:,} messages came")
    return run
