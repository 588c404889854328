"""M-Bus application data: what wired and wireless meters of any maker say, as a radio module passes it on.

Source: EN 13757-3 (2018) for data records, EN 13757-7 for media, status and makers. A record is how its data are coded
(DIF, DIFE), what they measure (VIF, VIFE), and the data. ``record`` splits, ``information`` names, ``readings`` maps to
measurands.
"""

from domain.decoding.mbus.information import Information, Quantity, information
from domain.decoding.mbus.local_time import LocalTime
from domain.decoding.mbus.meter import kind_of, manufacturer, medium_name
from domain.decoding.mbus.number import bcd
from domain.decoding.mbus.readings import meter_readings
from domain.decoding.mbus.record import Record, data_records

__all__ = [
    "Information",
    "LocalTime",
    "Quantity",
    "Record",
    "bcd",
    "data_records",
    "information",
    "kind_of",
    "manufacturer",
    "medium_name",
    "meter_readings",
]
