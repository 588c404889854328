"""The sample settings with the seventeen connectors, on servers of a test: its processes, its city, its operator."""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

from msgspec.structs import fields

from adapters.cassandra.settings import ClusterSettings
from adapters.mqtt.publisher import MqttPublisher
from adapters.mqtt.settings import PublisherSettings
from adapters.simulated_city.city import SimulatedCity
from adapters.simulated_city.settings import SimulatedCitySettings
from adapters.system.clock import SystemClock
from application.connectors import Listed, listed
from stadtfunk.container.connectors import Connectors
from stadtfunk.container.distributed import Distributed
from stadtfunk.settings import read_settings
from stadtfunk.settings.model import TopicNames
from tests.e2e.command import Ended, command, said_here
from tests.e2e.role import Role
from tests.integration.cassandra.cql import cql
from tools.services.address import CassandraAddress, KafkaAddress
from tools.services.mosquitto import Mosquitto

SAMPLE = Path(__file__).parents[2] / "docs" / "samples" / "ulm.toml"
_HASTE = {
    "uplinks": {"canary_every_s": 1.0, "canary_deadline_s": 30.0},
    "cassandra": {"every_s": 0.5},
}
"""No test waits for a minute: what the sample leaves at its default is shorter here."""
Json = dict[str, object]


class Ulm:
    """The sample, or other settings, with addresses, names and folders of a test."""

    def __init__(
        self, folder: Path, kafka: KafkaAddress, cassandra: CassandraAddress, broker: Mosquitto, sample: str
    ) -> None:
        self.folder = folder
        self.broker = broker
        self.name = f"ulm{uuid4().hex[:8]}"
        self.administration = f"administration_{self.name}"
        self.config = folder / "ulm.toml"
        raw = tomllib.loads(sample)
        self.connectors = [str(each["name"]) for each in raw["connectors"]]
        for each in raw["connectors"]:
            self._adapt(each)
        raw["kafka"] = self._kafka(kafka)
        raw["cassandra"] = {
            "contact_points": [cassandra.host],
            "port": cassandra.port,
            "local_dc": cassandra.datacenter,
            "keyspace": self.name,
        }
        self.config.write_text(toml(raw), encoding="utf-8")
        self.cluster = ClusterSettings(
            contact_points=(cassandra.host,), port=cassandra.port, local_dc=cassandra.datacenter, keyspace=self.name
        )

    def _adapt(self, connector: Json) -> None:
        if "host" in connector:
            connector |= {"host": self.broker.host, "port": self.broker.port, **_HASTE["uplinks"]}
        for name in {"folder", "path"} & connector.keys():
            folder = self.folder / str(connector[name])
            folder.mkdir(exist_ok=True)
            connector[name] = str(folder)
        if "keyspace" in connector:
            connector |= {"keyspace": self.administration, **_HASTE["cassandra"]}

    def _kafka(self, kafka: KafkaAddress) -> Json:
        return {
            "bootstrap": kafka.bootstrap,
            "partitions": 2,
            "process_group": f"{self.name}-process",
            "sink_group": f"{self.name}-sink",
            "session_timeout_s": 6,
            "topics": {each.name: f"{self.name}-{each.default}" for each in fields(TopicNames)},
        }

    def role(self, name: str, *more: str) -> Role:
        """Return a process of the platform."""
        return Role(self.folder, name, "--config", str(self.config), *more)

    def container(self) -> Distributed:
        """Return the parts of the platform, for looking into it."""
        return Distributed(settings=read_settings(self.config, {}))

    async def listed(self) -> dict[str, Listed]:
        """Return the list of connectors by name, as the command makes it."""
        container = self.container()
        configured = {each.name: each.kind for each in container.settings().connectors}
        reports = await Connectors(container).reports().newest()
        return {each.name: each for each in listed(configured, reports, container.clock().now_us())}

    def status(self) -> Ended:
        """Run ``stadtfunk connectors status --json``."""
        return command("connectors", "status", "--json", "--config", self.config)

    def administer(self, *statements: str) -> None:
        """Let the administration change its tables, in which ``{administration}`` is their keyspace."""
        for statement in statements:
            cql(self.cluster, statement.replace("{administration}", self.administration))

    async def publish(self, messages: Sequence[tuple[str, bytes]]) -> None:
        """Let devices speak."""
        where = PublisherSettings(
            host=self.broker.host, port=self.broker.port, tls=False, client_id=f"{self.name}-city"
        )
        async with MqttPublisher(where) as publisher:
            await publisher.publish(messages)

    def exported(self, connector: str) -> list[str]:
        """Return the rows in the files of a connector, without their headers."""
        return [
            line
            for path in sorted((self.folder / "export").glob(f"{connector}*.csv"))
            for line in path.read_text(encoding="utf-8").splitlines()[1:]
        ]


