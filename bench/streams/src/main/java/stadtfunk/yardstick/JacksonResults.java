package stadtfunk.yardstick;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;

/** Lets Jackson write objects that are made for it. */
final class JacksonResults implements Results {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .defaultPropertyInclusion(JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build();

    record Observation(
            String devEui,
            long eventNs,
            long writtenUs,
            List<Value> readings,
            String timeOrigin,
            int uncertaintyMs,
            String deviceType,
            String decoder,
            String source,
            int fCnt) {}

    record Value(String measurand, String channel, Long eventNs, Object value, Integer exponent) {}

    record State(
            String devEui,
            long writtenUs,
            String deviceType,
            String applicationId,
            String deviceId,
            long lastSeenNs,
            List<Summary> frames,
            List<Value> latest) {}

    record Summary(
            String source,
            int received,
            int missing,
            int duplicate,
            int redelivered,
            int late,
            int empty,
            int undecodable,
            int breaks,
            int sessions,
            int lastFCnt) {}

    record Connection(
            String devEui,
            String deviceId,
            String time,
            String gatewayId,
            List<Heard> receptions,
            String source,
            int fCnt,
            String dataRate,
            long frequencyHz,
            long airtimeNs,
            boolean airtimeComputed) {}

    record Heard(String gatewayId, double rssiDbm, double snrDb) {}

    /** Counts that are 0 are left out, as ours does. */
    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    record LossDay(
            String devEui,
            long day,
            String source,
            long writtenUs,
            int received,
            int radio,
            int empty,
            int undecodable,
            int late,
            int duplicate) {}

    @Override
    public byte[] observation(Snapshot snapshot, Envelope envelope, DeviceMemory memory, String source, long receivedUs) {
        List<Value> readings = snapshot.readings().stream()
                .map(each -> new Value(each.measurand(), each.channel(), null, each.value(), given(each.exponent())))
                .toList();
        return bytes(new Observation(
                envelope.devEui,
                snapshot.eventNs(),
                receivedUs,
                readings,
                snapshot.origin(),
                snapshot.uncertaintyMs(),
                memory.deviceType,
                memory.deviceType + "@1",
                source,
                envelope.fCnt));
    }

    @Override
    public byte[] state(String devEui, DeviceMemory memory, String source) {
        int[] total = memory.total;
        Summary frames = new Summary(
                source,
                total[Frames.RECEIVED],
                total[Frames.MISSING],
                total[Frames.DUPLICATE],
                0,
                total[Frames.LATE],
                total[Frames.EMPTY],
                total[Frames.UNDECODABLE],
                0,
                memory.sessionsBegun,
                memory.sessions.get(memory.sessions.size() - 1).last);
        List<Value> latest = memory.latest.stream()
                .map(each -> new Value(each.measurand, each.channel, each.eventNs, each.value, given(each.exponent)))
                .toList();
        return bytes(new State(
                devEui,
                memory.writtenUs,
                memory.deviceType,
                memory.applicationId,
                memory.deviceId,
                memory.lastSeenNs,
                List.of(frames),
                latest));
    }

    @Override
    public byte[] connection(Envelope envelope, String source) {
        List<Heard> receptions = envelope.receptions.stream()
                .map(each -> new Heard(each.gatewayId(), each.rssi(), each.snr()))
                .toList();
        return bytes(new Connection(
                envelope.devEui,
                envelope.deviceId,
                envelope.time,
                envelope.bestGateway(),
                receptions,
                source,
                envelope.fCnt,
                "SF" + envelope.spreadingFactor + "BW" + envelope.bandwidth / 1_000,
                envelope.frequencyHz,
                envelope.airtimeNs,
                false));
    }

    @Override
    public byte[] lossDay(String devEui, DeviceMemory memory, String source) {
        int[] today = memory.today;
        return bytes(new LossDay(
                devEui,
                memory.day,
                source,
                memory.writtenUs,
                today[Frames.RECEIVED],
                today[Frames.MISSING],
                today[Frames.EMPTY],
                today[Frames.UNDECODABLE],
                today[Frames.LATE],
                today[Frames.DUPLICATE]));
    }

    private static Integer given(int exponent) {
        return exponent == 0 ? null : exponent;
    }

    private static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
