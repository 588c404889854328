package stadtfunk.yardstick;

import java.util.ArrayList;
import java.util.List;

/** Bosch TPS110, a parking sensor ("Parking Lot Sensor, Communication Interface"). */
final class Tps110 implements Decoder {
    private static final int STATUS = 1;
    private static final int HEARTBEAT = 2;
    private static final int STARTUP = 3;
    private static final int BEFORE_CAUSE = 15;
    private static final String[] CAUSES = {"watchdog", "power_on", "system_request", "other", "lockup", "brownout", "other"};

    @Override
    public List<Snapshot> decode(Envelope envelope, DeviceMemory memory) throws Unusable {
        Octets octets = new Octets(envelope.payload);
        List<Reading> readings = new ArrayList<>(2);
        switch (envelope.fPort) {
            case STATUS, HEARTBEAT -> {
                readings.add(occupied(octets));
                if (envelope.payload.length > 1) {
                    readings.add(Reading.of("device.temperature", "", (double) octets.i8()));
                }
            }
            case STARTUP -> {
                octets.skip(BEFORE_CAUSE);
                int cause = octets.u8();
                String told = cause >= 1 && cause <= CAUSES.length ? "startup:" + CAUSES[cause - 1] : "startup";
                readings.add(occupied(octets));
                readings.add(Reading.of("device.lifecycle", "", told));
            }
            default -> throw new Unusable("f_port_unknown");
        }
        octets.end();
        return List.of(Snapshot.at(null, envelope.networkNs, readings));
    }

    private static Reading occupied(Octets octets) throws Unusable {
        return Reading.of("parking.occupied", "", (octets.u8() & 1) == 1);
    }
}
