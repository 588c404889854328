"""By data class: how long readings and letters are kept, how files of Cassandra are merged, how rows are spread."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

Days = Annotated[int, Meta(ge=0, le=7_300)]
"""0: for ever; Cassandra forgets nothing later than after twenty years."""
Compaction = Literal["unified", "time_windows", "size_tiered"]
Bucket = Literal[60, 120, 300, 600, 900, 1_200, 1_800, 3_600, 7_200, 10_800, 14_400, 21_600, 43_200, 86_400]
Shards = Annotated[int, Meta(ge=1, le=256)]


class RetentionSettings(Struct, frozen=True):
    """``[….retention]``: days until something is forgotten; 0: never."""

    meter_personal: Days = 0
    occupancy: Days = 0
    location: Days = 0
    infrastructure: Days = 0


class CompactionSettings(Struct, frozen=True):
    """``[cassandra.compaction]``: how the files of a table are merged.

    ``time_windows`` lets what ends together go together, where there is an end; else ``unified``.
    """

    by_device: Compaction = "unified"
    """Of the readings by device and day."""
    meter_personal: Compaction = "unified"
    """Of those of this class, by time; as the following."""
    occupancy: Compaction = "unified"
    location: Compaction = "unified"
    infrastructure: Compaction = "unified"


class BucketSettings(Struct, frozen=True):
    """``[cassandra.buckets]``: seconds of a partition of a class; observations/s × these / shards below 100,000."""

    meter_personal: Bucket = 600
    occupancy: Bucket = 3_600
    location: Bucket = 3_600
    infrastructure: Bucket = 600


class ShardSettings(Struct, frozen=True):
    """``[cassandra.shards]``: partitions of a class at the same time."""

    meter_personal: Shards = 4
    occupancy: Shards = 4
    location: Shards = 2
    infrastructure: Shards = 4
