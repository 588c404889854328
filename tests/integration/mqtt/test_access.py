"""A broker that will not have us, or is not there: one clear line, and nothing is given up that was promised."""

import asyncio
import base64
import hashlib
import json
from pathlib import Path

import pytest

from application.errors import Refused, Unavailable
from tests.integration.mqtt.broker import LOGGED, publish, source, subscribed
from tests.services.fixtures import MosquittoFactory
from tests.services.tls import ANOTHER_AUTHORITY, AUTHORITY, mosquitto_lines
from tests.support.eventually import DEADLINE_S, soon
from tools.services.mosquitto import Mosquitto

pytestmark = pytest.mark.integration

SWU = {"username": "swu", "password": "secret"}
WRONG = "guess-4711"
SALT = b"twelve bytes"  # no more and no less, says Mosquitto


def guarded(mosquitto_factory: MosquittoFactory, folder: Path) -> Mosquitto:
    """Return a broker that knows user swu with password secret, who may subscribe to one topic filter."""
    rights = folder / "rights.json"
    hashed = hashlib.pbkdf2_hmac("sha512", SWU["password"].encode(), SALT, 101)
    client = {
        "username": "swu",
        "password": base64.b64encode(hashed).decode(),
        "salt": base64.b64encode(SALT).decode(),
        "iterations": 101,
        "roles": [{"rolename": "reader"}],
    }
    acl = {"acltype": "subscribeLiteral", "topic": "v3/swu@ulm/devices/+/up", "allow": True}
    access = {"publishClientSend": True, "publishClientReceive": True, "subscribe": False, "unsubscribe": True}
    roles = [{"rolename": "reader", "acls": [acl]}]
    rights.write_text(json.dumps({"defaultACLAccess": access, "clients": [client], "roles": roles}))
    plugin = next(Path("/usr/lib").glob("*/mosquitto_dynamic_security.so"))
    return mosquitto_factory(LOGGED, f"plugin {plugin}", f"plugin_opt_config_file {rights}", "allow_anonymous false")


async def refusal(broker: Mosquitto, **changes: object) -> Refused:
    """Return why ``broker`` will not have a reader."""
    async with source(broker, **changes) as reader:
        with pytest.raises(Refused) as caught:
            await soon(reader.receive())
        with pytest.raises(Refused):
            await soon(reader.receive())  # it stays so, and nobody waits for ever
    return caught.value


async def test_a_right_password_and_topic_filter_are_taken(mosquitto_factory: MosquittoFactory, tmp_path: Path) -> None:
    broker = guarded(mosquitto_factory, tmp_path)
    async with source(broker, **SWU, topics=("v3/swu@ulm/devices/+/up",)):
        await subscribed(broker)


async def test_a_wrong_password_is_refused(mosquitto_factory: MosquittoFactory, tmp_path: Path) -> None:
    broker = guarded(mosquitto_factory, tmp_path)
    error = await refusal(broker, **{**SWU, "password": WRONG})
    assert error.attributes == {"setting": "password_file"}
    assert f"mqtt://127.0.0.1:{broker.port} refuses user 'swu'" in error.message
    assert WRONG not in error.message


async def test_no_password_where_one_is_needed_is_refused(mosquitto_factory: MosquittoFactory, tmp_path: Path) -> None:
    error = await refusal(guarded(mosquitto_factory, tmp_path))
    assert "refuses a client without username" in error.message


async def test_a_topic_filter_that_is_not_ours_is_refused_by_its_name(
    mosquitto_factory: MosquittoFactory, tmp_path: Path
) -> None:
    filters = ("v3/swu@ulm/devices/+/up", "v3/others@ulm/devices/+/up")
    error = await refusal(guarded(mosquitto_factory, tmp_path), **SWU, topics=filters)
    assert error.attributes == {"setting": "topics"}
    assert error.message.endswith("does not let user 'swu' subscribe to 'v3/others@ulm/devices/+/up': correct topics")


