package io.efsnas.driver.tracking;

import io.efsnas.storage.AtomicFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.zip.CRC32C;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.tensorflow.framework.Summary;

/**
 * A file of events that TensorBoard reads: TFRecords, each of which has the length of its message, a masked checksum of the
 * length, the message and a masked checksum of it, all little-endian; a message is an {@code Event} of TensorFlow's
 * {@code event.proto}, of which the first tells the version.
 */
final class EventFile {

    private static final String VERSION = "brain.Event:2";

    /** Fields of {@code Event}, each with how its value is encoded. */
    private static final int WALL_TIME = 1 << 3 | 1;

    private static final int STEP = 2 << 3;
    private static final int FILE_VERSION = 3 << 3 | 2;
    private static final int SUMMARY = 5 << 3 | 2;

    private static final int MASK = 0xa282ead8;

    private EventFile() {}

    /**
     * Some numbers of one moment.
     *
     * @param step how many steps, or epochs, were taken by then
     * @param seconds since 1970
     * @param scalars the numbers by their names
     */
    record Point(long step, double seconds, SortedMap<String, Double> scalars) {}

    /**
     * Writes a file, in place of an earlier one.
     *
     * @throws java.io.UncheckedIOException naming the file if it cannot be written
     */
    static void write(FileSystem files, Path file, List<Point> points) {
        AtomicFile.write(files, file, out -> {
            double begin = points.isEmpty() ? 0 : points.get(0).seconds();
            writeRecord(out, event(begin, 0, FILE_VERSION, VERSION.getBytes(StandardCharsets.US_ASCII)));
            for (Point point : points) {
                writeRecord(out, event(point.seconds(), point.step(), SUMMARY, summary(point)));
            }
        });
    }

    private static byte[] summary(Point point) {
        Summary.Builder summary = Summary.newBuilder();
        point.scalars()
                .forEach((name, value) ->
                        summary.addValue(Summary.Value.newBuilder().setTag(name).setSimpleValue(value.floatValue())));
        return summary.build().toByteArray();
    }

    /** The few lines that it takes are less than the classes that would be generated for them. */
    private static byte[] event(double seconds, long step, int field, byte[] content) {
        ByteArrayOutputStream event = new ByteArrayOutputStream();
        event.write(WALL_TIME);
        event.writeBytes(littleEndian(Double.BYTES).putDouble(seconds).array());
        event.write(STEP);
        writeVarint(event, step);
        event.write(field);
        writeVarint(event, content.length);
        event.writeBytes(content);
        return event.toByteArray();
    }

    /** Seven bits in a byte, the lowest first; the highest bit says that more follow. */
    private static void writeVarint(ByteArrayOutputStream out, long value) {
        long left = value;
        for (; left > 0x7f; left >>>= 7) {
            out.write((int) (left & 0x7f | 0x80));
        }
        out.write((int) left);
    }

    private static void writeRecord(OutputStream out, byte[] message) throws IOException {
        byte[] length = littleEndian(Long.BYTES).putLong(message.length).array();
        out.write(length);
        out.write(littleEndian(Integer.BYTES).putInt(checksum(length)).array());
        out.write(message);
        out.write(littleEndian(Integer.BYTES).putInt(checksum(message)).array());
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Masked as TFRecords are, since checksums of what has checksums in it are weak. */
    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
    }
}
