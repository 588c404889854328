"""Identifiers are checked where they enter."""

import pytest

from domain.errors import InvalidValue
from domain.identifiers import dev_eui


@pytest.mark.parametrize(
    "text", ["003e94c6ad72f129", "003E94C6AD72F129", "00-3E-94-C6-AD-72-F1-29", "00:3e:94:c6:ad:72:f1:29"]
)
def test_a_dev_eui_is_the_same_in_every_spelling(text: str) -> None:
    assert dev_eui(text) == "003e94c6ad72f129"


@pytest.mark.parametrize("text", ["", "003e94c6ad72f12", "003e94c6ad72f1290", "003e94c6ad72f12g", "003e94c6ad72f129\n"])
def test_what_is_not_64_bits_of_hex_is_no_dev_eui(text: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        dev_eui(text)
    assert caught.value.attributes == {"field": "dev_eui", "value": text}
