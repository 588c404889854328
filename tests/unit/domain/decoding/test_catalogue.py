"""Which codec reads which device."""

from domain.decoding import CODECS, DECODERS, MODELS


def test_every_codec_stands_under_its_name() -> None:
    assert all(name == codec.name and codec.version >= 1 for name, codec in CODECS.items())


def test_a_codec_is_named_after_vendor_and_model() -> None:
    assert all("_" in name and name == name.lower() and name.isidentifier() for name in CODECS)


def test_every_model_is_of_a_type_that_has_a_codec() -> None:
    assert set(MODELS.values()) <= set(DECODERS.types())


def test_models_are_written_as_the_network_server_writes_them() -> None:
    assert all(model == model.lower() and model.count("/") == 1 for model in MODELS)


def test_a_model_of_the_same_vendor_with_other_firmware_is_not_claimed() -> None:
    assert "nas/um3080" not in MODELS
