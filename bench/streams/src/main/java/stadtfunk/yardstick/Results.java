package stadtfunk.yardstick;

/** Results as JSON objects, with the names of the platform's topics; one for each thread. */
interface Results {
    byte[] observation(Snapshot snapshot, Envelope envelope, DeviceMemory memory, String source, long receivedUs);

    byte[] state(String devEui, DeviceMemory memory, String source);

    /** Returns how a frame reached the network. */
    byte[] connection(Envelope envelope, String source);

    /** Returns what became of a device's frames on its newest day. */
    byte[] lossDay(String devEui, DeviceMemory memory, String source);
}
