package stadtfunk.yardstick;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.Stores;

/** How the application is written. */
enum Variant {
    /** In-memory store, dsl-json's reader, own writers: what a team does that measures. */
    MEMORY,
    /** The same, and radio metadata and loss days beside. */
    MEMORY_ALL,
    /** In-memory store, Jackson databind in and out: what most teams write. */
    DATABIND,
    /** As MEMORY, on RocksDB, the default store. */
    ROCKSDB;

    static final String STORE = "device-memory";

    static Variant named(String name) {
        return valueOf(name.toUpperCase(java.util.Locale.ROOT).replace('-', '_'));
    }

    EnvelopeParser parser() {
        return this == DATABIND ? new DatabindParser() : new FastParser(hasAll());
    }

    Results results() {
        return this == DATABIND ? new JacksonResults() : new FastResults();
    }

    Serde<DeviceMemory> memories() {
        return this == DATABIND ? new JacksonMemory() : new BinaryMemory();
    }

    KeyValueBytesStoreSupplier store() {
        return this == ROCKSDB ? Stores.persistentKeyValueStore(STORE) : Stores.inMemoryKeyValueStore(STORE);
    }

    boolean hasAll() {
        return this == MEMORY_ALL;
    }
}
