package stadtfunk.yardstick;

/**
 * One value of one measurand.
 *
 * @param value of a register: a Long, to be multiplied by 10^exponent; else Double, Boolean or String
 */
record Reading(String measurand, String channel, Object value, int exponent) {
    static Reading of(String measurand, String channel, Object value) {
        return new Reading(measurand, channel, value, 0);
    }
}
