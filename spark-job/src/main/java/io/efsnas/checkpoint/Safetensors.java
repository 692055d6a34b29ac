package io.efsnas.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.efsnas.supernet.SupernetState.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The safetensors format, which any language reads: the length of a JSON header (8 bytes, little endian), the header
 * (name, type, shape and place of each tensor, and text metadata), then the tensors' values. Here all tensors are
 * float32, and the first metadata is a checksum of all bytes of the file but its own digits. The same content gives the
 * same bytes.
 */
public final class Safetensors {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String METADATA = "__metadata__";
    private static final String CHECKSUM = "crc32c";
    /** How the header of a file begins, up to the digits of the checksum. */
    private static final String START = "{\"" + METADATA + "\":{\"" + CHECKSUM + "\":\"";

    private static final int DIGITS_AT = Long.BYTES + START.length();
    private static final int DIGITS = 8;

    /** What a file holds. */
    public record Content(Map<String, String> metadata, Map<String, Tensor> tensors) {}

    private Safetensors() {}

    public static void write(Content content, OutputStream out) throws IOException {
        ObjectNode header = JSON.createObjectNode();
        ObjectNode metadata = header.putObject(METADATA).put(CHECKSUM, "0".repeat(DIGITS));
        new TreeMap<>(content.metadata()).forEach(metadata::put);
        long size = 0;
        for (Map.Entry<String, Tensor> named : content.tensors().entrySet()) {
            Tensor tensor = named.getValue();
            ObjectNode entry = header.putObject(named.getKey()).put("dtype", "F32");
            tensor.shape().forEach(entry.putArray("shape")::add);
            long begin = size;
            size += (long) tensor.values().length * Float.BYTES;
            entry.putArray("data_offsets").add(begin).add(size);
        }
        // The values begin at a multiple of 8 bytes, as the format asks; blanks after the header fill up to it.
        byte[] text = JSON.writeValueAsBytes(header);
        byte[] padding = " ".repeat(-text.length & 7).getBytes(StandardCharsets.US_ASCII);
        int headerLength = text.length + padding.length;
        ByteBuffer file = ByteBuffer.allocate(Math.toIntExact(Long.BYTES + headerLength + size))
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(headerLength)
                .put(text)
                .put(padding);
        for (Tensor tensor : content.tensors().values()) {
            file.asFloatBuffer().put(tensor.values());
            file.position(file.position() + tensor.values().length * Float.BYTES);
        }
        file.position(DIGITS_AT).put(checksum(file.array()).getBytes(StandardCharsets.US_ASCII));
        out.write(file.array());
    }

    /**
     * Reads a whole file.
     *
     * @throws IOException saying what is wrong if the bytes are not a complete file with the checksum it names
     */
    public static Content read(byte[] file) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        if (file.length < DIGITS_AT + DIGITS
                || !ascii(file, Long.BYTES, START.length()).equals(START)) {
            throw new IOException("it is truncated or no safetensors file with a checksum");
        }
        if (!checksum(file).equals(ascii(file, DIGITS_AT, DIGITS))) {
            throw new IOException("its bytes do not have the checksum that its header names");
        }
        long headerLength = buffer.getLong();
        if (headerLength < 0 || headerLength > buffer.remaining()) {
            throw new IOException("its header is said to have " + headerLength + " bytes");
        }
        JsonNode header = JSON.readTree(file, Long.BYTES, (int) headerLength);
        ByteBuffer values = buffer.position(Long.BYTES + (int) headerLength).slice();
        Map<String, String> metadata = new LinkedHashMap<>();
        header.path(METADATA)
                .fields()
                .forEachRemaining(e -> metadata.put(e.getKey(), e.getValue().asText()));
        metadata.remove(CHECKSUM);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (String name : (Iterable<String>) header::fieldNames) {
            if (!name.equals(METADATA)) {
                tensors.put(name, tensor(header.get(name), values));
            }
        }
        return new Content(metadata, tensors);
    }

    private static Tensor tensor(JsonNode entry, ByteBuffer values) throws IOException {
        List<Integer> shape = new ArrayList<>();
        entry.path("shape").forEach(side -> shape.add(side.asInt(-1)));
        int from = entry.path("data_offsets").path(0).asInt(-1);
        int to = entry.path("data_offsets").path(1).asInt(-1);
        boolean whole = from >= 0 && to >= from && to <= values.limit() && (to - from) % Float.BYTES == 0;
        if (!whole || !entry.path("dtype").asText().equals("F32")) {
            throw new IOException("its header describes a tensor that is not there: " + entry);
        }
        float[] floats = new float[(to - from) / Float.BYTES];
        values.slice(from, to - from)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(floats);
        if (shape.stream().anyMatch(side -> side < 0)) {
            throw new IOException("its header describes a tensor of an impossible shape: " + entry);
        }
        try {
            return new Tensor(shape, floats);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IOException("its header describes a tensor of another shape than its values: " + entry, e);
        }
    }

    private static String ascii(byte[] bytes, int from, int length) {
        return new String(bytes, from, length, StandardCharsets.US_ASCII);
    }

    /** That of all bytes but its own digits. */
    private static String checksum(byte[] file) {
        CRC32C crc = new CRC32C();
        crc.update(file, 0, DIGITS_AT);
        crc.update(file, DIGITS_AT + DIGITS, file.length - DIGITS_AT - DIGITS);
        return "%08x".formatted(crc.getValue());
    }
}
