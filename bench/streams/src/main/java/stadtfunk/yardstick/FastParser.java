package stadtfunk.yardstick;

import com.dslplatform.json.DslJson;
import com.dslplatform.json.JsonReader;
import com.dslplatform.json.NumberConverter;
import java.io.IOException;
import java.util.Base64;

/**
 * Walks through the bytes by dsl-json's reader, field by field. Names are compared by their hash and not built, and what
 * is not used is skipped. Every method begins at the first byte of a value and returns the token behind it.
 */
final class FastParser implements EnvelopeParser {
    private static final int END_DEVICE_IDS = hash("end_device_ids");
    private static final int UPLINK_MESSAGE = hash("uplink_message");
    private static final int JOIN_ACCEPT = hash("join_accept");
    private static final int DEV_EUI = hash("dev_eui");
    private static final int DEVICE_ID = hash("device_id");
    private static final int APPLICATION_IDS = hash("application_ids");
    private static final int APPLICATION_ID = hash("application_id");
    private static final int SESSION_KEY_ID = hash("session_key_id");
    private static final int F_PORT = hash("f_port");
    private static final int F_CNT = hash("f_cnt");
    private static final int FRM_PAYLOAD = hash("frm_payload");
    private static final int RECEIVED_AT = hash("received_at");
    private static final int VERSION_IDS = hash("version_ids");
    private static final int BRAND_ID = hash("brand_id");
    private static final int MODEL_ID = hash("model_id");
    private static final int RX_METADATA = hash("rx_metadata");
    private static final int GATEWAY_IDS = hash("gateway_ids");
    private static final int GATEWAY_ID = hash("gateway_id");
    private static final int RSSI = hash("rssi");
    private static final int SNR = hash("snr");
    private static final int SETTINGS = hash("settings");
    private static final int FREQUENCY = hash("frequency");
    private static final int DATA_RATE = hash("data_rate");
    private static final int LORA = hash("lora");
    private static final int BANDWIDTH = hash("bandwidth");
    private static final int SPREADING_FACTOR = hash("spreading_factor");
    private static final int CONSUMED_AIRTIME = hash("consumed_airtime");

    private final JsonReader<Object> reader = new DslJson<Object>().newReader();
    private final Base64.Decoder base64 = Base64.getDecoder();
    private final boolean withRadio;
    private Envelope envelope = new Envelope();
    private String gateway = "";
    private double rssi;
    private double snr;

    private final Field top = this::top;
    private final Field ids = this::ids;
    private final Field application = this::application;
    private final Field uplink = this::uplink;
    private final Field join = this::join;
    private final Field version = this::version;
    private final Field settings = this::settings;
    private final Field dataRate = this::dataRate;
    private final Field lora = this::lora;
    private final Field heard = this::heard;
    private final Field gatewayIds = this::gatewayIds;

    FastParser(boolean withRadio) {
        this.withRadio = withRadio;
    }

    /** Reads the value of the field whose name has this hash. */
    private interface Field {
        byte read(int name) throws IOException, Unusable;
    }

    @Override
    public Envelope parse(byte[] message) throws Unusable {
        envelope = new Envelope();
        try {
            reader.process(message, message.length);
            reader.getNextToken();
            fields(top);
        } catch (IOException | RuntimeException broken) {
            throw new Unusable("envelope_unreadable");
        }
        envelope.check();
        return envelope;
    }

    private byte object(Field field) throws IOException, Unusable {
        fields(field);
        return reader.getNextToken();
    }

    /** Reads an object, up to its closing brace. */
    private void fields(Field field) throws IOException, Unusable {
        require(reader.last() == '{');
        byte token = reader.getNextToken();
        while (token != '}') {
            int name = reader.fillName();
            reader.getNextToken();
            token = field.read(name);
            require(token == ',' || token == '}');
            if (token == ',') {
                token = reader.getNextToken();
                require(token == '"');
            }
        }
    }

    private byte top(int name) throws IOException, Unusable {
        if (name == END_DEVICE_IDS) {
            return object(ids);
        }
        if (name == UPLINK_MESSAGE) {
            envelope.isUplink = true;
            return object(uplink);
        }
        if (name == JOIN_ACCEPT) {
            envelope.isJoin = true;
            return object(join);
        }
        return reader.skip();
    }

