package stadtfunk.yardstick;

import java.util.Arrays;
import java.util.List;

/** Writes the bytes of JSON one after the other, into an array that is kept. */
final class FastResults implements Results {
    private static final int MOST_DIGITS = 19;

    private byte[] out = new byte[16_384];
    private int at;

    @Override
    public byte[] observation(Snapshot snapshot, Envelope envelope, DeviceMemory memory, String source, long receivedUs) {
        at = 0;
        text("{\"dev_eui\":\"", envelope.devEui);
        number("\",\"event_ns\":", snapshot.eventNs());
        number(",\"written_us\":", receivedUs);
        raw(",\"readings\":[");
        readings(snapshot.readings());
        text("],\"time_origin\":\"", snapshot.origin());
        number("\",\"uncertainty_ms\":", snapshot.uncertaintyMs());
        text(",\"device_type\":\"", memory.deviceType);
        text("\",\"decoder\":\"", memory.deviceType);
        text("@1\",\"source\":\"", source);
        number("\",\"f_cnt\":", envelope.fCnt);
        raw("}");
        return Arrays.copyOf(out, at);
    }

    @Override
    public byte[] state(String devEui, DeviceMemory memory, String source) {
        at = 0;
        text("{\"dev_eui\":\"", devEui);
        number("\",\"written_us\":", memory.writtenUs);
        text(",\"device_type\":\"", memory.deviceType);
        text("\",\"application_id\":\"", memory.applicationId);
        text("\",\"device_id\":\"", memory.deviceId);
        number("\",\"last_seen_ns\":", memory.lastSeenNs);
        text(",\"frames\":[{\"source\":\"", source);
        number("\",\"received\":", memory.total[Frames.RECEIVED]);
        number(",\"missing\":", memory.total[Frames.MISSING]);
        number(",\"duplicate\":", memory.total[Frames.DUPLICATE]);
        number(",\"redelivered\":", 0);
        number(",\"late\":", memory.total[Frames.LATE]);
        number(",\"empty\":", memory.total[Frames.EMPTY]);
        number(",\"undecodable\":", memory.total[Frames.UNDECODABLE]);
        number(",\"breaks\":", 0);
        number(",\"sessions\":", memory.sessionsBegun);
        number(",\"last_f_cnt\":", memory.sessions.get(memory.sessions.size() - 1).last);
        raw("}],\"latest\":[");
        latest(memory.latest);
        raw("]}");
        return Arrays.copyOf(out, at);
    }

    @Override
    public byte[] connection(Envelope envelope, String source) {
        at = 0;
        text("{\"dev_eui\":\"", envelope.devEui);
        text("\",\"device_id\":\"", envelope.deviceId);
        text("\",\"time\":\"", envelope.time);
        text("\",\"gateway_id\":\"", envelope.bestGateway());
        raw("\",\"receptions\":[");
        receptions(envelope.receptions);
        text("],\"source\":\"", source);
        number("\",\"f_cnt\":", envelope.fCnt);
        number(",\"data_rate\":\"SF", envelope.spreadingFactor);
        number("BW", envelope.bandwidth / 1_000);
        number("\",\"frequency_hz\":", envelope.frequencyHz);
        number(",\"airtime_ns\":", envelope.airtimeNs);
        raw(",\"airtime_computed\":false}");
        return Arrays.copyOf(out, at);
    }

    @Override
    public byte[] lossDay(String devEui, DeviceMemory memory, String source) {
        at = 0;
        text("{\"dev_eui\":\"", devEui);
        number("\",\"day\":", memory.day);
        text(",\"source\":\"", source);
        number("\",\"written_us\":", memory.writtenUs);
        some(",\"received\":", memory.today[Frames.RECEIVED]);
        some(",\"radio\":", memory.today[Frames.MISSING]);
        some(",\"empty\":", memory.today[Frames.EMPTY]);
        some(",\"undecodable\":", memory.today[Frames.UNDECODABLE]);
        some(",\"late\":", memory.today[Frames.LATE]);
        some(",\"duplicate\":", memory.today[Frames.DUPLICATE]);
        raw("}");
        return Arrays.copyOf(out, at);
    }

