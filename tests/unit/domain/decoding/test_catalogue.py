"""Which codec reads which device."""

from domain.decoding import CODECS, MODELS


def test_every_codec_stands_under_its_name() -> None:
    assert {name: codec.label for name, codec in CODECS.items()} == {
        "bosch_tps110": "bosch_tps110@1",
        "imst_ioke868": "imst_ioke868@1",
        "nas_um30xx": "nas_um30xx@1",
    }


def test_every_model_is_of_a_type_that_has_a_codec() -> None:
    assert set(MODELS.values()) == set(CODECS)


def test_models_are_written_as_the_network_server_writes_them() -> None:
    assert all(model == model.lower() and model.count("/") == 1 for model in MODELS)


def test_a_model_of_the_same_vendor_with_other_firmware_is_not_claimed() -> None:
    assert "nas/um3080" not in MODELS
