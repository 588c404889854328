"""From a device's readings to the courses of a point's registers: which readings count for which register, and when.

A register that is defined takes the readings its definition names, from the definition's valid-from on. Registers that
a device sends as the meter shows them need no definition; pulses do, because nobody else knows what one is worth.
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from domain.dated import validities
from domain.identifiers import DevEui
from domain.meter.assembly import assembled, in_order
from domain.meter.assignment import DeviceAtMeter, MeterAtPoint
from domain.meter.counting import RegisterReading, counting
from domain.meter.course import Course, Stretch
from domain.meter.history import RegisterName
from domain.meter.register_definition import PULSES, RegisterDefinition, device_register
from domain.meter.span import Span
from domain.observation import MEASURANDS, Kind

_NOBODY = DevEui("")
"""Reads what is read by eye."""
_INTERFACES = ("pulse", "mbus")
"""Tokens that say by which input of a device a register came, not which register of the meter it is."""

Source = tuple[str, str]
"""Measurand and channel, as a device sends them."""
Readings = Mapping[Source, Sequence[RegisterReading]]


class SpanReadings(Struct, frozen=True):
    """What was read in a span, and what it means."""

    span: Span
    definitions: Sequence[RegisterDefinition]
    """Of the span's device, whatever their valid-from."""
    readings: Readings
    """Oldest first; they may begin before the span, to tell how often a counter has gone round."""


def courses(parts: Iterable[SpanReadings], hung: Iterable[MeterAtPoint]) -> dict[RegisterName, Course]:
    """Return the course of each register of a point."""
    stretches: dict[RegisterName, list[Stretch]] = {}
    for each in hung:
        for name, stretch in _read_by_eye(each):
            stretches.setdefault(name, []).append(stretch)
    for part in parts:
        for name, stretch in _stretches(part):
            stretches.setdefault(name, []).append(stretch)
    return {name: assembled(in_order(each)) for name, each in stretches.items()}


def register_channel(channel: str, device_input: str) -> str:
    """Return the channel of a meter's register that a device sends as ``channel``."""
    if device_input and (channel == device_input or channel.startswith(f"{device_input}.")):
        channel = channel[len(device_input) + 1 :]
    return ".".join(token for token in channel.split(".") if not token.startswith(_INTERFACES))


def register_name(definition: RegisterDefinition, device_input: str) -> RegisterName:
    """Return which register of the meter a definition speaks of."""
    channel = definition.register_channel
    if channel is None:
        channel = register_channel(definition.channel, device_input)
    return RegisterName(definition.measurand, channel)


def _read_by_eye(hung: MeterAtPoint) -> Iterable[tuple[RegisterName, Stretch]]:
    """Yield what was read when a meter was built in and taken out."""
    for at_ns, registers in ((hung.since_ns, hung.registers_at_start), (hung.until_ns, hung.registers_at_end)):
        for text, value in registers.items():
            measurand, _, channel = text.partition("/")
            rules = counting(device_register(_NOBODY, measurand, channel))
            yield RegisterName(measurand, channel), Stretch(at_ns, rules, hung, [RegisterReading(at_ns, value)])


def _stretches(part: SpanReadings) -> Iterable[tuple[RegisterName, Stretch]]:
    """Yield the stretches of a span, for each register it reads."""
    span, device = part.span, part.span.device_at_meter
    defined_from: dict[RegisterName, int] = {}
    for name, definitions in _by_register(part.definitions, device).items():
        defined_from[name] = min(each.valid_from_ns for each in definitions)
        for definition, _, until_ns in validities(definitions, 0, span.until_ns):
            yield from _stretch(span, name, definition, part.readings, until_ns)
    shown = [
        device_register(device.dev_eui, measurand, channel)
        for measurand, channel in sorted(part.readings)
        if measurand != PULSES and _is_register(measurand)
    ]
    for name, definitions in _by_register(shown, device).items():
        for definition in definitions:
            yield from _stretch(span, name, definition, part.readings, defined_from.get(name, span.until_ns))


def _by_register(
    definitions: Iterable[RegisterDefinition], device: DeviceAtMeter
) -> dict[RegisterName, list[RegisterDefinition]]:
    """Return the definitions of each register that ``device`` reads.

    Where two of its channels claim one register at once, each is a register of its own, by the device's channel: two
    pulse inputs are two meters, and only an assignment's ``input`` says which of them is this one.
    """
    found: dict[RegisterName, list[RegisterDefinition]] = {}
    for each in definitions:
        if device.reads(each.channel):
            found.setdefault(register_name(each, device.input), []).append(each)
    for name, claims in list(found.items()):
        if len({each.valid_from_ns for each in claims}) < len(claims):
            del found[name]
            found |= {RegisterName(each.measurand, each.channel): [each] for each in claims}
    return found


def _stretch(
    span: Span, name: RegisterName, definition: RegisterDefinition, readings: Readings, until_ns: int
) -> Iterable[tuple[RegisterName, Stretch]]:
    """Yield the stretch of ``definition`` in ``span``, if it has any reading.

    What the counter did since its definition, be it before the span, tells how often it has gone round.
    """
    since_ns = max(span.since_ns, definition.valid_from_ns)
    until_ns = min(span.until_ns, until_ns)
    start_ns = definition.valid_from_ns or span.since_ns
    found = readings.get((definition.source, definition.channel), ())
    counted = [each for each in found if start_ns <= each.event_ns < until_ns]
    if definition.index is not None:
        counted.insert(0, RegisterReading(definition.valid_from_ns, definition.index_raw))
    if since_ns < until_ns and counted:
        yield name, Stretch(since_ns, counting(definition), span.meter_at_point, counted, span.device_at_meter)


def _is_register(measurand: str) -> bool:
    row = MEASURANDS.get(measurand)
    return row is not None and row.kind is Kind.REGISTER
