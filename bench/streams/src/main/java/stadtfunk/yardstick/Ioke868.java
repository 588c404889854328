package stadtfunk.yardstick;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** IMST iOKE868, a reader of electricity meters (imst/ioke868 in the LoRaWAN Device Repository). */
final class Ioke868 implements Decoder {
    private static final int STATUS_PORT = 3;
    private static final int METER_PORT = 5;
    private static final int SEGMENTED = 0x40;
    private static final int STATUS_OCTETS = 28;
    private static final int CLOCK_NOT_SET = 0x04;
    private static final long NS_PER_S = 1_000_000_000L;
    private static final long AGREEMENT_NS = 300 * NS_PER_S;
    private static final int WATT_HOUR = 30;
    private static final int EXPONENT = -4;
    private static final int OBJECT_OCTETS = 18;

    @Override
    public List<Snapshot> decode(Envelope envelope, DeviceMemory memory) throws Unusable {
        return switch (envelope.fPort) {
            case METER_PORT -> {
                Fields fields = new Fields(envelope.payload);
                if (fields.consumed != envelope.payload.length || fields.readings.isEmpty()) {
                    throw new Unusable("payload_too_short");
                }
                yield List.of(Snapshot.at(believed(fields.clockS, envelope.networkNs), envelope.networkNs, fields.readings));
            }
            case STATUS_PORT -> status(envelope);
            case METER_PORT | SEGMENTED -> piece(envelope, memory);
            default -> throw new Unusable("f_port_unknown");
        };
    }

    private static List<Snapshot> status(Envelope envelope) throws Unusable {
        if (envelope.payload.length < STATUS_OCTETS) {
            throw new Unusable("payload_too_short");
        }
        Octets octets = new Octets(envelope.payload);
        long clockS = octets.little(4);
        octets.skip(6);
        long restarts = octets.little(4);
        boolean isSet = (octets.little(2) & CLOCK_NOT_SET) == 0;
        List<Reading> readings = new ArrayList<>(5);
        readings.add(Reading.of("device.clock_synchronized", "", isSet));
        readings.add(Reading.of("device.restart_count", "", restarts));
        readings.add(Reading.of("device.activity_count", "files_ok", octets.little(4)));
        readings.add(Reading.of("device.activity_count", "files_bad", octets.little(4)));
        readings.add(Reading.of("device.message_count", "up", octets.little(4)));
        return List.of(Snapshot.at(isSet ? clockS * NS_PER_S : null, envelope.networkNs, readings));
    }

    /** Returns what a piece adds to those before the first that is missing. */
    private static List<Snapshot> piece(Envelope envelope, DeviceMemory memory) throws Unusable {
        if (envelope.payload.length < 2) {
            throw new Unusable("payload_too_short");
        }
        Pieces.forget(memory, envelope.networkNs);
        byte[] before = Pieces.beginning(memory, envelope.networkNs);
        Pieces.remember(memory, envelope);
        Pieces.Whole now = Pieces.of(memory, envelope.networkNs);
        int known = new Fields(before).readings.size();
        Fields fields = new Fields(now.data());
        if (fields.readings.size() <= known) {
            return List.of();
        }
        List<Reading> fresh = fields.readings.subList(known, fields.readings.size());
        return List.of(Snapshot.at(believed(fields.clockS, now.networkNs()), now.networkNs(), fresh));
    }

    private static Long believed(long clockS, long networkNs) {
        boolean agrees = clockS >= 0 && Math.abs(clockS * NS_PER_S - networkNs) <= AGREEMENT_NS;
        return agrees ? Long.valueOf(clockS * NS_PER_S) : null;
    }

    /** The whole fields at the beginning of a payload: each a type, a length, and as many octets. */
    private static final class Fields {
        private final List<Reading> readings = new ArrayList<>(4);
        private long clockS = -1;
        private int consumed;

        Fields(byte[] data) {
            while (consumed + 2 <= data.length && consumed + 2 + (data[consumed + 1] & 0xFF) <= data.length) {
                int octets = data[consumed + 1] & 0xFF;
                read(data, data[consumed] & 0xFF, consumed + 2, octets);
                consumed += 2 + octets;
            }
        }

        private void read(byte[] data, int kind, int at, int octets) {
            if (kind == 0x00 && octets >= 2) {
                readings.add(Reading.of("meter.connected", "", data[at + 1] != 1));
            } else if (kind == 0x01 && octets == 4) {
                clockS = big(data, at, 4) & 0xFFFF_FFFFL;
            } else if ((kind & 0xF0) == 0x10 && octets > 0) {
                String identity = new String(data, at, octets, StandardCharsets.US_ASCII);
                readings.add(Reading.of("meter.identity", "", identity));
            } else if (kind == 0x40 && octets == OBJECT_OCTETS && data[at + 7] == WATT_HOUR) {
                register(data, at);
            }
        }

        /** Reads OBIS 1-0:C.D.E*255: mask, six groups, unit, scaler, mantissa. */
        private void register(byte[] data, int at) {
            String direction = data[at + 3] == 1 ? "import" : "export";
            int tariff = data[at + 5];
            long value = big(data, at + 10, 8);
            for (int exponent = data[at + 8]; exponent > EXPONENT; exponent--) {
                value *= 10;
            }
            String channel = tariff == 0 ? "" : "t" + tariff;
            readings.add(new Reading("electricity.energy.active." + direction, channel, value, EXPONENT));
        }

        private static long big(byte[] data, int at, int octets) {
            long value = 0;
            for (int place = 0; place < octets; place++) {
                value = value << 8 | data[at + place] & 0xFF;
            }
            return value;
        }
    }
}
