"""Why bytes are refused: the codes that codecs share, each made in one place."""

from domain.decoding.codec import Undecodable


def unknown_f_port(f_port: int) -> Undecodable:
    """Return the refusal of a port on which the device sends nothing we can read."""
    return Undecodable("f_port_unknown", f"nothing is known of port {f_port}", f_port=str(f_port))


def unknown_packet(kind: int, f_port: int) -> Undecodable:
    """Return the refusal of a packet type that its port does not carry."""
    message = f"no packet 0x{kind:02x} is known on port {f_port}"
    return Undecodable("packet_type_unknown", message, packet_type=f"0x{kind:02x}", f_port=str(f_port))


def too_short(length: int, needed: int) -> Undecodable:
    """Return the refusal of a payload that ends before what it announces."""
    message = f"{length} bytes are too few: at least {needed} expected"
    return Undecodable("payload_too_short", message, length=str(length), needed=str(needed))


def too_long(length: int, known: int) -> Undecodable:
    """Return the refusal of a payload with bytes behind all that is known of it."""
    message = f"{length} bytes are too many: {known} are understood"
    return Undecodable("payload_too_long", message, length=str(length), known=str(known))


def malformed(what: str) -> Undecodable:
    """Return the refusal of a payload that contradicts itself or its format."""
    return Undecodable("payload_malformed", what)


def wrong_checksum(stated: int, computed: int) -> Undecodable:
    """Return the refusal of a payload that was changed on its way to the radio module."""
    message = f"checksum 0x{stated:02x} where the bytes give 0x{computed:02x}"
    return Undecodable("checksum_wrong", message, stated=f"0x{stated:02x}", computed=f"0x{computed:02x}")
