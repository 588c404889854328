"""The stream of the checkpoint contract is worth its name: it reaches what an adapter could lose."""

from tests.contract.stream import a_stream, expected


def test_the_stream_reaches_every_field_of_the_memory() -> None:
    results, memory = expected(a_stream(300))
    accounts = [account for each in memory.values() for account in each.accounts.values()]
    segments = [segment for account in accounts for segment in account.segments]
    assert any(len(account.segments) > 1 for account in accounts)
    assert any(account.closed_ns for account in accounts)
    assert any(account.joins for account in accounts)
    assert any(segment.missing_runs for segment in segments)
    assert any(segment.recent for segment in segments)
    assert any(account.counts.late for account in accounts)
    assert any(account.counts.redelivered for account in accounts)
    assert any(account.counts.undecodable for account in accounts)
    assert any(len(each.accounts) > 1 for each in memory.values())
    assert any(each.context.fragments for each in memory.values())
    assert any(each.device.attributes for each in memory.values())
    assert {type(value).__name__ for each in memory.values() for _, _, _, value, *_ in each.latest} == {
        "bool",
        "float",
        "int",
        "str",
        "Position",
    }
    assert {letter.reason for letter in results.dead_letters.values()} == {
        "device_type_unknown",
        "envelope_unreadable",
        "fragments_incomplete",
        "payload_strange",
    }
