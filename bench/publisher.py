"""A network server's broker at work: publishes the messages of a file, as fast as the broker takes them.

``python -m bench.publisher HOST PORT QOS FILE``: says ``ready`` once it is connected and begins at a line of input.
"""

import asyncio
import os
import sys
from pathlib import Path

from adapters.mqtt.publisher import MqttPublisher
from adapters.mqtt.settings import PublisherSettings
from bench.messages import read


async def publish(host: str, port: int, qos: int, path: Path) -> None:
    """Connect, wait for a line, publish all."""
    settings = PublisherSettings(host=host, port=port, tls=False, client_id=f"stadtfunk-bench-{os.getpid()}", qos=qos)
    async with MqttPublisher(settings) as publisher:
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        for batch in read(path):
            await publisher.publish([(uplink.topic, uplink.body) for uplink in batch])


if __name__ == "__main__":
    _host, _port, _qos, _file = sys.argv[1:]
    asyncio.run(publish(_host, int(_port), int(_qos), Path(_file)))
