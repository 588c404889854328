"""What of a changelog partition another owner has written, told from where the broker put our own batches."""

from adapters.kafka.own_records import OwnRecords


def looked_at(own: OwnRecords, end: int) -> list[range]:
    """Look at a partition that ends at ``end``; return what others wrote up to the look before."""
    found = own.others()
    own.looked(end)
    return found


def test_what_is_all_ours_is_never_read() -> None:
    own = OwnRecords(10)
    own.wrote(10, 5)
    own.wrote(15, 2)
    assert looked_at(own, 17) == []
    own.wrote(17, 3)
    assert looked_at(own, 20) == []
    assert looked_at(own, 20) == []


def test_records_between_ours_are_anothers() -> None:
    own = OwnRecords(10)
    own.wrote(12, 5)
    own.wrote(20, 1)
    looked_at(own, 23)
    assert looked_at(own, 23) == [range(10, 12), range(17, 20), range(21, 23)]
    assert looked_at(own, 23) == []


def test_what_is_on_its_way_at_a_look_is_judged_at_the_next() -> None:
    """The broker has our batch, and its acknowledgement has not reached us."""
    own = OwnRecords(0)
    looked_at(own, 4)
    own.wrote(0, 4)
    assert looked_at(own, 9) == []
    own.wrote(4, 3)
    assert looked_at(own, 9) == [range(7, 9)]


def test_a_look_that_failed_is_made_up_for() -> None:
    own = OwnRecords(0)
    looked_at(own, 3)
    assert own.others() == own.others() == [range(3)]


def test_a_partition_that_nobody_writes_to_has_nothing_to_tell() -> None:
    own = OwnRecords(7)
    assert [looked_at(own, 7) for _ in range(3)] == [[], [], []]
