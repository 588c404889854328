package stadtfunk.yardstick;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** From a message to observations, the state of its device and, if asked for, radio metadata and its day. */
final class DeviceProcessor implements Processor<byte[], byte[], byte[], byte[]> {
    static final LongAdder DONE = new LongAdder();

    private final Variant variant;
    private final EnvelopeParser parser;
    private final Results results;
    private ProcessorContext<byte[], byte[]> context;
    private KeyValueStore<Bytes, DeviceMemory> memories;

    DeviceProcessor(Variant variant) {
        this.variant = variant;
        this.parser = variant.parser();
        this.results = variant.results();
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> given) {
        context = given;
        memories = given.getStateStore(Variant.STORE);
    }

    @Override
    public void process(Record<byte[], byte[]> message) {
        try {
            take(message, parser.parse(message.value()));
        } catch (Unusable unusable) {
            letter(message, unusable.getMessage());
        }
        DONE.increment();
    }

    private void take(Record<byte[], byte[]> message, Envelope envelope) {
        envelope.devEui = envelope.devEui.toLowerCase(Locale.ROOT);
        Bytes key = Bytes.wrap(message.key());
        DeviceMemory memory = memories.get(key);
        long offset = context.recordMetadata().orElseThrow().offset();
        if (memory == null) {
            memory = new DeviceMemory();
        } else if (offset <= memory.offset) {
            return; // its results are out
        }
        String source = header(message, "source");
        long receivedUs = Long.parseLong(header(message, "received-us"));
        memory.offset = offset;
        memory.applicationId = envelope.applicationId;
        memory.deviceId = envelope.deviceId;
        memory.lastSeenNs = Math.max(memory.lastSeenNs, envelope.networkNs);
        memory.writtenUs = Math.max(memory.writtenUs + 1, receivedUs);
        if (envelope.isJoin) {
            Frames.join(memory, envelope);
        } else if (Frames.count(memory, envelope)) {
            frame(message, envelope, memory, source, receivedUs);
        }
        memories.put(key, memory);
        forward(message, results.state(envelope.devEui, memory, source), Topology.STATES);
        if (variant.hasAll()) {
            byte[] day = results.lossDay(envelope.devEui, memory, source);
            byte[] dayKey = (envelope.devEui + '/' + memory.day + '/' + source).getBytes(StandardCharsets.US_ASCII);
            context.forward(new Record<>(dayKey, day, message.timestamp()), Topology.DAYS);
        }
    }

    private void frame(
            Record<byte[], byte[]> message, Envelope envelope, DeviceMemory memory, String source, long receivedUs) {
        memory.deviceType = Decoder.TYPES.getOrDefault(envelope.brand + '/' + envelope.model, "");
        if (variant.hasAll()) {
            forward(message, results.connection(envelope, source), Topology.RADIO);
        }
        if (envelope.isEmpty()) {
            return;
        }
        try {
            List<Snapshot> said = Decoder.BY_TYPE.get(memory.deviceType).decode(envelope, memory);
            for (Snapshot snapshot : said) {
                memory.remember(snapshot);
                forward(message, results.observation(snapshot, envelope, memory, source, receivedUs), Topology.OBSERVATIONS);
            }
        } catch (Unusable unusable) {
            Frames.add(memory, Frames.UNDECODABLE, 1);
            letter(message, unusable.getMessage());
        }
    }

    private void letter(Record<byte[], byte[]> message, String reason) {
        byte[] key = reason.getBytes(StandardCharsets.US_ASCII);
        context.forward(message.withKey(key), Topology.LETTERS); // with its headers
    }

    private void forward(Record<byte[], byte[]> message, byte[] value, String to) {
        context.forward(new Record<>(message.key(), value, message.timestamp()), to);
    }

    private static String header(Record<byte[], byte[]> message, String name) {
        Header header = message.headers().lastHeader(name);
        return header == null ? "0" : new String(header.value(), StandardCharsets.US_ASCII);
    }
}
