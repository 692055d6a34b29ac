package io.efsnas.training;

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
import java.util.zip.CRC32C;

/**
 * The safetensors format, which any language reads: the length of a JSON header (8 bytes, little endian), the header
 * (name, type, shape and place of each tensor, and text metadata), then the tensors' values. Here all tensors are
 * float32, and the metadata has a checksum of all values.
 */
final class Safetensors {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String METADATA = "__metadata__";
    private static final String CHECKSUM = "crc32c";
    private static final int MAX_HEADER = 100 << 20;

    /** What a file holds. */
    record Content(Map<String, String> metadata, Map<String, Tensor> tensors) {}

    private Safetensors() {}

    static void write(Content content, OutputStream out) throws IOException {
        ByteBuffer values = ByteBuffer.allocate(Math.toIntExact(content.tensors().values().stream()
                        .mapToLong(tensor -> (long) tensor.values().length * Float.BYTES)
                        .sum()))
                .order(ByteOrder.LITTLE_ENDIAN);
        ObjectNode header = JSON.createObjectNode();
        ObjectNode metadata = header.putObject(METADATA);
        content.tensors().forEach((name, tensor) -> {
            ObjectNode entry = header.putObject(name).put("dtype", "F32");
            tensor.shape().forEach(entry.putArray("shape")::add);
            int begin = values.position();
            values.asFloatBuffer().put(tensor.values());
            values.position(begin + tensor.values().length * Float.BYTES);
            entry.putArray("data_offsets").add(begin).add(values.position());
        });
        content.metadata().forEach(metadata::put);
        metadata.put(CHECKSUM, checksum(values.array(), 0));
        // The values begin at a multiple of 8 bytes, as the format asks; blanks after the header fill up to it.
        String text = header.toString();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int padding = -bytes.length & 7;
        ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        out.write(length.putLong(0, bytes.length + (long) padding).array());
        out.write(bytes);
        out.write(" ".repeat(padding).getBytes(StandardCharsets.UTF_8));
        out.write(values.array());
    }

    /**
     * Reads a whole file.
     *
     * @throws IOException saying what is wrong if the bytes are not a complete file with the checksum it names
     */
    static Content read(byte[] file) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        long headerLength = file.length < Long.BYTES ? -1 : buffer.getLong();
        if (headerLength < 2 || headerLength > Math.min(MAX_HEADER, buffer.remaining())) {
            throw new IOException("it is truncated or no safetensors file");
        }
        JsonNode header = JSON.readTree(new String(file, Long.BYTES, (int) headerLength, StandardCharsets.UTF_8));
        int begin = Long.BYTES + (int) headerLength;
        Map<String, String> metadata = new LinkedHashMap<>();
        header.path(METADATA)
                .fields()
                .forEachRemaining(e -> metadata.put(e.getKey(), e.getValue().asText()));
        if (!checksum(file, begin).equals(metadata.remove(CHECKSUM))) {
            throw new IOException("its values do not have the checksum that its header names");
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (String name : (Iterable<String>) header::fieldNames) {
            if (!name.equals(METADATA)) {
                tensors.put(
                        name,
                        tensor(header.get(name), buffer.position(begin).slice().order(buffer.order())));
            }
        }
        return new Content(metadata, tensors);
    }

    private static Tensor tensor(JsonNode entry, ByteBuffer values) throws IOException {
        List<Integer> shape = new ArrayList<>();
        entry.path("shape").forEach(side -> shape.add(side.asInt()));
        int from = entry.path("data_offsets").path(0).asInt(-1);
        int to = entry.path("data_offsets").path(1).asInt(-1);
        if (!entry.path("dtype").asText().equals("F32") || from < 0 || to < from || to > values.limit()) {
            throw new IOException("its header describes a tensor that is not there: " + entry);
        }
        float[] floats = new float[(to - from) / Float.BYTES];
        values.position(from).slice().order(values.order()).asFloatBuffer().get(floats);
        return new Tensor(shape, floats);
    }

    private static String checksum(byte[] bytes, int from) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, bytes.length - from);
        return Long.toHexString(crc.getValue());
    }
}
