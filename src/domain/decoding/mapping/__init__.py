"""Mappings: declarations that turn what a vendor's script made of a payload (its ``data``) into observations.

They say where a value stands, which measurand it is, and in which unit it is given; see docs/ts013.md.
"""

from domain.decoding.mapping.channel_text import ChannelText, channel_text
from domain.decoding.mapping.mapping import DataMapping
from domain.decoding.mapping.number import factor_between
from domain.decoding.mapping.path import Data, Path, parse_path
from domain.decoding.mapping.rules import (
    AttributeRule,
    NoticeRule,
    PositionRule,
    TimeFormat,
    TimeRule,
    ValueRule,
    text_of,
)

__all__ = [
    "AttributeRule",
    "ChannelText",
    "Data",
    "DataMapping",
    "NoticeRule",
    "Path",
    "PositionRule",
    "TimeFormat",
    "TimeRule",
    "ValueRule",
    "channel_text",
    "factor_between",
    "parse_path",
    "text_of",
]
