"""What is said of the radio link, by network and device."""

from domain.observation.measurand import DataClass, Kind, Measurand

_CITY = DataClass.INFRASTRUCTURE

RADIO = (
    # What gateways heard of an uplink.
    Measurand("radio.rssi", "dB{mW}", Kind.GAUGE, _CITY, display_unit="dBm", exact=False),
    Measurand("radio.snr", "dB", Kind.GAUGE, _CITY, exact=False),
    # such as SF9BW125
    Measurand("radio.data_rate", "{code}", Kind.STATE, _CITY),
    Measurand("radio.airtime", "ns", Kind.GAUGE, _CITY),
    # What the device heard of the last downlink, and how loud it speaks.
    Measurand("radio.downlink.rssi", "dB{mW}", Kind.GAUGE, _CITY, display_unit="dBm", exact=False),
    Measurand("radio.downlink.snr", "dB", Kind.GAUGE, _CITY, exact=False),
    Measurand("radio.tx_power", "dB{mW}", Kind.GAUGE, _CITY, display_unit="dBm", exact=False),
)
