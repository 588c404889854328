package stadtfunk.yardstick;

import java.util.List;
import java.util.Map;

/** What the payloads of a device type mean. */
interface Decoder {
    /** Device type by brand and model, as the network server names them. */
    Map<String, String> TYPES =
            Map.of("imst/ioke868", "imst_ioke868", "nas/um3081", "nas_um30xx", "bosch/tps110", "bosch_tps110");

    Map<String, Decoder> BY_TYPE =
            Map.of("imst_ioke868", new Ioke868(), "nas_um30xx", new Um30xx(), "bosch_tps110", new Tps110());

    /**
     * Returns what a payload says, with the parts of it that came before.
     *
     * @throws Unusable if port or octets are not the device's
     */
    List<Snapshot> decode(Envelope envelope, DeviceMemory memory) throws Unusable;
}
