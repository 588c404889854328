package stadtfunk.yardstick;

import java.util.ArrayList;
import java.util.List;

/** What is remembered of a device; its fields are public so that Jackson can be given it as it is. */
final class DeviceMemory {
    public long offset = -1;
    public String deviceType = "";
    public String applicationId = "";
    public String deviceId = "";
    public long lastSeenNs;
    public long writtenUs;
    /** Over all days, then on the newest day alone: received, duplicate, late, empty, undecodable, missing. */
    public int[] total = new int[Frames.COUNTS];
    public int[] today = new int[Frames.COUNTS];
    public long day;
    public int sessionsBegun;
    public List<Session> sessions = new ArrayList<>(2);
    public List<Piece> pieces = new ArrayList<>(0);
    public List<Latest> latest = new ArrayList<>(4);

    /** Counters of a device between two joins. */
    static final class Session {
        public String id = "";
        public int last = -1;
        public long lastNs;
        /** Counters below the last that nobody heard. */
        public int[] missing = Frames.NONE;
    }

    /** A part of a payload whose rest did not come yet. */
    static final class Piece {
        public int index;
        public boolean isLast;
        public long networkNs;
        public byte[] data = Envelope.NO_PAYLOAD;
    }

    /** The newest value of a measurand and channel, by event time. */
    static final class Latest {
        public String measurand = "";
        public String channel = "";
        public long eventNs;
        public Object value = 0L;
        public int exponent;
    }

    void remember(Snapshot snapshot) {
        for (Reading reading : snapshot.readings()) {
            Latest known = find(reading);
            if (known.eventNs <= snapshot.eventNs()) {
                known.eventNs = snapshot.eventNs();
                known.value = reading.value();
                known.exponent = reading.exponent();
            }
        }
    }

    private Latest find(Reading reading) {
        for (Latest known : latest) {
            if (known.measurand.equals(reading.measurand()) && known.channel.equals(reading.channel())) {
                return known;
            }
        }
        Latest fresh = new Latest();
        fresh.measurand = reading.measurand();
        fresh.channel = reading.channel();
        latest.add(fresh);
        return fresh;
    }
}
