package stadtfunk.yardstick;

/** A message or payload that cannot be read; it goes to the dead letters. */
final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String reason) {
        super(reason, null, false, false); // no stack trace: it is data
    }
}
