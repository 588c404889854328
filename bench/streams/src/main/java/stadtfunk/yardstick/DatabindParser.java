package stadtfunk.yardstick;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.io.IOException;

/** Lets Jackson fill objects that have the fields which are used. */
final class DatabindParser implements EnvelopeParser {
    private static final ObjectReader MESSAGES = new ObjectMapper().readerFor(Message.class);

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
    record Uplink(String sessionKeyId, int fPort, int fCnt, byte[] frmPayload, String receivedAt, Version versionIds) {}

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
            fill(envelope, MESSAGES.readValue(message));
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
            envelope.networkNs = Times.ns(uplink.receivedAt);
            if (uplink.versionIds != null) {
                envelope.brand = uplink.versionIds.brandId;
                envelope.model = uplink.versionIds.modelId;
            }
        }
    }
}
