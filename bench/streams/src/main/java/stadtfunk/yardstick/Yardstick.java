package stadtfunk.yardstick;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.KafkaStreams;

/**
 * The platform's process stage as a Kafka Streams application, to measure it beside.
 *
 * <p>Arguments: the variant, a file of Kafka Streams settings, and NAME=TOPIC for each topic. Writes the number of
 * messages it has done to its output, a line each time, until its input ends; then it closes in order.
 */
public final class Yardstick {
    private static final long LOOK_MS = 20;

    private Yardstick() {}

    /** Runs until the input ends. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Properties settings = new Properties();
        try (var file = Files.newBufferedReader(Path.of(arguments[1]), StandardCharsets.UTF_8)) {
            settings.load(file);
        }
        Map<String, String> topics = new HashMap<>();
        for (int at = 2; at < arguments.length; at++) {
            String[] parts = arguments[at].split("=", 2);
            topics.put(parts[0], parts[1]);
        }
        try (KafkaStreams streams = new KafkaStreams(Topology.of(Variant.named(arguments[0]), topics), settings)) {
            streams.setUncaughtExceptionHandler(failed -> {
                failed.printStackTrace();
                Runtime.getRuntime().halt(1);
                return null;
            });
            streams.start();
            long told = -1;
            while (System.in.available() == 0) {
                long done = DeviceProcessor.DONE.sum();
                if (done != told) {
                    System.out.println(done);
                    told = done;
                }
                Thread.sleep(LOOK_MS);
            }
        }
    }
}
