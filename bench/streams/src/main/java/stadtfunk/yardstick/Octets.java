package stadtfunk.yardstick;

/** Reads a payload; what ends too early or too late is unusable. */
final class Octets {
    private final byte[] data;
    private int at;

    Octets(byte[] data) {
        this.data = data;
    }

    int u8() throws Unusable {
        if (at >= data.length) {
            throw new Unusable("payload_too_short");
        }
        return data[at++] & 0xFF;
    }

    int i8() throws Unusable {
        return (byte) u8();
    }

    long little(int octets) throws Unusable {
        long value = 0;
        for (int place = 0; place < octets; place++) {
            value |= (long) u8() << 8 * place;
        }
        return value;
    }

    void skip(int octets) throws Unusable {
        at += octets;
        if (at > data.length) {
            throw new Unusable("payload_too_short");
        }
    }

    void end() throws Unusable {
        if (at < data.length) {
            throw new Unusable("payload_too_long");
        }
    }
}
