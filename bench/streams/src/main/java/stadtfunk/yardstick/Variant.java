package stadtfunk.yardstick;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.Stores;

/** How the application is written; each in two widths: observations and states, or radio metadata and loss days too. */
enum Variant {
    /** In-memory store, dsl-json's reader, own writers: what a team does that measures. */
    MEMORY(false, false, false),
    MEMORY_ALL(false, false, true),
    /** In-memory store, Jackson databind in and out: what most teams write. */
    DATABIND(true, false, false),
    DATABIND_ALL(true, false, true),
    /** As MEMORY, on RocksDB, the default store. */
    ROCKSDB(false, true, false),
    ROCKSDB_ALL(false, true, true);

    static final String STORE = "device-memory";

    private final boolean byDatabind;
    private final boolean onRocksDb;
    private final boolean hasAll;

    Variant(boolean byDatabind, boolean onRocksDb, boolean hasAll) {
        this.byDatabind = byDatabind;
        this.onRocksDb = onRocksDb;
        this.hasAll = hasAll;
    }

    static Variant named(String name) {
        return valueOf(name.toUpperCase(java.util.Locale.ROOT).replace('-', '_'));
    }

    EnvelopeParser parser() {
        return byDatabind ? new DatabindParser(hasAll) : new FastParser(hasAll);
    }

    Results results() {
        return byDatabind ? new JacksonResults() : new FastResults();
    }

    Serde<DeviceMemory> memories() {
        return byDatabind ? new JacksonMemory() : new BinaryMemory();
    }

    KeyValueBytesStoreSupplier store() {
        return onRocksDb ? Stores.persistentKeyValueStore(STORE) : Stores.inMemoryKeyValueStore(STORE);
    }

    /** Says whether radio metadata and loss days are written too. */
    boolean hasAll() {
        return hasAll;
    }
}
