package stadtfunk.yardstick;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.io.IOException;
import java.util.List;

/** Lets Jackson fill objects that have the fields which are used. */
final class DatabindParser implements EnvelopeParser {
    private static final ObjectReader WITH_RADIO = new ObjectMapper().readerFor(Message.class);
    private static final ObjectReader WITHOUT_RADIO = withoutRadio().readerFor(Message.class);

    private final ObjectReader messages;

    DatabindParser(boolean withRadio) {
        messages = withRadio ? WITH_RADIO : WITHOUT_RADIO;
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonNaming(SnakeCaseStrategy.class)
    record Message(Ids endDeviceIds, Uplink uplinkMessage, Join joinAccept) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonNaming(SnakeCaseStrategy.class)
    record Ids(String devEui, String deviceId, Application applicationIds) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonNaming(SnakeCaseStrategy.class)
    record Application(String applicationId) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonNaming(SnakeCaseStrategy.class)
    record Uplink(
            String sessionKeyId,
            int fPort,
            int fCnt,
            byte[] frmPayload,
            String receivedAt,
            Version versionIds,
            List<Heard> rxMetadata,
            Settings settings,
            String consumedAirtime) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonNaming(SnakeCaseStrategy.class)
    record Heard(GatewayIds gatewayIds, double rssi, double snr) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonNaming(SnakeCaseStrategy.class)
    record GatewayIds(String gatewayId) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonNaming(SnakeCaseStrategy.class)
    record Settings(DataRate dataRate, long frequency) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonNaming(SnakeCaseStrategy.class)
    record DataRate(Lora lora) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonNaming(SnakeCaseStrategy.class)
    record Lora(int bandwidth, int spreadingFactor) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonNaming(SnakeCaseStrategy.class)
    record Version(String brandId, String modelId) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonNaming(SnakeCaseStrategy.class)
    record Join(String sessionKeyId, String receivedAt) {}

    @Override
    public Envelope parse(byte[] message) throws Unusable {
        Envelope envelope = new Envelope();
        try {
            fill(envelope, messages.readValue(message));
        } catch (IOException | RuntimeException broken) {
            throw new Unusable("envelope_unreadable");
        }
        envelope.check();
        return envelope;
    }

    private static void fill(Envelope envelope, Message message) throws Unusable {
        envelope.devEui = message.endDeviceIds.devEui == null ? "" : message.endDeviceIds.devEui;
        envelope.deviceId = message.endDeviceIds.deviceId;
        envelope.applicationId = message.endDeviceIds.applicationIds.applicationId;
        if (message.joinAccept != null) {
            envelope.isJoin = true;
            envelope.session = message.joinAccept.sessionKeyId;
            envelope.networkNs = Times.ns(message.joinAccept.receivedAt);
        }
        if (message.uplinkMessage != null) {
            Uplink uplink = message.uplinkMessage;
            envelope.isUplink = true;
            envelope.session = uplink.sessionKeyId;
            envelope.fPort = uplink.fPort;
            envelope.fCnt = uplink.fCnt;
            envelope.payload = uplink.frmPayload == null ? Envelope.NO_PAYLOAD : uplink.frmPayload;
            envelope.time = uplink.receivedAt;
            envelope.networkNs = Times.ns(uplink.receivedAt);
            if (uplink.versionIds != null) {
                envelope.brand = uplink.versionIds.brandId;
                envelope.model = uplink.versionIds.modelId;
            }
            radio(envelope, uplink);
        }
    }

    private static void radio(Envelope envelope, Uplink uplink) throws Unusable {
        if (uplink.consumedAirtime != null) {
            envelope.airtimeNs = Times.durationNs(uplink.consumedAirtime);
        }
        if (uplink.settings != null) {
            envelope.frequencyHz = uplink.settings.frequency;
            envelope.bandwidth = uplink.settings.dataRate.lora.bandwidth;
            envelope.spreadingFactor = uplink.settings.dataRate.lora.spreadingFactor;
        }
        if (uplink.rxMetadata != null) {
            for (Heard heard : uplink.rxMetadata) {
                envelope.receptions.add(new Envelope.Reception(heard.gatewayIds.gatewayId, heard.rssi, heard.snr));
            }
        }
    }

    /** Returns a mapper that skips what only radio metadata needs. */
    private static ObjectMapper withoutRadio() {
        ObjectMapper mapper = new ObjectMapper();
        mapper.configOverride(Uplink.class)
                .setIgnorals(JsonIgnoreProperties.Value.forIgnoredProperties("rx_metadata", "settings", "consumed_airtime")
                        .withIgnoreUnknown());
        return mapper;
    }
}