    private byte ids(int name) throws IOException, Unusable {
        if (name == DEV_EUI) {
            envelope.devEui = reader.readSimpleString();
        } else if (name == DEVICE_ID) {
            envelope.deviceId = reader.readSimpleString();
        } else if (name == APPLICATION_IDS) {
            return object(application);
        } else {
            return reader.skip();
        }
        return reader.getNextToken();
    }

    private byte application(int name) throws IOException {
        if (name != APPLICATION_ID) {
            return reader.skip();
        }
        envelope.applicationId = reader.readSimpleString();
        return reader.getNextToken();
    }

    private byte uplink(int name) throws IOException, Unusable {
        if (name == F_CNT) {
            envelope.fCnt = NumberConverter.deserializeInt(reader);
        } else if (name == F_PORT) {
            envelope.fPort = NumberConverter.deserializeInt(reader);
        } else if (name == FRM_PAYLOAD) {
            envelope.payload = base64.decode(reader.readString());
        } else if (name == RECEIVED_AT) {
            envelope.time = reader.readSimpleString();
            envelope.networkNs = Times.ns(envelope.time);
        } else if (name == SESSION_KEY_ID) {
            envelope.session = reader.readSimpleString();
        } else if (name == VERSION_IDS) {
            return object(version);
        } else if (withRadio && name == CONSUMED_AIRTIME) {
            envelope.airtimeNs = Times.durationNs(reader.readSimpleString());
        } else if (withRadio && name == RX_METADATA) {
            return receptions();
        } else if (withRadio && name == SETTINGS) {
            return object(settings);
        } else {
            return reader.skip();
        }
        return reader.getNextToken();
    }

    private byte join(int name) throws IOException, Unusable {
        if (name == SESSION_KEY_ID) {
            envelope.session = reader.readSimpleString();
        } else if (name == RECEIVED_AT) {
            envelope.networkNs = Times.ns(reader.readSimpleString());
        } else {
            return reader.skip();
        }
        return reader.getNextToken();
    }

    private byte version(int name) throws IOException {
        if (name == BRAND_ID) {
            envelope.brand = reader.readSimpleString();
        } else if (name == MODEL_ID) {
            envelope.model = reader.readSimpleString();
        } else {
            return reader.skip();
        }
        return reader.getNextToken();
    }

    private byte settings(int name) throws IOException, Unusable {
        if (name == DATA_RATE) {
            return object(dataRate);
        }
        if (name != FREQUENCY) {
            return reader.skip();
        }
        envelope.frequencyHz = Long.parseLong(reader.readSimpleString());
        return reader.getNextToken();
    }

    private byte dataRate(int name) throws IOException, Unusable {
        return name == LORA ? object(lora) : reader.skip();
    }

    private byte lora(int name) throws IOException {
        if (name == BANDWIDTH) {
            envelope.bandwidth = NumberConverter.deserializeInt(reader);
        } else if (name == SPREADING_FACTOR) {
            envelope.spreadingFactor = NumberConverter.deserializeInt(reader);
        } else {
            return reader.skip();
        }
        return reader.getNextToken();
    }

    private byte receptions() throws IOException, Unusable {
        require(reader.last() == '[');
        byte token = reader.getNextToken();
        while (token != ']') {
            gateway = "";
            rssi = snr = 0;
            token = object(heard);
            envelope.receptions.add(new Envelope.Reception(gateway, rssi, snr));
            require(token == ',' || token == ']');
            if (token == ',') {
                token = reader.getNextToken();
            }
        }
        return reader.getNextToken();
    }

    private byte heard(int name) throws IOException, Unusable {
        if (name == GATEWAY_IDS) {
            return object(gatewayIds);
        }
        if (name == RSSI) {
            rssi = NumberConverter.deserializeDouble(reader);
        } else if (name == SNR) {
            snr = NumberConverter.deserializeDouble(reader);
        } else {
            return reader.skip();
        }
        return reader.getNextToken();
    }

    private byte gatewayIds(int name) throws IOException {
        if (name != GATEWAY_ID) {
            return reader.skip();
        }
        gateway = reader.readSimpleString();
        return reader.getNextToken();
    }

    private static void require(boolean holds) throws Unusable {
        if (!holds) {
            throw new Unusable("envelope_unreadable");
        }
    }

    /** FNV-1a with 32 bits (RFC 9923), as dsl-json has it. */
    private static int hash(String name) {
        int hash = 0x811c9dc5;
        for (int at = 0; at < name.length(); at++) {
            hash = (hash ^ name.charAt(at)) * 0x1000193;
        }
        return hash;
    }
}
