"""What single fields cannot tell: files that must be there, names that must differ, types that need a codec."""

from pathlib import Path

from msgspec.structs import fields

from domain.decoding.catalogue import CODECS
from stadtfunk.settings.model import MqttSourceSettings, Settings
from stadtfunk.settings.secret import mistake_of_secret


def check(settings: Settings, mistakes: list[str]) -> None:
    """Add to ``mistakes`` what is wrong between the fields of ``settings``."""
    _files(settings, mistakes)
    _sources(settings, mistakes)
    _device_types(settings, mistakes)
    _grpc(settings, mistakes)


def _files(settings: Settings, mistakes: list[str]) -> None:
    tables = {
        "grpc": settings.grpc,
        "kafka": settings.kafka,
        "cassandra": settings.cassandra,
        **{f"sources[{index}]": source for index, source in enumerate(settings.sources)},
    }
    for table, values in tables.items():
        for each in fields(type(values)):
            path = getattr(values, each.name) if each.name.endswith("_file") and each.name != "truth_file" else ""
            if path and (mistake := _file_mistake(each.name, path)):
                mistakes.append(f"{table}.{each.name} = {path!r}: {mistake}")


def _file_mistake(name: str, path: str) -> str:
    if name == "password_file":
        return mistake_of_secret(path)
    return "" if Path(path).is_file() else "there is no such file"


def _sources(settings: Settings, mistakes: list[str]) -> None:
    names = [source.name for source in settings.sources]
    if not names:
        mistakes.append("sources: at least one [[sources]] expected")
    mistakes.extend(
        f"sources: the name {name!r} is given twice" for name in sorted({n for n in names if names.count(n) > 1})
    )
    for index, source in enumerate(settings.sources):
        if isinstance(source, MqttSourceSettings):
            if source.username and not source.password_file:
                mistakes.append(f"sources[{index}].password_file is missing: username {source.username!r} needs one")
            mistakes.extend(
                f"sources[{index}].topics: {topic!r} is no MQTT topic filter: {mistake}"
                for topic in source.topics
                if (mistake := mistake_of_filter(topic))
            )


def mistake_of_filter(topic: str) -> str:
    """Return what is wrong with an MQTT topic filter (MQTT 3.1.1, section 4.7), or an empty text."""
    levels = topic.split("/")
    if "#" in topic and (levels[-1] != "#" or topic.count("#") > 1):
        return "'#' may stand only alone at the end"
    if any("+" in level and level != "+" for level in levels):
        return "'+' must stand alone between slashes"
    return ""


def _device_types(settings: Settings, mistakes: list[str]) -> None:
    for index, rule in enumerate(settings.device_types):
        if rule.device_type not in CODECS:
            known = ", ".join(sorted(CODECS))
            mistakes.append(f"device_types[{index}].device_type = {rule.device_type!r}: one of {known} expected")


def _grpc(settings: Settings, mistakes: list[str]) -> None:
    grpc = settings.grpc
    if bool(grpc.certificate_file) != bool(grpc.key_file):
        mistakes.append("grpc: certificate_file and key_file go together")
