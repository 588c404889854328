"""Who says where a device is, and whom to believe first."""

RANKS = (
    "surveyed",
    "gnss",
    "wifi",
    "tdoa",  # solved by the network from times of arrival: hundreds of metres
    "rssi",  # solved from signal strengths: a kilometre
    "configured",  # typed into the device or the network server, often rounded, or copied from another one
)
"""Sources, the best first."""
SURVEYED = RANKS[0]
GNSS = RANKS[1]
_RANK = {source: rank for rank, source in enumerate(RANKS)}


def rank(source: str) -> int:
    """Return the rank of ``source``, 0 being the best; one that is not known comes last."""
    return _RANK.get(source, len(RANKS))
