"""Settings of backfill: what is read, what is said of mistakes, and what each part takes of them."""

from pathlib import Path

import pytest

from stadtfunk.adapter_settings import backfill_plan, backfilled, client_id, mqtt_settings, storage_settings
from stadtfunk.settings import MqttSourceSettings
from tests.unit.stadtfunk.test_settings import mistakes, read

_SOURCE = '[[sources]]\nname = "swu"\nhost = "eu1.cloud.thethings.network"\n'
_URL = 'storage_url = "https://eu1.cloud.thethings.network"\n'


@pytest.fixture
def key(tmp_path: Path) -> str:
    """A file with an API key."""
    (tmp_path / "key.txt").write_text("NNSXS.SECRET\n")
    return str(tmp_path / "key.txt")


def test_a_source_without_storage_url_is_not_backfilled(tmp_path: Path) -> None:
    assert backfilled(read(tmp_path, _SOURCE)) == []


def test_user_and_key_of_the_broker_are_those_of_the_store(tmp_path: Path, key: str) -> None:
    settings = read(tmp_path, f'{_SOURCE}{_URL}username = "swu@ttn"\npassword_file = "{key}"\n')
    [source] = backfilled(settings)
    storage = storage_settings(source)
    assert (storage.key, storage.applications, storage.source) == ("NNSXS.SECRET", ("swu@ttn",), "swu")
    assert storage.address("swu", "", "uplink_message") == (
        "https://eu1.cloud.thethings.network/api/v3/as/applications/swu/packages/storage/uplink_message"
    )


def test_applications_and_a_key_of_its_own_can_be_named(tmp_path: Path, key: str) -> None:
    more = f'storage_key_file = "{key}"\nstorage_applications = ["water@ulm", "parking@ulm"]\n'
    [source] = backfilled(read(tmp_path, _SOURCE + _URL + more))
    assert storage_settings(source).applications == ("water@ulm", "parking@ulm")


def test_times_are_in_the_units_of_their_names(tmp_path: Path, key: str) -> None:
    more = f'username = "swu@ttn"\npassword_file = "{key}"\nstorage_retention_hours = 720\nstorage_overlap_s = 0.5\n'
    [source] = backfilled(read(tmp_path, _SOURCE + _URL + more))
    plan = backfill_plan(source)
    assert (plan.retention_us, plan.overlap_us, plan.gaps_every_us) == (720 * 3_600_000_000, 500_000, 300_000_000)
    assert plan.warning_us == 48 * 3_600_000_000


@pytest.mark.parametrize(
    "text, mistake",
    [
        (_URL, "storage_applications is missing"),
        (_URL, "storage_key_file is missing"),
        (_URL + 'network_server = "chirpstack"\n', "only The Things Stack"),
        ('storage_url = "http://eu1.cloud.thethings.network"\n', "https:// expected"),
        ('storage_url = "https://eu1.cloud.thethings.network/api/v3"\n', "without a path"),
        ('storage_url = "eu1.cloud.thethings.network"\n', "https://host expected"),
        ('storage_url = "https://user:secret@host"\n', "https://host expected"),
        ('storage_url = "https://host:99999"\n', "https://host expected"),
        ('storage_applications = ["a@b"]\n', "storage_applications has no effect without"),
        ('storage_key_file = "/nonexistent"\n', "cannot be read"),
        (_URL + "storage_retention_hours = 0\n", "storage_retention_hours = 0"),
    ],
)
def test_a_mistake_names_its_setting_and_what_helps(tmp_path: Path, text: str, mistake: str) -> None:
    assert any(mistake in said for said in mistakes(tmp_path, _SOURCE + text))


def test_loopback_needs_no_tls(tmp_path: Path, key: str) -> None:
    more = f'storage_url = "http://127.0.0.1:8080"\nusername = "swu@ttn"\npassword_file = "{key}"\n'
    assert len(backfilled(read(tmp_path, _SOURCE + more))) == 1


@pytest.mark.parametrize(
    "given, instance, expected",
    [
        ("", "", "stadtfunk-swu"),
        ("", "ingest-1", "stadtfunk-swu-ingest-1"),
        ("bridge", "ingest-1", "bridge"),
        ("bridge-{instance}", "ingest-1", "bridge-ingest-1"),
    ],
)
def test_processes_that_share_settings_have_client_ids_of_their_own(given: str, instance: str, expected: str) -> None:
    source = MqttSourceSettings(name="swu", host="h", client_id=given)
    assert client_id(source, instance) == expected
    assert mqtt_settings(source, instance).client_id == expected
