package stadtfunk.yardstick;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Comparator;

/** Payloads in pieces, which are of the same payload if one follows the other within five minutes. */
final class Pieces {
    private static final int LAST = 0x80;
    private static final int NUMBER = 0x7F;
    private static final long STEP_NS = 300L * 1_000_000_000;
    private static final long PATIENCE_NS = 3_600L * 1_000_000_000;

    private Pieces() {}

    /** A payload up to its first missing piece, and when its first piece was heard. */
    record Whole(byte[] data, long networkNs) {}

    static void remember(DeviceMemory memory, Envelope envelope) {
        DeviceMemory.Piece piece = new DeviceMemory.Piece();
        piece.index = envelope.payload[0] & NUMBER;
        piece.isLast = (envelope.payload[0] & LAST) != 0;
        piece.networkNs = envelope.networkNs;
        piece.data = Arrays.copyOfRange(envelope.payload, 1, envelope.payload.length);
        memory.pieces.add(piece);
        memory.pieces.sort(Comparator.comparingLong((DeviceMemory.Piece each) -> each.networkNs));
    }

    static void forget(DeviceMemory memory, long nowNs) {
        memory.pieces.removeIf(piece -> nowNs - piece.networkNs > PATIENCE_NS);
    }

    static byte[] beginning(DeviceMemory memory, long networkNs) {
        return of(memory, networkNs).data();
    }

    /** Returns the payload to which a piece heard at some moment belongs. */
    static Whole of(DeviceMemory memory, long networkNs) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        long firstNs = networkNs;
        int next = 0;
        for (DeviceMemory.Piece piece : memory.pieces) {
            if (Math.abs(piece.networkNs - networkNs) > STEP_NS) {
                continue;
            }
            if (piece.index == 0) {
                data.reset();
                firstNs = piece.networkNs;
                next = 0;
            }
            if (piece.index == next && piece.networkNs - firstNs <= (long) next * STEP_NS) {
                data.writeBytes(piece.data);
                next++;
            }
        }
        return new Whole(data.toByteArray(), firstNs);
    }
}
