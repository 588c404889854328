"""Why devices of NAS refuse a downlink: the codes that all their families share.

Source: NAS's published decoders (nasys/nas-codecs), system packets of UL20xx and UM30xx.
"""

DOWNLINK_FAULTS = {
    0x02: "unknown_fport",
    0x03: "packet_size_short",
    0x04: "packet_size_long",
    0x05: "value_error",
    0x06: "protocol_parse_error",
    0x07: "reserved_flag_set",
    0x08: "invalid_flag_combination",
    0x09: "unavailable_feature_request",
    0x0A: "unsupported_header",
    0x0B: "unreachable_hw_request",
    0x0C: "address_not_available",
    0x0D: "internal_error",
}
"""By the code in a system packet."""
