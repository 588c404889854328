package stadtfunk.yardstick;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/** Device memories as compact bytes, fields in their order; one for each thread. */
final class BinaryMemory implements Serde<DeviceMemory>, Serializer<DeviceMemory>, Deserializer<DeviceMemory> {
    private static final int LONG = 0;
    private static final int DOUBLE = 1;
    private static final int FALSE = 2;
    private static final int TRUE = 3;
    private static final int TEXT = 4;
    private static final String[] NAMES = {
        "meter.connected", "meter.identity", "electricity.energy.active.import", "electricity.energy.active.export",
        "device.clock_synchronized", "device.restart_count", "device.activity_count", "device.message_count",
        "parking.occupied", "device.temperature", "device.lifecycle", "water.volume", "meter.pulse_count",
        "device.switch", "meter.reading_age", "device.alarm", "device.battery.low", "device.battery.remaining",
        "device.battery.voltage", "radio.downlink.rssi", "radio.downlink.snr", "radio.tx_power",
    };

    private static final Map<String, Integer> NUMBERS = numbers();

    private ByteBuffer out = ByteBuffer.allocate(8_192);

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
        if (memory == null) {
            return null;
        }
        out.clear();
        out.putLong(memory.offset).putLong(memory.lastSeenNs).putLong(memory.writtenUs).putLong(memory.day);
        text(memory.deviceType);
        text(memory.applicationId);
        text(memory.deviceId);
        integers(memory.total);
        integers(memory.today);
        out.putInt(memory.sessionsBegun).put((byte) memory.sessions.size());
        for (DeviceMemory.Session session : memory.sessions) {
            text(session.id);
            out.putInt(session.last).putLong(session.lastNs);
            integers(session.missing);
        }
        out.put((byte) memory.pieces.size());
        for (DeviceMemory.Piece piece : memory.pieces) {
            out.put((byte) piece.index).put((byte) (piece.isLast ? 1 : 0)).putLong(piece.networkNs);
            out.put((byte) piece.data.length).put(piece.data);
        }
        out.put((byte) memory.latest.size());
        for (DeviceMemory.Latest latest : memory.latest) {
            out.put((byte) number(latest.measurand));
            text(latest.channel);
            out.putLong(latest.eventNs).put((byte) latest.exponent);
            value(latest.value);
        }
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    @Override
    public DeviceMemory deserialize(String topic, byte[] bytes) {
        if (bytes == null) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        DeviceMemory memory = new DeviceMemory();
        memory.offset = in.getLong();
        memory.lastSeenNs = in.getLong();
        memory.writtenUs = in.getLong();
        memory.day = in.getLong();
        memory.deviceType = text(in);
        memory.applicationId = text(in);
        memory.deviceId = text(in);
        memory.total = integers(in);
        memory.today = integers(in);
        memory.sessionsBegun = in.getInt();
        for (int left = in.get(); left > 0; left--) {
            memory.sessions.add(session(in));
        }
        for (int left = in.get(); left > 0; left--) {
            memory.pieces.add(piece(in));
        }
        int values = in.get();
        memory.latest = new ArrayList<>(values + 2);
        for (int left = values; left > 0; left--) {
            memory.latest.add(latest(in));
        }
        return memory;
    }

    private static DeviceMemory.Session session(ByteBuffer in) {
        DeviceMemory.Session session = new DeviceMemory.Session();
        session.id = text(in);
        session.last = in.getInt();
        session.lastNs = in.getLong();
        session.missing = integers(in);
        return session;
    }

    private static DeviceMemory.Piece piece(ByteBuffer in) {
        DeviceMemory.Piece piece = new DeviceMemory.Piece();
        piece.index = in.get();
        piece.isLast = in.get() == 1;
        piece.networkNs = in.getLong();
        piece.data = new byte[in.get() & 0xFF];
        in.get(piece.data);
        return piece;
    }

    private static DeviceMemory.Latest latest(ByteBuffer in) {
        DeviceMemory.Latest latest = new DeviceMemory.Latest();
        latest.measurand = NAMES[in.get()];
        latest.channel = text(in);
        latest.eventNs = in.getLong();
        latest.exponent = in.get();
        latest.value = switch (in.get()) {
            case LONG -> in.getLong();
            case DOUBLE -> in.getDouble();
            case FALSE -> false;
            case TRUE -> true;
            default -> text(in);
        };
        return latest;
    }

    private void value(Object value) {
        if (value instanceof Long number) {
            out.put((byte) LONG).putLong(number);
        } else if (value instanceof Double number) {
            out.put((byte) DOUBLE).putDouble(number);
        } else if (value instanceof Boolean truth) {
            out.put((byte) (truth ? TRUE : FALSE));
        } else {
            out.put((byte) TEXT);
            text((String) value);
        }
    }

    private static int number(String measurand) {
        return NUMBERS.get(measurand);
    }

    private static Map<String, Integer> numbers() {
        Map<String, Integer> numbers = new HashMap<>();
        for (int at = 0; at < NAMES.length; at++) {
            numbers.put(NAMES[at], at);
        }
        return numbers;
    }

    private void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.put((byte) bytes.length).put(bytes);
    }

    private static String text(ByteBuffer in) {
        int length = in.get() & 0xFF;
        String text = length == 0 ? "" : new String(in.array(), in.position(), length, StandardCharsets.UTF_8);
        in.position(in.position() + length);
        return text;
    }

    private void integers(int[] values) {
        out.putShort((short) values.length);
        for (int value : values) {
            out.putInt(value);
        }
    }

    private static int[] integers(ByteBuffer in) {
        int length = in.getShort();
        if (length == 0) {
            return Frames.NONE;
        }
        int[] values = new int[length];
        for (int at = 0; at < length; at++) {
            values[at] = in.getInt();
        }
        return values;
    }
}
