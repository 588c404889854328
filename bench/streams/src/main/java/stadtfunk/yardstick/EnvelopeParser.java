package stadtfunk.yardstick;

/** Reads messages; one for each thread. */
interface EnvelopeParser {
    /**
     * Reads a whole message.
     *
     * @throws Unusable if anything in it is broken, used or not
     */
    Envelope parse(byte[] message) throws Unusable;
}
