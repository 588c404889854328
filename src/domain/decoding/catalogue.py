"""Which codec reads which type of device, and which models of the network servers' catalogues are of which type."""

from domain.decoding.choice import Choice, Decoders
from domain.decoding.codec import Codec
from domain.decoding.codecs import (
    adeunis_ftd,
    alphaomega_klax,
    arwin_lrs2m001,
    axioma_w1,
    bosch_tps110,
    bosch_tps110_0_29,
    cayenne_lpp,
    develiot_rwmr,
    digital_matter_oyster,
    dingtek_do200,
    dragino_lgt92,
    emu_professional_ii,
    imst_ioke868,
    mcci_4811,
    nas_ul20xx,
    nas_um30xx,
    nwave_nps310sm,
    rivercity_lynx,
    talkpool_oy1320,
    vutility_pulsedrop,
    yobiiq_em4301,
)

_OYSTER = Codec("digital_matter_oyster", 1, digital_matter_oyster.decode)
_UL20XX_1_0 = Codec("nas_ul20xx_1_0", 1, nas_ul20xx.decode_1_0, nas_ul20xx.conceals)
_UL20XX_1_1 = Codec("nas_ul20xx_1_1", 1, nas_ul20xx.decode_1_1, nas_ul20xx.conceals)
_UL20XX = Codec("nas_ul20xx", 1, nas_ul20xx.decode, nas_ul20xx.conceals)

DECODERS = Decoders(
    {
        "adeunis_ftd": [Choice(Codec("adeunis_ftd", 1, adeunis_ftd.decode))],
        "alphaomega_klax": [Choice(Codec("alphaomega_klax", 1, alphaomega_klax.decode))],
        "arwin_lrs2m001": [Choice(Codec("arwin_lrs2m001", 1, arwin_lrs2m001.decode))],
        "axioma_w1": [Choice(Codec("axioma_w1", 1, axioma_w1.decode))],
        "bosch_tps110": [
            Choice(Codec("bosch_tps110_0_29", 1, bosch_tps110_0_29.decode), firmware="0.29.*"),
            Choice(Codec("bosch_tps110", 1, bosch_tps110.decode)),
        ],
        "cayenne_lpp": [Choice(Codec("cayenne_lpp", 1, cayenne_lpp.decode))],
        "develiot_rwmr": [Choice(Codec("develiot_rwmr", 1, develiot_rwmr.decode))],
        "digital_matter_oyster": [Choice(_OYSTER)],
        "digital_matter_oyster3": [Choice(_OYSTER)],
        "digital_matter_yabby": [Choice(Codec("digital_matter_yabby", 1, digital_matter_oyster.decode_yabby))],
        "dingtek_do200": [Choice(Codec("dingtek_do200", 1, dingtek_do200.decode))],
        "dragino_lgt92": [Choice(Codec("dragino_lgt92", 1, dragino_lgt92.decode))],
        "emu_professional_ii": [Choice(Codec("emu_professional_ii", 1, emu_professional_ii.decode))],
        "imst_ioke868": [Choice(Codec("imst_ioke868", 2, imst_ioke868.decode))],
        "mcci_4811": [Choice(Codec("mcci_4811", 1, mcci_4811.decode))],
        "nas_ul20xx": [
            Choice(_UL20XX_1_0, "1.0"),
            Choice(_UL20XX_1_0, "1.0.*"),
            Choice(_UL20XX_1_1, "1.1"),
            Choice(_UL20XX_1_1, "1.1.*"),
            Choice(_UL20XX),
        ],
        "nas_um30xx": [Choice(Codec("nas_um30xx", 2, nas_um30xx.decode))],
        "nwave_nps310sm": [Choice(Codec("nwave_nps310sm", 1, nwave_nps310sm.decode))],
        "rivercity_lynx": [Choice(Codec("rivercity_lynx", 1, rivercity_lynx.decode))],
        "talkpool_oy1320": [Choice(Codec("talkpool_oy1320", 1, talkpool_oy1320.decode))],
        "vutility_pulsedrop": [Choice(Codec("vutility_pulsedrop", 1, vutility_pulsedrop.decode))],
        "yobiiq_em4301": [Choice(Codec("yobiiq_em4301", 1, yobiiq_em4301.decode))],
    }
)
"""By device type."""

CODECS: dict[str, Codec] = DECODERS.codecs()
"""By the codec's own name."""

MODELS: dict[str, str] = {
    "adeunis/ftd-network-tester": "adeunis_ftd",
    "alpha-omega-technology/klax": "alphaomega_klax",
    "arwin-technology/lrs2m001-4p3p": "arwin_lrs2m001",
    "arwin-technology/lrs2m001-4xxx": "arwin_lrs2m001",
    "axioma/qalcosonic-w1": "axioma_w1",
    "bosch/tps110": "bosch_tps110",
    "develiot/rwmr": "develiot_rwmr",
    "digital-matter/oyster": "digital_matter_oyster",
    "dingtek/do200": "dingtek_do200",
    "dragino/lgt92": "dragino_lgt92",
    "emu/emu-prof-ii": "emu_professional_ii",
    "imst/ioke868": "imst_ioke868",
    "mcci/model4811": "mcci_4811",
    "nas/ul2002": "nas_ul20xx",
    "nas/ul2003": "nas_ul20xx",
    "nas/ul2014": "nas_ul20xx",
    "nas/ul2020": "nas_ul20xx",
    "nas/ul2021": "nas_ul20xx",
    "nas/ul2023": "nas_ul20xx",
    "nas/ul2024": "nas_ul20xx",
    "nas/ul2030": "nas_ul20xx",
    "nas/ul2033": "nas_ul20xx",
    "nas/ul2034": "nas_ul20xx",
    "nas/ul2053": "nas_ul20xx",
    "nas/um3070": "nas_um30xx",
    "nas/um3081": "nas_um30xx",
    "nas/um3090": "nas_um30xx",
    "nas/um3100": "nas_um30xx",
    "nas/um3110": "nas_um30xx",
    "nas/um3140": "nas_um30xx",
    "nwave/nps310sm": "nwave_nps310sm",
    "rivercity-innovations/lynx": "rivercity_lynx",
    "talkpool/oy1320": "talkpool_oy1320",
    "yobiiq/em4301": "yobiiq_em4301",
    "yobiiq/em4301-ct": "yobiiq_em4301",
}
"""Device type by ``brand_id/model_id`` (The Things Stack: ``version_ids``).

Those of NAS are for a repository of the city's own: the LoRaWAN device repository has none of its lamp controllers, and
none of its radio modules with this firmware. Not ``nas/um3080``: the repository describes its firmware 1.0, which
speaks another language. Models that stand here in neither are typed by ``[[device_types]]``.
"""
