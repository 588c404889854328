"""The simulated city of the settings: lively by default, and small where it must be."""

from domain.decoding.catalogue import DECODERS
from stadtfunk.adapter_settings import city_device_types, city_settings, mistakes_of
from stadtfunk.settings import MqttSourceSettings, Settings, SimulatedCitySourceSettings


def test_by_default_all_fleets_speak_through_three_network_servers_and_suffer_a_little() -> None:
    city = city_settings(SimulatedCitySourceSettings())
    assert city.fleets == ("electricity", "water", "parking", "lamps", "trackers", "ultrasonic")
    assert city.network_servers == ("tts", "chirpstack", "ttn-v2")
    befalls = (city.resets, city.exchanges, city.leaks, city.faults, city.outages, city.migrations)
    assert all(0 < share < 0.5 for share in befalls)


def test_a_hamlet_has_as_many_fleets_as_devices() -> None:
    hamlet = SimulatedCitySourceSettings(devices=2)
    assert city_settings(hamlet).fleets == ("electricity", "water")
    assert mistakes_of(Settings(sources=(hamlet,))) == []


def test_with_one_network_server_nobody_moves() -> None:
    city = SimulatedCitySourceSettings(network_servers=["chirpstack"])
    assert city_settings(city).migrations == 0.0
    assert mistakes_of(Settings(sources=(city,))) == []


def test_what_its_devices_are_is_known_even_where_the_network_server_does_not_say() -> None:
    rules = city_device_types(Settings())
    assert {rule.application_id for rule in rules} >= {"swu-water", "swu-lamps"}
    assert all(DECODERS.knows(rule.device_type) for rule in rules)


def test_without_a_simulated_city_nothing_is_assumed_of_devices() -> None:
    assert city_device_types(Settings(sources=(MqttSourceSettings(name="swu", host="broker"),))) == []
