package stadtfunk.yardstick;

import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.Stores;

/** What flows where: uplinks through one processor with its store into a topic for each kind of result. */
final class Topology {
    static final String OBSERVATIONS = "observations";
    static final String STATES = "device_states";
    static final String RADIO = "radio_metadata";
    static final String DAYS = "loss_ledger";
    static final String LETTERS = "dead_letters";
    private static final String UPLINKS = "uplinks";
    private static final String DEVICES = "devices";

    private Topology() {}

    /** Makes it; topics by the names above. */
    static org.apache.kafka.streams.Topology of(Variant variant, Map<String, String> topics) {
        ByteArrayDeserializer in = new ByteArrayDeserializer();
        ByteArraySerializer out = new ByteArraySerializer();
        var topology = new org.apache.kafka.streams.Topology();
        topology.addSource(UPLINKS, in, in, topics.get(UPLINKS));
        topology.addProcessor(DEVICES, () -> new DeviceProcessor(variant), UPLINKS);
        var store = Stores.keyValueStoreBuilder(variant.store(), Serdes.Bytes(), variant.memories());
        topology.addStateStore(store.withLoggingEnabled(Map.of()).withCachingDisabled(), DEVICES);
        for (String name : new String[] {OBSERVATIONS, STATES, RADIO, DAYS, LETTERS}) {
            topology.addSink(name, topics.get(name), out, out, DEVICES);
        }
        return topology;
    }
}