async def test_no_broker_is_unavailable_once_the_budget_is_spent(mosquitto_factory: MosquittoFactory) -> None:
    broker = mosquitto_factory()
    broker.kill()
    async with source(broker, unreachable_budget_s=0.3) as reader:
        with pytest.raises(Unavailable, match=r"was out of reach for 0\.3 s: .*refused.*start the broker"):
            await soon(reader.receive())


async def test_a_broker_that_comes_late_is_found(mosquitto_factory: MosquittoFactory) -> None:
    broker = mosquitto_factory(LOGGED)
    broker.kill()
    async with source(broker) as reader:
        receiving = soon(reader.receive())
        broker.start()
        await subscribed(broker)
        await publish(broker, [b"at last"])
        delivery = await receiving
    assert delivery is not None
    assert [uplink.body for uplink in delivery.uplinks] == [b"at last"]


async def test_a_trusted_certificate_is_taken(mosquitto_factory: MosquittoFactory) -> None:
    broker = mosquitto_factory(LOGGED, *mosquitto_lines())
    async with source(broker, tls=True, ca_file=AUTHORITY):
        await subscribed(broker)


@pytest.mark.parametrize(
    "certificate, ca_file, setting, why",
    [
        ("localhost", ANOTHER_AUTHORITY, "ca_file", "of an authority unknown to ca_file"),
        ("localhost", "", "ca_file", "of an authority unknown to the system (set ca_file)"),
        ("expired", AUTHORITY, "host", "its certificate has expired"),
        ("elsewhere", AUTHORITY, "host", "its certificate is not for '127.0.0.1'"),
        ("localhost", "/nowhere/ca.pem", "ca_file", "ca_file '/nowhere/ca.pem' cannot be used: No such file"),
        ("localhost", __file__, "ca_file", "cannot be used"),
    ],
)
async def test_a_certificate_that_cannot_be_trusted_is_refused_with_its_reason(
    mosquitto_factory: MosquittoFactory, certificate: str, ca_file: str, setting: str, why: str
) -> None:
    error = await refusal(mosquitto_factory(*mosquitto_lines(certificate)), tls=True, ca_file=ca_file)
    assert error.attributes == {"setting": setting}
    assert why in error.message


async def test_the_port_of_a_broker_without_tls_never_gets_a_password(mosquitto_factory: MosquittoFactory) -> None:
    broker = mosquitto_factory(LOGGED)
    async with source(broker, tls=True, unreachable_budget_s=0.2, **SWU) as reader:
        with pytest.raises(Unavailable, match=f"does port {broker.port} speak TLS"):
            await soon(reader.receive())
    assert "New client connected" not in broker.log.read_text()


async def test_the_port_of_a_broker_with_tls_says_so(mosquitto_factory: MosquittoFactory) -> None:
    broker = mosquitto_factory(LOGGED, *mosquitto_lines())
    async with source(broker, unreachable_budget_s=0.2) as reader:
        with pytest.raises(Unavailable, match=f"does port {broker.port} need tls = true"):
            await soon(reader.receive())


async def test_a_host_that_does_not_exist_is_named(mosquitto_factory: MosquittoFactory) -> None:
    async with source(mosquitto_factory(), host="broker.invalid", unreachable_budget_s=0.1) as reader:
        with pytest.raises(Unavailable, match=r"mqtt://broker\.invalid:\d+ was out of reach"):
            await soon(reader.receive())


async def test_another_process_with_our_client_id_is_found_out_and_the_other_goes_on(
    mosquitto_factory: MosquittoFactory,
) -> None:
    broker = mosquitto_factory(LOGGED)
    async with source(broker, longest_pause_s=10.0) as one, source(broker, longest_pause_s=10.0) as other:
        receiving = {asyncio.create_task(each.receive()) for each in (one, other)}
        failed, left = await asyncio.wait(receiving, return_when=asyncio.FIRST_COMPLETED, timeout=DEADLINE_S)
        error = failed.pop().exception()
        assert isinstance(error, Refused)
        assert error.attributes == {"setting": "client_id"}
        assert "another process uses client_id 'reader', give each its own" in error.message
        await subscribed(broker)
        await publish(broker, [b"still here"])
        delivery = await soon(left.pop())
    assert delivery is not None
    assert [uplink.body for uplink in delivery.uplinks] == [b"still here"]
