"""The grammar of channels."""

import pytest

from domain.errors import InvalidValue
from domain.observation import channel


@pytest.mark.parametrize(
    "text",
    [
        *("", "t1", "t12", "l3", "n", "sum", "ch2", "ch2.l3", "pulse1", "dali4.load", "dali_all", "internal"),
        *("mbus", "mbus.t1", "min", "max", "up", "down", "trigger2", "reverse_flow", "files_bad", "driver.dali3"),
    ],
)
def test_a_channel_is_made_of_known_tokens(text: str) -> None:
    assert channel(text) == text


@pytest.mark.parametrize(
    "text", ["l4", "t", "T1", "t1.", ".t1", "t1..l1", "pulse", "pulse1234", "phase", "electricity", "mbus t1", "t1\n"]
)
def test_any_other_token_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        channel(text)
    assert caught.value.attributes == {"field": "channel", "value": text}
