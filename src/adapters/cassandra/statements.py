"""Every statement there is: prepared once, at the start; CQL is never put together for a request.

Each may be repeated without harm: no counters, no conditions, no appending to lists.
"""

from enum import StrEnum

SCHEMA_VERSION = 8
"""Number of the last file in ``migrations/``."""


class Cql(StrEnum):
    """One statement, with a blank for the keyspace."""

    # Map cells are added one by one: an INSERT of the whole map would first delete the old one by a range tombstone.
    WRITE_OBSERVATION = (
        "UPDATE {keyspace}.observations USING TIMESTAMP ? AND TTL ? SET readings = readings + ? "
        "WHERE device = ? AND day = ? AND event_ns = ?"
    )
    WRITE_SEGMENTS_METER_PERSONAL = (
        "UPDATE {keyspace}.segments_meter_personal USING TIMESTAMP ? AND TTL ? SET body = ? "
        "WHERE start_s = ? AND shard = ? AND event_ns = ? AND id = ?"
    )
    WRITE_SEGMENTS_OCCUPANCY = (
        "UPDATE {keyspace}.segments_occupancy USING TIMESTAMP ? AND TTL ? SET body = ? "
        "WHERE start_s = ? AND shard = ? AND event_ns = ? AND id = ?"
    )
    WRITE_SEGMENTS_LOCATION = (
        "UPDATE {keyspace}.segments_location USING TIMESTAMP ? AND TTL ? SET body = ? "
        "WHERE start_s = ? AND shard = ? AND event_ns = ? AND id = ?"
    )
    WRITE_SEGMENTS_INFRASTRUCTURE = (
        "UPDATE {keyspace}.segments_infrastructure USING TIMESTAMP ? AND TTL ? SET body = ? "
        "WHERE start_s = ? AND shard = ? AND event_ns = ? AND id = ?"
    )
    WRITE_DAY = "INSERT INTO {keyspace}.observation_days (device, day) VALUES (?, ?)"
    WRITE_STATE = "UPDATE {keyspace}.states USING TIMESTAMP ? SET state = ? WHERE shard = ? AND device = ?"
    WRITE_DEVICE = "UPDATE {keyspace}.devices USING TIMESTAMP ? SET master = ? WHERE shard = ? AND device = ?"
    WRITE_DEVICE_TYPE = "INSERT INTO {keyspace}.devices_by_type (device_type, shard, device) VALUES (?, ?, ?)"
    WRITE_MASTER_DATA = (
        "UPDATE {keyspace}.master_data USING TIMESTAMP ? SET body = ? WHERE kind = ? AND shard = ? AND key = ?"
    )
    REMOVE_MASTER_DATA = "DELETE FROM {keyspace}.master_data USING TIMESTAMP ? WHERE kind = ? AND shard = ? AND key = ?"
    WRITE_SUPERSEDED = (
        "INSERT INTO {keyspace}.superseded (device, day, event_ns, name, written_us, until_us, reading) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) USING TIMESTAMP ? AND TTL ?"
    )
    WRITE_SUPERSEDED_DAY = "INSERT INTO {keyspace}.superseded_days (device, day) VALUES (?, ?)"
    WRITE_RADIO = (
        "UPDATE {keyspace}.radio_metadata USING TIMESTAMP ? AND TTL ? SET body = ? "
        "WHERE device = ? AND day = ? AND network_ns = ? AND source = ? AND f_cnt = ?"
    )
    WRITE_RADIO_DAY = "INSERT INTO {keyspace}.radio_days (device, day) VALUES (?, ?)"
    WRITE_LOSSES = "UPDATE {keyspace}.loss_days USING TIMESTAMP ? SET body = ? WHERE day = ? AND shard = ? AND name = ?"
    WRITE_CLASS_LAYOUT = (
        "INSERT INTO {keyspace}.class_layouts (data_class, since_day, bucket_s, shards) VALUES (?, ?, ?, ?)"
    )
    WRITE_SCHEMA_VERSION = "INSERT INTO {keyspace}.schema_version (component, version) VALUES (?, ?)"

    READ_DAYS_NEWEST_FIRST = (
        "SELECT day FROM {keyspace}.observation_days WHERE device = ? AND day >= ? AND day <= ? ORDER BY day DESC"
    )
    READ_DAYS_OLDEST_FIRST = (
        "SELECT day FROM {keyspace}.observation_days WHERE device = ? AND day >= ? AND day <= ? ORDER BY day ASC"
    )
    READ_OBSERVATIONS_NEWEST_FIRST = (
        "SELECT event_ns, readings FROM {keyspace}.observations "
        "WHERE device = ? AND day = ? AND event_ns >= ? AND event_ns < ? ORDER BY event_ns DESC"
    )
    READ_OBSERVATIONS_OLDEST_FIRST = (
        "SELECT event_ns, readings FROM {keyspace}.observations "
        "WHERE device = ? AND day = ? AND event_ns >= ? AND event_ns < ? ORDER BY event_ns ASC"
    )
    READ_SEGMENTS_METER_PERSONAL = (
        "SELECT event_ns, body FROM {keyspace}.segments_meter_personal WHERE start_s = ? AND shard = ? AND event_ns < ?"
    )
    READ_SEGMENTS_OCCUPANCY = (
        "SELECT event_ns, body FROM {keyspace}.segments_occupancy WHERE start_s = ? AND shard = ? AND event_ns < ?"
    )
    READ_SEGMENTS_LOCATION = (
        "SELECT event_ns, body FROM {keyspace}.segments_location WHERE start_s = ? AND shard = ? AND event_ns < ?"
    )
    READ_SEGMENTS_INFRASTRUCTURE = (
        "SELECT event_ns, body FROM {keyspace}.segments_infrastructure WHERE start_s = ? AND shard = ? AND event_ns < ?"
    )
    READ_STATE = "SELECT state FROM {keyspace}.states WHERE shard = ? AND device = ?"
    READ_DEVICES = "SELECT device, master FROM {keyspace}.devices WHERE shard = ? AND device IN ?"
    READ_DEVICES_AFTER = "SELECT device, master FROM {keyspace}.devices WHERE shard = ? AND device > ? LIMIT ?"
    READ_DEVICES_OF_TYPE_AFTER = (
        "SELECT device FROM {keyspace}.devices_by_type WHERE device_type = ? AND shard = ? AND device > ? LIMIT ?"
    )
    READ_MASTER_DATA = "SELECT key, body FROM {keyspace}.master_data WHERE kind = ? AND shard = ? AND key = ?"
    READ_MASTER_DATA_AFTER = (
        "SELECT key, body FROM {keyspace}.master_data WHERE kind = ? AND shard = ? AND key > ? AND key < ? LIMIT ?"
    )
    READ_MASTER_DATA_FROM = (
        "SELECT key, body FROM {keyspace}.master_data WHERE kind = ? AND shard = ? AND key >= ? AND key < ? LIMIT ?"
    )
    READ_SUPERSEDED_DAYS = "SELECT day FROM {keyspace}.superseded_days WHERE device = ? AND day >= ? AND day <= ?"
    READ_SUPERSEDED = (
        "SELECT until_us, reading FROM {keyspace}.superseded "
        "WHERE device = ? AND day = ? AND event_ns >= ? AND event_ns < ?"
    )
    READ_RADIO_DAYS = "SELECT day FROM {keyspace}.radio_days WHERE device = ? AND day >= ? AND day <= ?"
    READ_RADIO = (
        "SELECT body FROM {keyspace}.radio_metadata "
        "WHERE device = ? AND day = ? AND network_ns >= ? AND network_ns < ? LIMIT ?"
    )
    READ_LOSSES = "SELECT name, body FROM {keyspace}.loss_days WHERE day = ? AND shard = ? AND name > ? AND name < ?"
    READ_LOSSES_AFTER = "SELECT name, body FROM {keyspace}.loss_days WHERE day = ? AND shard = ? AND name > ? LIMIT ?"
    READ_OBSERVATIONS = "SELECT device, event_ns, readings FROM {keyspace}.observations"
    READ_COMPONENT = "SELECT version FROM {keyspace}.schema_version WHERE component = ?"
    READ_CLASS_LAYOUTS = "SELECT data_class, since_day, bucket_s, shards FROM {keyspace}.class_layouts"
    READ_TIMES_TO_LIVE = (
        "SELECT table_name, default_time_to_live FROM system_schema.tables WHERE keyspace_name = '{keyspace}'"
    )
    READ_SCHEMA_VERSION = "SELECT version FROM {keyspace}.schema_version WHERE component = 'tables'"
