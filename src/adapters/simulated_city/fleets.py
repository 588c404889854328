"""The fleets of the city: how many devices of each kind, and what the network server knows of them."""

from collections.abc import Mapping, Sequence

from msgspec import Struct


class Fleet(Struct, frozen=True):
    """Devices of one model in one application."""

    name: str
    number: int
    """Second octet of its devices' DevEUIs."""
    of_the_city: int
    """How many a city of 120,000 people has: the figures the platform is planned for."""
    application_id: str
    device_prefix: str
    brand_id: str
    """As in the LoRaWAN Device Repository (TheThingsNetwork/lorawan-devices, vendor/index.yaml)."""
    model_id: str
    """Likewise (vendor/<brand>/index.yaml); UM3081 and UL2021 after the same rule: they do not stand there."""
    hardware_version: str
    firmware_version: str
    device_type: str
    """What the platform calls it: for network servers that know no models."""


FLEETS: Mapping[str, Fleet] = {
    "electricity": Fleet(
        "electricity", 1, 150_000, "swu-electricity", "meter", "imst", "ioke868", "C100", "1.0", "imst_ioke868"
    ),
    "water": Fleet("water", 2, 100, "swu-water", "water", "nas", "um3081", "1.0", "4.0.30", "nas_um30xx"),
    "parking": Fleet("parking", 3, 5_000, "swu-parking", "spot", "bosch", "tps110", "9", "0.29.2", "bosch_tps110"),
    "lamps": Fleet("lamps", 4, 30_000, "swu-lamps", "lamp", "nas", "ul2021", "1.0", "1.0.20", "nas_ul20xx"),
    "trackers": Fleet(
        "trackers", 5, 200, "swu-trackers", "bin", "digital-matter", "oyster", "1.0", "2.6", "digital_matter_oyster"
    ),
    "ultrasonic": Fleet(
        "ultrasonic", 6, 400, "swu-ultrasonic", "pipe", "axioma", "qalcosonic-w1", "1.0", "1.0", "axioma_w1"
    ),
}
"""By name."""


def shared_out(devices: int, names: Sequence[str]) -> list[tuple[Fleet, int]]:
    """Return each fleet with its share of ``devices``, in proportion but at least one; the sum is exact."""
    fleets = [FLEETS[name] for name in names]
    total = sum(fleet.of_the_city for fleet in fleets)
    sizes = [max(1, devices * fleet.of_the_city // total) for fleet in fleets]
    largest = max(range(len(fleets)), key=lambda index: fleets[index].of_the_city)
    sizes[largest] += devices - sum(sizes)
    return list(zip(fleets, sizes, strict=True))
