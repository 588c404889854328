"""Times of network servers survive to the last digit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidValue
from domain.rfc3339 import NS_PER_S, format_rfc3339, parse_rfc3339

_1970_TO_2262 = st.integers(min_value=0, max_value=2**63 - 1)
"""What fits the stores' 64 bits."""


@given(_1970_TO_2262)
def test_every_instant_comes_back_from_its_text(ns: int) -> None:
    assert parse_rfc3339(format_rfc3339(ns)) == ns


@given(_1970_TO_2262)
def test_utc_may_be_written_as_an_offset(ns: int) -> None:
    assert parse_rfc3339(f"{format_rfc3339(ns)[:-1]}+00:00") == ns


@given(_1970_TO_2262)
def test_a_text_never_ends_in_superfluous_zeros(ns: int) -> None:
    text = format_rfc3339(ns)
    assert text.endswith("Z")
    assert "." not in text or text[-2] != "0"


def test_eight_fractional_digits_are_kept() -> None:
    text = "2017-04-28T11:30:40.62428417Z"
    assert parse_rfc3339(text) % NS_PER_S == 624_284_170
    assert format_rfc3339(parse_rfc3339(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "2018-06-01T10:00:00Z",
        "2018-06-01T10:00:00z",
        "2018-06-01T10:00:00.0Z",
        "2018-06-01T10:00:00+00:00",
        "2018-06-01T10:00:00.000-00:00",
        "2018-06-01T12:00:00+02:00",
        "2018-06-01T12:00:00.000000000+02:00",
        "2018-06-01T08:30:00.0-01:30",
    ],
)
def test_one_instant_has_many_spellings(text: str) -> None:
    assert parse_rfc3339(text) == 1_527_847_200 * NS_PER_S


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2018-06-01",
        "2018-06-01T10:00:00",
        "2018-06-01T10:00:00.5",
        "2018-06-01T10:00:00.Z",
        "2018-06-01T10:00:00.0123456789Z",
        "2018-06-01T10:00:00.0123456789+00:00",
        "2018-06-01T10:00:00.5Z+00:00",
        "2018-06-01T10:00:00.12x4Z",
        "2018-06-01T10:00:00.²Z",
        "2018-13-01T10:00:00Z",
        "2018-06-01T25:00:00Z",
        "2018-06-01T10:00:00,5Z",
        "20180601T100000.123456Z",
        "2018-W22-5T10:00:00Z",
        "2018-06-01T10:00Z",
        "2018-06-01T10:00:00+00:00:30",
        "2018-06-01T10:00:00+0000",
        "2018-06-01T10:00:00Z\n",
        "\u0662018-06-01T10:00:00Z",
    ],
)
def test_what_names_no_instant_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_rfc3339(text)
    assert caught.value.attributes == {"field": "time", "value": text}


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        ns = parse_rfc3339(text)
    except InvalidValue:
        return
    assert isinstance(ns, int)
