package stadtfunk.yardstick;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/** Device memories as JSON, by Jackson. */
final class JacksonMemory implements Serde<DeviceMemory>, Serializer<DeviceMemory>, Deserializer<DeviceMemory> {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Override
    public Serializer<DeviceMemory> serializer() {
        return this;
    }

    @Override
    public Deserializer<DeviceMemory> deserializer() {
        return this;
    }

    @Override
    public void configure(Map<String, ?> settings, boolean isKey) {}

    @Override
    public void close() {}

    @Override
    public byte[] serialize(String topic, DeviceMemory memory) {
        try {
            return memory == null ? null : MAPPER.writeValueAsBytes(memory);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Override
    public DeviceMemory deserialize(String topic, byte[] bytes) {
        try {
            return bytes == null ? null : MAPPER.readValue(bytes, DeviceMemory.class);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
