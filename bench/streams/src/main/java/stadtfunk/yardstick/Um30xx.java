package stadtfunk.yardstick;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** NAS UM30xx, a pulse reader on water meters: usage and status packets (nasys/nas-codecs, um30xx). */
final class Um30xx implements Decoder {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final int STATUS_PORT = 24;
    private static final int USAGE_PORT = 25;
    private static final int STATUS = 0x82;
    private static final int USAGE = 0x02;
    private static final int PULSE_1 = 0x01;
    private static final int WATER = 2;
    private static final int MILLILITRES = -3;
    private static final int UNKNOWN_SERIAL = -1;
    private static final long NS_PER_S = 1_000_000_000L;
    private static final int MINUTES = 60;
    private static final int QUARTERS = 96;

    @Override
    public List<Snapshot> decode(Envelope envelope, DeviceMemory memory) throws Unusable {
        Octets octets = new Octets(envelope.payload);
        int kind = octets.u8();
        if (!(envelope.fPort == USAGE_PORT && kind == USAGE || envelope.fPort == STATUS_PORT && kind == STATUS)) {
            throw new Unusable("packet_unknown");
        }
        List<Reading> module = new ArrayList<>(12);
        int flags = octets.u8();
        module.add(Reading.of("device.alarm", "trigger1", (flags & 1) == 1));
        module.add(Reading.of("device.alarm", "trigger2", (flags >> 1 & 1) == 1));
        module.add(Reading.of("device.battery.low", "", (flags >> 6 & 1) == 1));
        if (kind == STATUS) {
            health(octets, module);
        }
        int stepS = step(octets, module);
        int ageS = (int) (double) (Double) module.get(module.size() - 1).value();
        List<Reading> meter = new ArrayList<>(4);
        pulses(octets, meter);
        octets.end();
        if (ageS == 0) {
            module.addAll(meter);
            return List.of(Snapshot.at(null, envelope.networkNs, module));
        }
        Snapshot then = Snapshot.before(envelope.networkNs, ageS * NS_PER_S, stepS * 1_000, meter);
        return List.of(Snapshot.at(null, envelope.networkNs, module), then);
    }

    private static void health(Octets octets, List<Reading> readings) throws Unusable {
        readings.add(Reading.of("device.battery.remaining", "", octets.u8() / 12.0));
        readings.add(Reading.of("device.battery.voltage", "", (150 + octets.u8()) / 100.0));
        int temperature = octets.i8();
        int extremes = octets.u8();
        readings.add(Reading.of("device.temperature", "", (double) temperature));
        readings.add(Reading.of("device.temperature", "min", (double) (temperature - 2 * (extremes & 0x0F))));
        readings.add(Reading.of("device.temperature", "max", (double) (temperature + 2 * (extremes >> 4))));
        readings.add(Reading.of("radio.downlink.rssi", "", (double) -octets.u8()));
        int radio = octets.u8();
        readings.add(Reading.of("radio.downlink.snr", "", (double) (2 * (radio & 0x0F) - 20)));
        readings.add(Reading.of("radio.tx_power", "", (double) (2 * (radio >> 4))));
    }

    /** Adds the age of the register; returns its step in seconds. Ages beyond a day do not occur here. */
    private static int step(Octets octets, List<Reading> readings) throws Unusable {
        int code = octets.u8();
        if (code >= MINUTES + QUARTERS) {
            throw new Unusable("age_unknown");
        }
        int stepS = code < MINUTES ? 60 : 900;
        int number = code < MINUTES ? code : code - MINUTES;
        readings.add(Reading.of("meter.reading_age", "", (double) (number * stepS)));
        return stepS;
    }

    private static void pulses(Octets octets, List<Reading> readings) throws Unusable {
        if (octets.u8() != PULSE_1) {
            throw new Unusable("interface_unknown");
        }
        int head = octets.u8();
        long counted = octets.little(4);
        if (head >> 4 != WATER) {
            throw new Unusable("medium_unknown");
        }
        long litres = counted * power(head >> 2 & 3);
        readings.add(new Reading("water.volume", "pulse1", litres * 1_000, MILLILITRES));
        readings.add(Reading.of("meter.pulse_count", "pulse1", counted));
        readings.add(Reading.of("device.switch", "pulse1", (head & 1) == 1));
        if ((head & 2) != 0) {
            int serial = (int) octets.little(4);
            if (serial != UNKNOWN_SERIAL) {
                readings.add(Reading.of("meter.identity", "pulse1", HEX.toHexDigits(serial)));
            }
        }
    }

    private static long power(int exponent) {
        long value = 1;
        for (int place = 0; place < exponent; place++) {
            value *= 10;
        }
        return value;
    }
}
