package stadtfunk.yardstick;

import java.util.List;

/** Readings that were true at one instant. */
record Snapshot(long eventNs, String origin, int uncertaintyMs, List<Reading> readings) {
    private static final long MAX_AGE_NS = 400L * 86_400 * 1_000_000_000;
    private static final long MAX_AHEAD_NS = 300L * 1_000_000_000;

    /** Dates readings by the device's clock where it can be believed, else by the network's. */
    static Snapshot at(Long deviceNs, long networkNs, List<Reading> readings) {
        boolean believed = deviceNs != null && deviceNs >= networkNs - MAX_AGE_NS && deviceNs <= networkNs + MAX_AHEAD_NS;
        return believed ? new Snapshot(deviceNs, "device", 1_000, readings) : new Snapshot(networkNs, "network", 2_000, readings);
    }

    /** Dates readings that were taken some time before the network heard them. */
    static Snapshot before(long networkNs, long ageNs, int uncertaintyMs, List<Reading> readings) {
        return new Snapshot(networkNs - ageNs, "derived", 2_000 + uncertaintyMs, readings);
    }
}
