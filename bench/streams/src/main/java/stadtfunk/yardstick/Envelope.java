package stadtfunk.yardstick;

import java.util.ArrayList;
import java.util.List;

/** What is used of a message of The Things Stack v3 (its documentation, "Data Formats"). */
final class Envelope {
    static final byte[] NO_PAYLOAD = {};

    /** How one gateway heard a frame. */
    record Reception(String gatewayId, double rssi, double snr) {}

    String devEui = "";
    String deviceId = "";
    String applicationId = "";
    boolean isUplink;
    boolean isJoin;
    String session = "";
    int fPort;
    int fCnt;
    byte[] payload = NO_PAYLOAD;
    /** When the network received it, as it says. */
    String time = "";
    long networkNs;
    String brand = "";
    String model = "";
    int spreadingFactor;
    int bandwidth;
    long frequencyHz;
    long airtimeNs;
    List<Reception> receptions = new ArrayList<>(3);

    /** MAC commands (port 0) or a bare acknowledgement. */
    boolean isEmpty() {
        return payload.length == 0 || fPort == 0;
    }

    /** Returns the gateway that heard it with the best SNR, the first of equals. */
    String bestGateway() {
        Reception best = null;
        for (Reception heard : receptions) {
            best = best == null || heard.snr() > best.snr() ? heard : best;
        }
        return best == null ? "" : best.gatewayId();
    }

    void check() throws Unusable {
        if (devEui.length() != 16) {
            throw new Unusable("dev_eui_missing");
        }
        if (!isUplink && !isJoin) {
            throw new Unusable("envelope_unreadable");
        }
    }
}