@contextmanager
def ulm(
    folder: Path, kafka: KafkaAddress, cassandra: CassandraAddress, broker: Mosquitto, sample: str = ""
) -> Iterator[Ulm]:
    """Make topics, keyspace and the administration's tables, and take the keyspaces away at the end."""
    city = Ulm(folder, kafka, cassandra, broker, sample or SAMPLE.read_text(encoding="utf-8"))
    copies = "{{'class': 'SimpleStrategy', 'replication_factor': 1}}"
    with ExitStack() as cleaning:
        city.administer(f"CREATE KEYSPACE {{administration}} WITH replication = {copies}")
        cleaning.callback(city.administer, "DROP KEYSPACE {administration}")
        city.administer(*_tables())
        said_here("migrate", "--config", city.config)
        cleaning.callback(city.administer, f"DROP KEYSPACE {city.name}")
        yield city


def _tables() -> list[str]:
    """Return the statements that the sample shows."""
    lines = [line.removeprefix("#").strip() for line in SAMPLE.read_text(encoding="utf-8").splitlines()]
    return [
        line.removesuffix(";").replace("administration.", "{administration}.")
        for line in lines
        if line.startswith("CREATE TABLE")
    ]


def messages_of(fleet: str, network_server: str, uplinks: int) -> list[tuple[str, bytes]]:
    """Return what a few devices of ``fleet`` say through a network server."""
    settings = SimulatedCitySettings(
        name="city",
        devices=6,
        uplinks=uplinks,
        rate=0.0,
        fleets=(fleet,),
        network_servers=(network_server,),
        poison=0.0,
        rejoins=0.0,
    )
    return list(SimulatedCity(settings, SystemClock()).messages())


def city_messages(uplinks: int) -> dict[str, list[tuple[str, bytes]]]:
    """Return what a city's meters and trackers say, by application; trackers are those of the sample."""
    applications: dict[str, list[tuple[str, bytes]]] = {}
    for fleet in ("electricity", "water", "trackers"):
        for topic, body in messages_of(fleet, "tts", uplinks):
            application = _application(topic)
            renamed = topic.replace("swu-trackers", application), body.replace(b"swu-trackers", application.encode())
            applications.setdefault(application, []).append(renamed)
    return applications


def _application(topic: str) -> str:
    application = topic.split("/")[1].partition("@")[0]
    if application != "swu-trackers":
        return application
    return "ztrack-gps" if sum(topic.split("/")[3].encode()) % 2 else "swu-sniffer-gps"


def by_connector(applications: Mapping[str, Sequence[tuple[str, bytes]]]) -> Counter[str]:
    """Return how many messages each connector for uplinks must take in."""
    names = {
        "swu-electricity": "swu-electricity-ttn-50",
        "swu-water": "swu-water-ttn",
        "swu-sniffer-gps": "ttn-swu-sniffer-gps",
        "ztrack-gps": "ttn-ztrack-gps",
    }
    counts: Counter[str] = Counter()
    for application, messages in applications.items():
        for topic, _ in messages:
            counts[names[application] + ("-activations" if topic.endswith("/join") else "")] += 1
    return counts


def toml(tables: Mapping[str, Json | list[Json]]) -> str:
    """Return settings as they stand in a file."""
    lines: list[str] = []
    for name, value in tables.items():
        rows = value if isinstance(value, list) else [value]
        for row in rows:
            lines.append(f"[[{name}]]" if isinstance(value, list) else f"[{name}]")
            lines += [f"{key} = {_value(each)}" for key, each in row.items()]
    return "\n".join([*lines, ""])


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else str(value)
