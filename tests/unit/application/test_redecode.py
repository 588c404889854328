"""Re-decoding: the raw log through newer decoders, against stores in memory."""

import pytest

from application.errors import Unavailable
from application.redecode import Job, Reached, Redecoding
from domain.observation import Observation, Reading
from tests.support.builders import DEV, NOON_NS
from tests.unit.application.redecoding import (
    JOB,
    NOON_US,
    OTHER,
    City,
    KilledStore,
    LogWithoutBeginning,
    Spelled,
    a_raw,
    a_step,
    giving_up_a_piece,
    nothing,
    on_another_channel,
    refusing,
    the_byte,
    times_what_was_told,
    twice_the_byte,
)


@pytest.fixture
def city() -> City:
    return City()


async def test_the_same_decoder_changes_nothing(city: City) -> None:
    await city.processed(a_raw(0, 1), a_raw(1, 2))
    done = await city.redecoded(the_byte)
    assert (done.same, done.added, done.changed, done.withdrawn) == (2, 0, 0, 0)


async def test_a_dry_run_shows_each_difference_and_stores_nothing(city: City) -> None:
    await city.processed(a_raw(0, 1), a_raw(1, 2))
    done = await city.redecoded(twice_the_byte, dry_run=True)
    assert done.changed == 2
    shown = [(each.before.reading.value, each.after.value) for each in city.told if each.before and each.after]
    assert shown == [(1, 2), (2, 4)]
    assert await city.values() == {(0, ""): 1, (900, ""): 2}


async def test_values_are_replaced_and_the_old_ones_stay_readable(city: City) -> None:
    await city.processed(a_raw(0, 1), a_raw(1, 2))
    await city.redecoded(twice_the_byte)
    assert await city.values() == {(0, ""): 2, (900, ""): 4}
    assert await city.values(known_at_us=JOB.started_us - 1) == {(0, ""): 1, (900, ""): 2}
    assert await city.values(known_at_us=JOB.started_us + 10) == {(0, ""): 2, (900, ""): 4}
    assert await city.values(known_at_us=NOON_US + 10_000_000) == {(0, ""): 1}


async def test_a_value_that_nobody_says_any_more_is_withdrawn(city: City) -> None:
    await city.processed(a_raw(0, 1))
    done = await city.redecoded(on_another_channel)
    assert (done.added, done.withdrawn) == (1, 1)
    assert await city.values() == {(0, "pulse1"): 1}
    assert await city.values(known_at_us=JOB.started_us - 1) == {(0, ""): 1}


async def test_an_uplink_that_turns_out_to_hold_no_reading_loses_those_it_had(city: City) -> None:
    await city.processed(a_raw(0, 1))
    assert (await city.redecoded(nothing)).withdrawn == 1
    assert await city.values() == {}


async def test_a_payload_that_cannot_be_read_today_keeps_what_was_made_of_it(city: City) -> None:
    await city.processed(a_raw(0, 1))
    done = await city.redecoded(refusing)
    assert (done.withdrawn, done.dead) == (0, {"byte_unknown": 1})
    assert await city.values() == {(0, ""): 1}


async def test_what_only_an_earlier_job_said_is_withdrawn_and_the_first_value_comes_back(city: City) -> None:
    await city.processed(a_raw(0, 1))
    await city.redecoded(on_another_channel)
    done = await city.redecoded(the_byte, Job(0, 2**62, JOB.started_us + 100))
    assert (done.added, done.withdrawn) == (1, 1)
    assert await city.values() == {(0, ""): 1}
    assert await city.values(known_at_us=JOB.started_us + 50) == {(0, "pulse1"): 1}
    assert await city.values(known_at_us=JOB.started_us - 1) == {(0, ""): 1}


async def test_any_number_of_jobs_ends_with_what_the_last_decoder_says(city: City) -> None:
    await city.processed(a_raw(0, 1), a_raw(1, 2))
    decoders = [on_another_channel, nothing, twice_the_byte, on_another_channel, the_byte, nothing, on_another_channel]
    seen = [await city.values()]
    for number, decode in enumerate(decoders):
        await city.redecoded(decode, Job(0, 2**62, JOB.started_us + 100 * number))
        seen.append(await city.values())
    assert seen[-1] == {(0, "pulse1"): 1, (900, "pulse1"): 2}
    for number, values in enumerate(seen):
        assert await city.values(known_at_us=JOB.started_us + 100 * number - 1) == values


async def test_what_a_clock_wrote_that_was_ahead_is_replaced_too(city: City) -> None:
    await city.processed(a_raw(0, 1), a_raw(1, 2))
    ahead_us = JOB.started_us + 10**12
    await city.redecoded(twice_the_byte, Job(0, NOON_US + 60_000_000, ahead_us))
    done = await city.redecoded(on_another_channel)
    assert (done.added, done.withdrawn) == (2, 2)
    assert await city.values() == {(0, "pulse1"): 1, (900, "pulse1"): 2}
    assert await city.values(known_at_us=ahead_us) == {(0, ""): 2, (0, "pulse1"): 1, (900, "pulse1"): 2}
    assert (await city.redecoded(on_another_channel)).same == 2


