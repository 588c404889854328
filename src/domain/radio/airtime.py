"""How long a LoRa frame is on the air, for network servers that do not say.

Source: Semtech AN1200.13, "LoRa Modem Designer's Guide", section 4 (symbols of preamble and payload). LoRaWAN sends
with an explicit header, a CRC, coding rate 4/5 and a preamble of 8 symbols (RP002-1.0.4, section 3.2).
"""

import re
from functools import lru_cache

_OVERHEAD = 13
"""Octets around a payload: MHDR 1, DevAddr 4, FCtrl 1, FCnt 2, FPort 1, MIC 4 (TS001-1.0.4, section 4). MAC commands in
FOpts, up to 15 octets more, are the network server's own business: it does not hand them on."""
_PREAMBLE_QUARTERS = 4 * 8 + 17
"""Symbols times four: 8, and 4.25 that the modem adds."""
_CODE_WORD = 5
"""Symbols of a block of four bits each at coding rate 4/5."""
_HEADER_SYMBOLS = 8
_SLOW_FROM_NS = 16_000_000
"""Symbols longer than 16 ms are sent with the low data rate optimisation, two bits fewer each."""
_NS_PER_S = 1_000_000_000
_DATA_RATE = re.compile(r"SF(\d{1,2})BW(\d+(?:\.\d+)?)", re.ASCII)
_SPREADING_FACTORS = range(5, 13)


@lru_cache(maxsize=4_096)  # some ten data rates, some hundred lengths
def airtime_ns(data_rate: str, payload_octets: int) -> int:
    """Return the time on air, in ns, of a frame with a payload of that length at a data rate such as ``SF9BW125``.

    0 where the data rate is none of LoRa.
    """
    found = _DATA_RATE.fullmatch(data_rate)
    if found is None:
        return 0
    factor, bandwidth_hz = int(found[1]), round(float(found[2]) * 1_000)
    if factor not in _SPREADING_FACTORS or not bandwidth_hz:
        return 0
    symbol_ns = (_NS_PER_S << factor) / bandwidth_hz
    slow = 2 if symbol_ns > _SLOW_FROM_NS else 0
    # 28 bits of header, 16 of CRC; a symbol carries as many bits as the spreading factor says.
    bits = 8 * (payload_octets + _OVERHEAD) - 4 * factor + 28 + 16
    blocks = max(-(-bits // (4 * (factor - slow))), 0)
    symbols = _PREAMBLE_QUARTERS / 4 + _HEADER_SYMBOLS + _CODE_WORD * blocks
    return round(symbols * symbol_ns)
