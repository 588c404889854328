"""A backlog in Kafka, worked off by process and sink side by side, until all rows are in Cassandra.

The clock runs from the first uplinks that are processed (joining the groups is no work) until the last row is
acknowledged. The sink begins with what process has just derived, so the two share the processors as they do in earnest.
"""

import time

from bench.chain import Role, Task, drained, roles, run_of
from bench.city import Input
from bench.distributed import Plan, create, ingest, mistakes, process, remove, sink
from bench.measure import Run, sample
from bench.own_process import in_own_process
from bench.place import Place, derived
from bench.servers import Servers

_LOOK_S = 0.01


def measured(given: Input, servers: Servers, name: str) -> Run:
    """Return one run of the second lot; each device was heard before."""
    place = Place(servers.kafka, *servers.cassandra, name)
    in_own_process(create, place)
    heard = [in_own_process(stage, Plan(place, given.first, {})) for stage in (ingest, process, sink)]
    in_own_process(ingest, Plan(place, given.known, {}))
    run = _run(place, given, servers.pids("kafka", "cassandra"), heard[-1].records)
    run.mistakes += in_own_process(mistakes, (place, given))
    in_own_process(remove, place)
    return run


def _run(place: Place, given: Input, pids: dict[str, int], stored: int) -> Run:
    task, messages = Task(place.settings(), given.known.path), given.known.messages
    with roles(("sink", task), ("process", task)) as (writing, working):
        _await_first(working)
        before, missed = sample(pids), working.done
        for role in (writing, working):
            role.begin()
        missing = [] if drained(working, messages, (writing,)) else [f"process: {working.done} of {messages}"]
        processed = sample({})
        records = derived(place) - stored
        missing += [] if drained(writing, records, ()) else [f"sink: {writing.done} of {records}"]
        uplinks = messages - missed
        run = run_of((working, writing), "drain, Kafka → Cassandra", uplinks, before, sample(pids))
    run.note = f"processed after {processed.wall_s - before.wall_s:.1f} s of {run.wall_s:.1f} s; {run.note}"
    run.mistakes = missing
    return run


def _await_first(role: Role) -> None:
    """Return once ``role`` has done something."""
    while not role.done:
        role.check()
        time.sleep(_LOOK_S)
