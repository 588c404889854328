"""What is said of the radio link, by network and device."""

from domain.observation.measurand import DataClass, Kind, Measurand, sensed

_CITY = DataClass.INFRASTRUCTURE

RADIO = (
    # What gateways heard of an uplink.
    sensed("radio.rssi", "dB{mW}", _CITY, -200, 20, "dBm"),
    sensed("radio.snr", "dB", _CITY, -40, 30),
    # such as SF9BW125
    Measurand("radio.data_rate", "{code}", Kind.STATE, _CITY),
    Measurand("radio.airtime", "ns", Kind.GAUGE, _CITY),
    # What the device heard of the last downlink, and how loud it speaks.
    sensed("radio.downlink.rssi", "dB{mW}", _CITY, -200, 20, "dBm"),
    sensed("radio.downlink.snr", "dB", _CITY, -40, 40),
    sensed("radio.tx_power", "dB{mW}", _CITY, -10, 36, "dBm"),
)