async def test_what_an_uplink_beyond_the_range_said_is_not_withdrawn(city: City) -> None:
    await city.processed(a_raw(0, 1), a_raw(1, 2))
    await city.redecoded(twice_the_byte)
    until_us = a_raw(1, 2).received_us
    await city.redecoded(nothing, Job(0, until_us, JOB.started_us + 100))
    assert await city.values() == {(900, ""): 4}


async def test_a_job_that_was_killed_before_it_wrote_leaves_no_hole_in_what_was_known(city: City) -> None:
    await city.processed(a_raw(0, 1))
    killed = KilledStore()
    step = a_step(twice_the_byte)
    with pytest.raises(Unavailable):
        await Redecoding(city.log, Spelled(), step, city.query, killed, city.history).run(JOB, dry_run=False)
    await city.redecoded(twice_the_byte, Job(0, 2**62, JOB.started_us + 1_000))
    assert await city.values() == {(0, ""): 2}
    for known_at_us in (JOB.started_us - 1, JOB.started_us + 500, JOB.started_us + 999):
        assert await city.values(known_at_us=known_at_us) == {(0, ""): 1}


async def test_what_a_device_told_of_itself_long_before_the_range_is_not_forgotten(city: City) -> None:
    told, long_after = a_raw(0, 200), a_raw(1, 3, seconds=40 * 86_400)
    await city.processed(told, long_after)
    await city.redecoded(times_what_was_told, Job(told.received_us + 1, 2**62, JOB.started_us + 10**13))
    assert await city.values() == {(0, ""): 200, (40 * 86_400, ""): 600}


async def test_an_uplink_that_ends_the_patience_with_a_piece_can_be_read(city: City) -> None:
    await city.processed(a_raw(0, 1))
    assert (await city.redecoded(giving_up_a_piece)).changed == 1
    assert await city.values() == {(0, ""): 2}


async def test_where_the_log_has_lost_its_beginning_what_it_lacks_is_not_withdrawn(city: City) -> None:
    await city.processed(*[a_raw(n, n) for n in range(3)])
    city.log = LogWithoutBeginning(city.log)
    done = await city.redecoded(nothing)
    assert done.withdrawn == 0


async def test_many_uplinks_without_readings_are_not_gathered(city: City) -> None:
    await city.processed(*[a_raw(n, 1, seconds=n) for n in range(12_000)])
    reached: list[Reached] = []
    redecoding = Redecoding(city.log, Spelled(), a_step(nothing), city.query, city.store, city.history)
    await redecoding.run(JOB, dry_run=True, reached=reached.append)
    assert len(reached) > 1


async def test_a_dead_letter_of_before_becomes_a_reading(city: City) -> None:
    await city.processed(a_raw(0, 255))
    assert (await city.redecoded(twice_the_byte)).added == 1
    assert await city.values() == {(0, ""): 510}


async def test_a_job_again_finds_nothing_to_do(city: City) -> None:
    await city.processed(a_raw(0, 1), a_raw(1, 2))
    await city.redecoded(twice_the_byte)
    again = await city.redecoded(twice_the_byte, Job(0, 2**62, JOB.started_us + 10**6))
    assert (again.same, again.changed, again.added, again.withdrawn) == (2, 0, 0, 0)


async def test_only_the_range_and_the_devices_asked_for_are_touched(city: City) -> None:
    await city.processed(a_raw(0, 1), a_raw(1, 2), a_raw(2, 3), a_raw(0, 7, device=OTHER))
    at = a_raw(1, 2).received_us
    await city.redecoded(twice_the_byte, Job(at, at + 1, JOB.started_us, frozenset({"meter"})))
    assert await city.values() == {(0, ""): 1, (900, ""): 4, (1_800, ""): 3}
    assert await city.values(OTHER) == {(0, ""): 7}


async def test_one_device_may_be_asked_for_by_name(city: City) -> None:
    await city.processed(a_raw(0, 1), a_raw(0, 7, device=OTHER))
    await city.redecoded(twice_the_byte, Job(0, 2**62, JOB.started_us, devices=frozenset({OTHER})))
    assert (await city.values(), await city.values(OTHER)) == ({(0, ""): 1}, {(0, ""): 14})


async def test_a_frame_heard_twice_is_one_reading_again(city: City) -> None:
    await city.processed(a_raw(0, 1), a_raw(0, 1, seconds=5))
    done = await city.redecoded(twice_the_byte)
    assert (done.changed, done.added, done.withdrawn) == (1, 0, 0)


async def test_what_a_person_corrected_since_is_left_alone(city: City) -> None:
    await city.processed(a_raw(0, 1))
    corrected = Observation(DEV, NOON_NS, NOON_US + 10**9, (Reading("meter.pulse_count", "", 42),), source="import")
    await city.store.write([corrected])
    assert (await city.redecoded(twice_the_byte)).same == 1
    assert await city.values() == {(0, ""): 42}
