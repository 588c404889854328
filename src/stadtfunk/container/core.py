"""What every platform is made of: the clock, the reader of envelopes, the step, the sources."""

from dependency_injector import containers, providers
from msgspec.structs import asdict

from adapters.chirpstack.envelope_reader import ChirpStackEnvelopeReader
from adapters.javascript.payload_decoder import JavascriptPayloadDecoder
from adapters.mqtt.uplink_source import MqttUplinkSource
from adapters.simulated_city.uplink_source import SimulatedCityUplinkSource
from adapters.system.clock import SystemClock
from adapters.ttn.envelope_reader import TtnEnvelopeReader
from application.ports.clock import Clock
from application.ports.envelope_reader import EnvelopeReader
from application.processing.known_devices import KnownDevices
from application.processing.own_messages import OwnMessages
from application.processing.script_decoding import ScriptDecoding
from application.processing.step import Step
from domain.decoding.catalogue import MODELS
from domain.device import DeviceTypes
from stadtfunk.adapter_settings import city_device_types, city_settings, mqtt_settings
from stadtfunk.container.envelope_readers import EnvelopeReaders
from stadtfunk.loss_settings import loss_ledger
from stadtfunk.script_codecs import codec_files, decoders_of
from stadtfunk.settings import Settings, SimulatedCitySourceSettings

Source = MqttUplinkSource | SimulatedCityUplinkSource


def _device_types(settings: Settings) -> DeviceTypes:
    return DeviceTypes(MODELS, (*settings.device_types, *city_device_types(settings)))


def _sources(settings: Settings, clock: Clock) -> list[Source]:
    return [
        SimulatedCityUplinkSource(city_settings(source), clock)
        if isinstance(source, SimulatedCitySourceSettings)
        else MqttUplinkSource(mqtt_settings(source, settings.kafka.instance_id), clock)
        for source in settings.sources
    ]


class Core(containers.DeclarativeContainer):
    """Shared by the embedded and the distributed platform."""

    settings = providers.Dependency(instance_of=Settings)
    clock: providers.Provider[Clock] = providers.Singleton(SystemClock)
    reader: providers.Provider[EnvelopeReader] = providers.Singleton(
        EnvelopeReaders,
        providers.Singleton(TtnEnvelopeReader),
        providers.Singleton(ChirpStackEnvelopeReader),
        providers.Singleton(OwnMessages),
    )
    device_types = providers.Singleton(_device_types, settings)
    known_devices = providers.Singleton(KnownDevices)
    decoders = providers.Singleton(decoders_of, settings)
    payload_decoder = providers.Singleton(JavascriptPayloadDecoder, providers.Callable(codec_files, settings))
    scripts = providers.Singleton(ScriptDecoding, device_types, decoders, known_devices, payload_decoder)
    letters_kept = providers.Callable(asdict, settings.provided.dead_letters.retention)
    ledger = providers.Singleton(loss_ledger, settings)
    step = providers.Singleton(
        Step,
        device_types,
        decoders,
        known_devices,
        ledger,
        radio_metadata=settings.provided.process.radio_metadata,
    )
    sources = providers.Singleton(_sources, settings, clock)
