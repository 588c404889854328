package stadtfunk.yardstick;

import java.util.Arrays;

/** Accounting of frames: which are new, which are repeats, and which are missing. */
final class Frames {
    static final int RECEIVED = 0;
    static final int DUPLICATE = 1;
    static final int LATE = 2;
    static final int EMPTY = 3;
    static final int UNDECODABLE = 4;
    static final int MISSING = 5;
    static final int COUNTS = 6;
    static final int[] NONE = {};
    private static final int MOST_SESSIONS = 4;
    private static final long DAY_NS = 86_400L * 1_000_000_000;

    private Frames() {}

    /** Begins a session, whose counters start at 0. */
    static void join(DeviceMemory memory, Envelope envelope) {
        turn(memory, envelope.networkNs);
        session(memory, envelope.session);
    }

    /** Counts a frame; says whether it is heard for the first time. */
    static boolean count(DeviceMemory memory, Envelope envelope) {
        turn(memory, envelope.networkNs);
        DeviceMemory.Session session = session(memory, envelope.session);
        if (envelope.fCnt > session.last) {
            open(memory, session, envelope.fCnt);
            session.last = envelope.fCnt;
            session.lastNs = envelope.networkNs;
        } else if (!close(memory, session, envelope.fCnt)) {
            add(memory, DUPLICATE, 1);
            return false;
        }
        add(memory, RECEIVED, 1);
        if (envelope.isEmpty()) {
            add(memory, EMPTY, 1);
        }
        return true;
    }

    static void add(DeviceMemory memory, int count, int by) {
        memory.total[count] += by;
        memory.today[count] += by;
    }

    private static void turn(DeviceMemory memory, long networkNs) {
        long day = networkNs / DAY_NS;
        if (day > memory.day) {
            memory.day = day;
            memory.today = new int[COUNTS];
        }
    }

    private static void open(DeviceMemory memory, DeviceMemory.Session session, int fCnt) {
        int gap = fCnt - session.last - 1;
        if (gap == 0) {
            return;
        }
        int before = session.missing.length;
        int[] missing = Arrays.copyOf(session.missing, before + gap);
        for (int number = 0; number < gap; number++) {
            missing[before + number] = session.last + 1 + number;
        }
        session.missing = missing;
        add(memory, MISSING, gap);
    }

    private static boolean close(DeviceMemory memory, DeviceMemory.Session session, int fCnt) {
        int at = Arrays.binarySearch(session.missing, fCnt);
        if (at < 0) {
            return false;
        }
        int[] missing = new int[session.missing.length - 1];
        System.arraycopy(session.missing, 0, missing, 0, at);
        System.arraycopy(session.missing, at + 1, missing, at, missing.length - at);
        session.missing = missing;
        add(memory, MISSING, -1);
        add(memory, LATE, 1);
        return true;
    }

    private static DeviceMemory.Session session(DeviceMemory memory, String id) {
        for (int at = memory.sessions.size() - 1; at >= 0; at--) {
            if (memory.sessions.get(at).id.equals(id)) {
                return memory.sessions.get(at);
            }
        }
        DeviceMemory.Session begun = new DeviceMemory.Session();
        begun.id = id;
        memory.sessions.add(begun);
        memory.sessionsBegun++;
        if (memory.sessions.size() > MOST_SESSIONS) {
            memory.sessions.remove(0);
        }
        return begun;
    }
}
