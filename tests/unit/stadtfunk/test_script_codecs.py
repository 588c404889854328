"""``[[codecs]]``: scripts join the decoders, and every mistake is named before anything starts."""

from pathlib import Path

import pytest

from domain.decoding.catalogue import DECODERS
from stadtfunk.adapter_settings import mistakes_of
from stadtfunk.script_codecs import codec_files, decoders_of
from stadtfunk.settings import Settings, SettingsInvalid, read_settings
from tests.support.builders import NOON_NS
from tests.unit.adapters.javascript.scripts import COUNTER, COUNTER_MAPPING


def settings(tmp_path: Path, *codecs: str, more: str = "") -> Settings:
    """Return settings with ``[[codecs]]`` of these lines, each with a script and a mapping that are there."""
    (tmp_path / "codec.js").write_text(COUNTER)
    (tmp_path / "codec.toml").write_text(COUNTER_MAPPING)
    files = f'script = "{tmp_path}/codec.js"\nmapping = "{tmp_path}/codec.toml"\n'
    tables = "".join(f"[[codecs]]\n{'' if 'script' in codec else files}{codec}\n" for codec in codecs)
    file = tmp_path / "stadtfunk.toml"
    file.write_text(tables + more)
    return read_settings(file, {}, mistakes_of=mistakes_of)


def mistakes(tmp_path: Path, *codecs: str, more: str = "") -> list[str]:
    """Return what is said of them."""
    with pytest.raises(SettingsInvalid) as refused:
        settings(tmp_path, *codecs, more=more)
    return refused.value.mistakes


def test_without_codecs_the_decoders_are_our_own(tmp_path: Path) -> None:
    assert decoders_of(settings(tmp_path)) is DECODERS


def test_a_script_reads_a_type_of_its_own(tmp_path: Path) -> None:
    decoders = decoders_of(settings(tmp_path, 'device_type = "acme_door"'))
    codec = decoders.of("acme_door", "", NOON_NS)
    assert codec is not None
    assert (codec.label, codec.script) == ("acme_door_js@1", True)
    assert decoders.of("bosch_tps110", "", NOON_NS) is DECODERS.of("bosch_tps110", "", NOON_NS)


def test_a_script_goes_before_a_codec_of_our_own(tmp_path: Path) -> None:
    decoders = decoders_of(settings(tmp_path, 'device_type = "bosch_tps110"\nfirmware = "1.*"\nversion = 4'))
    found = [decoders.of("bosch_tps110", firmware, NOON_NS) for firmware in ("1.5", "")]
    assert [codec.label for codec in found if codec is not None] == ["bosch_tps110_js@4", "bosch_tps110@1"]


def test_a_script_is_not_shown_what_our_own_codec_keeps_to_itself(tmp_path: Path) -> None:
    codec = decoders_of(settings(tmp_path, 'device_type = "nas_ul20xx"')).of("nas_ul20xx", "1.1", NOON_NS)
    ours = DECODERS.of("nas_ul20xx", "1.1", NOON_NS)
    assert codec is not None
    assert ours is not None
    assert (codec.script, codec.conceals) == (True, ours.conceals)


def test_of_two_scripts_the_first_named_and_the_latest_valid_is_chosen(tmp_path: Path) -> None:
    decoders = decoders_of(
        settings(
            tmp_path,
            'device_type = "acme_door"\nname = "first"',
            'device_type = "acme_door"\nname = "second"',
            'device_type = "acme_door"\nname = "new"\nvalid_from = "2026-01-01T12:00:00Z"',
        )
    )
    found = [decoders.of("acme_door", "", at) for at in (NOON_NS - 1, NOON_NS)]
    assert [codec.name for codec in found if codec is not None] == ["first", "new"]


def test_files_and_variables_reach_the_adapter(tmp_path: Path) -> None:
    read = settings(tmp_path, 'device_type = "acme_door"\nvariables = { factor = "2" }')
    [files] = codec_files(read)
    assert files.name == "acme_door_js"
    assert files.variables == {"factor": "2"}
    assert files.script == tmp_path / "codec.js"


def test_a_rule_may_name_a_scripts_type(tmp_path: Path) -> None:
    rule = '[[device_types]]\ndevice_type = "acme_door"\n'
    assert settings(tmp_path, 'device_type = "acme_door"', more=rule).device_types[0].device_type == "acme_door"
    [mistake] = mistakes(tmp_path, 'device_type = "acme_gate"', more=rule)
    assert "'acme_door': one of acme_gate, " in mistake


@pytest.mark.parametrize(
    "codec, mistake",
    [
        ('device_type = "Acme Door"', "codecs[0].device_type = 'Acme Door': "),
        ('device_type = "acme"\nversion = 0', "codecs[0].version = 0: "),
        ('device_type = "acme"\nvalid_from = "soon"', "codecs[0].valid_from: 'soon' is not a time"),
        ('device_type = "acme"\nvariables = { a = 1 }', "codecs[0].variables = {'a': 1}: "),
        ('device_type = "acme"\nname = "bosch_tps110"', "codecs[0].name = 'bosch_tps110': another codec has it"),
        ('device_type = "acme"\nfimware = "1"', "codecs[0].fimware is unknown: did you mean 'firmware'?"),
        (
            'device_type = "acme"\nscript = "none.js"\nmapping = "none.toml"',
            "codecs[0].script = 'none.js': cannot be read",
        ),
        ("script = 'a.js'\nmapping = 'a.toml'", "codecs[0].device_type is missing"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, codec: str, mistake: str) -> None:
    assert mistakes(tmp_path, codec)[0].startswith(mistake)


def test_two_codecs_need_two_names(tmp_path: Path) -> None:
    [mistake] = mistakes(tmp_path, 'device_type = "acme"', 'device_type = "acme"')
    assert mistake == "codecs[1].name = 'acme_js': another codec has it; give this one a name of its own"


def test_mistakes_of_a_mapping_are_mistakes_of_the_settings(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text('[[values]]\npath = "v"\nmeasurand = "device.volts"\n')
    (tmp_path / "bad.js").write_text(COUNTER)
    codec = f'device_type = "acme"\nscript = "{tmp_path}/bad.js"\nmapping = "{tmp_path}/bad.toml"'
    [mistake] = mistakes(tmp_path, codec)
    assert mistake.startswith(f"codecs[0].mapping = '{tmp_path}/bad.toml': values[0].measurand = 'device.volts': ")
