"""Which codec reads which type of device, and which models of the network servers' catalogues are of which type."""

from domain.decoding.choice import Choice, Decoders
from domain.decoding.codec import Codec
from domain.decoding.codecs import bosch_tps110, imst_ioke868, nas_um30xx

DECODERS = Decoders(
    {
        "bosch_tps110": [Choice(Codec("bosch_tps110", 1, bosch_tps110.decode))],
        "imst_ioke868": [Choice(Codec("imst_ioke868", 1, imst_ioke868.decode))],
        "nas_um30xx": [Choice(Codec("nas_um30xx", 1, nas_um30xx.decode))],
    }
)
"""By device type."""

CODECS: dict[str, Codec] = DECODERS.codecs()
"""By the codec's own name."""

MODELS: dict[str, str] = {
    "bosch/tps110": "bosch_tps110",
    "imst/ioke868": "imst_ioke868",
    "nas/um3070": "nas_um30xx",
    "nas/um3081": "nas_um30xx",
    "nas/um3090": "nas_um30xx",
    "nas/um3100": "nas_um30xx",
    "nas/um3110": "nas_um30xx",
    "nas/um3140": "nas_um30xx",
}
"""Device type by ``brand_id/model_id`` (The Things Stack: ``version_ids``).

Bosch's and IMST's are those of the LoRaWAN device repository. It has none of NAS's models with this firmware: these are
for a repository of the city's own, all others are typed by ``[[device_types]]``. Not ``nas/um3080``: the repository
describes its firmware 1.0, which speaks another language.
"""
