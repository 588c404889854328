"""A network server's broker at work: publishes the messages of a file, at a rate or as fast as the broker takes them.

``python -m bench.publisher HOST PORT QOS FILE RATE``: says ``ready`` once it is connected, begins at a line of input.
"""

import asyncio
import os
import sys
import time
from pathlib import Path

from adapters.mqtt.publisher import MqttPublisher
from adapters.mqtt.settings import PublisherSettings
from bench.messages import read

_TURN_S = 0.01
"""At a rate: what falls into 10 ms is published together."""


async def publish(host: str, port: int, qos: int, path: Path, rate: float) -> None:
    """Connect, wait for a line, publish all, ``rate`` messages per second (0: as fast as the broker takes them)."""
    settings = PublisherSettings(host=host, port=port, tls=False, client_id=f"stadtfunk-bench-{os.getpid()}", qos=qos)
    async with MqttPublisher(settings) as publisher:
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        began, sent = time.monotonic(), 0
        for batch in read(path):
            rest = batch
            while rest:
                # Who was late catches up: acknowledgements of a busy broker take longer than a turn.
                due = int((time.monotonic() - began) * rate) - sent if rate else len(rest)
                if due <= 0:
                    await asyncio.sleep(_TURN_S)
                    continue
                some, rest = rest[:due], rest[due:]
                await publisher.publish([(uplink.topic, uplink.body) for uplink in some])
                sent += len(some)


if __name__ == "__main__":
    _host, _port, _qos, _file, _rate = sys.argv[1:]
    asyncio.run(publish(_host, int(_port), int(_qos), Path(_file), float(_rate)))