    private void receptions(List<Envelope.Reception> receptions) {
        for (int index = 0; index < receptions.size(); index++) {
            Envelope.Reception heard = receptions.get(index);
            text(index == 0 ? "{\"gateway_id\":\"" : ",{\"gateway_id\":\"", heard.gatewayId());
            raw("\",\"rssi_dbm\":");
            real(heard.rssi());
            raw(",\"snr_db\":");
            real(heard.snr());
            raw("}");
        }
    }

    private void readings(List<Reading> readings) {
        for (int index = 0; index < readings.size(); index++) {
            Reading reading = readings.get(index);
            text(index == 0 ? "{\"measurand\":\"" : ",{\"measurand\":\"", reading.measurand());
            text("\",\"channel\":\"", reading.channel());
            raw("\",\"value\":");
            value(reading.value(), reading.exponent());
        }
    }

    private void latest(List<DeviceMemory.Latest> values) {
        for (int index = 0; index < values.size(); index++) {
            DeviceMemory.Latest latest = values.get(index);
            text(index == 0 ? "{\"measurand\":\"" : ",{\"measurand\":\"", latest.measurand);
            text("\",\"channel\":\"", latest.channel);
            number("\",\"event_ns\":", latest.eventNs);
            raw(",\"value\":");
            value(latest.value, latest.exponent);
        }
    }

    private void value(Object value, int exponent) {
        if (value instanceof Long number) {
            digits(number);
        } else if (value instanceof Double number) {
            real(number);
        } else if (value instanceof Boolean truth) {
            raw(truth ? "true" : "false");
        } else {
            text("\"", (String) value);
            raw("\"");
        }
        if (exponent != 0) {
            number(",\"exponent\":", exponent);
        }
        raw("}");
    }

    private void text(String before, String text) {
        raw(before);
        escaped(text);
    }

    private void number(String before, long number) {
        raw(before);
        digits(number);
    }

    /** Writes a count, as ours only where there is one. */
    private void some(String before, int count) {
        if (count != 0) {
            number(before, count);
        }
    }

    private void real(double number) {
        if (number == Math.rint(number) && Math.abs(number) < 1e15) {
            digits((long) number);
            raw(".0");
        } else {
            raw(Double.toString(number));
        }
    }

    @SuppressWarnings("deprecation") // of all ways to write ASCII this is the cheapest: no encoder, no copy
    private void raw(String ascii) {
        int length = ascii.length();
        room(length);
        ascii.getBytes(0, length, out, at);
        at += length;
    }

    private void escaped(String text) {
        for (int index = 0; index < text.length(); index++) {
            char letter = text.charAt(index);
            if (letter < ' ' || letter == '"' || letter == '\\' || letter > '~') {
                slowly(text);
                return;
            }
        }
        raw(text);
    }

    private void slowly(String text) {
        for (int index = 0; index < text.length(); index++) {
            raw(String.format("\\u%04x", (int) text.charAt(index)));
        }
    }

    private void digits(long number) {
        if (number < 0) {
            raw("-");
        }
        long rest = number < 0 ? -number : number;
        room(MOST_DIGITS);
        int place = at + count(rest);
        at = place;
        for (; rest >= 100; rest /= 100) { // two at a time: half as many divisions
            int two = (int) (rest % 100);
            out[--place] = (byte) ('0' + two % 10);
            out[--place] = (byte) ('0' + two / 10);
        }
        out[--place] = (byte) ('0' + rest % 10);
        if (rest >= 10) {
            out[--place] = (byte) ('0' + rest / 10);
        }
    }

    private static int count(long number) {
        int digits = 1;
        for (long least = 10; digits < MOST_DIGITS && number >= least; least *= 10) {
            digits++;
        }
        return digits;
    }

    private void room(int more) {
        if (at + more > out.length) {
            out = Arrays.copyOf(out, 2 * (at + more));
        }
    }
}
