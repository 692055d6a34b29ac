package io.efsnas.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.efsnas.checkpoint.Safetensors.Content;
import io.efsnas.supernet.SupernetState.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {

    private static final Content SMALL = new Content(
            Map.of("format", "test", "step", "12"),
            tensors(
                    "stem.weight", new Tensor(List.of(2, 3), new float[] {1, -2.5f, 0, 1e-30f, Float.MAX_VALUE, 7}),
                    "bias", new Tensor(List.of(1), new float[] {-0.0f})));

    private static Map<String, Tensor> tensors(String first, Tensor one, String second, Tensor other) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put(first, one);
        tensors.put(second, other);
        return tensors;
    }

    private static byte[] written(Content content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Safetensors.write(content, out);
        return out.toByteArray();
    }

    private static void assertSame(Content actual, Content expected) {
        assertThat(actual.metadata()).isEqualTo(expected.metadata());
        assertThat(actual.tensors().keySet())
                .containsExactlyElementsOf(expected.tensors().keySet());
        expected.tensors().forEach((name, tensor) -> {
            assertThat(actual.tensors().get(name).shape()).as(name).isEqualTo(tensor.shape());
            assertThat(bits(actual.tensors().get(name).values())).as(name).isEqualTo(bits(tensor.values()));
        });
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
        return bits;
    }

    @Provide
    Arbitrary<Content> contents() {
        Arbitrary<Tensor> tensors = Arbitraries.integers()
                .between(0, 4)
                .list()
                .ofMaxSize(3)
                .flatMap(shape -> Arbitraries.integers()
                        .array(int[].class)
                        .ofSize(shape.stream().reduce(1, Math::multiplyExact))
                        .map(bits -> {
                            float[] values = new float[bits.length];
                            for (int i = 0; i < bits.length; i++) {
                                values[i] = Float.intBitsToFloat(bits[i]);
                            }
                            return new Tensor(shape, values);
                        }));
        Arbitrary<String> names = Arbitraries.strings().ofMinLength(0).ofMaxLength(8);
        return Arbitraries.maps(names, Arbitraries.strings().ofMaxLength(8))
                .ofMaxSize(3)
                .flatMap(metadata -> Arbitraries.maps(names, tensors)
                        .ofMaxSize(4)
                        .map(map -> new Content(metadata, new LinkedHashMap<>(map))));
    }

    @Property(tries = 200)
    void readsBackWhatItWrites(@ForAll("contents") Content content) throws IOException {
        assertSame(Safetensors.read(written(content)), content);
    }

    /** As the format's description has it, read with nothing of the class under test. */
    @Property(tries = 200)
    void othersCanReadIt(@ForAll("contents") Content content) throws IOException {
        byte[] file = written(content);
        long headerLength = 0;
        for (int i = 7; i >= 0; i--) {
            headerLength = headerLength << 8 | Byte.toUnsignedInt(file[i]);
        }
        int begin = 8 + (int) headerLength;
        assertThat(begin % 8).isZero();
        assertThat(file[8]).isEqualTo((byte) '{');
        JsonNode header = new ObjectMapper().readTree(new String(file, 8, (int) headerLength, StandardCharsets.UTF_8));
        assertThat(header.size()).isEqualTo(1 + content.tensors().size());
        content.metadata().forEach((key, value) -> assertThat(
                        header.get("__metadata__").get(key).textValue())
                .isEqualTo(value));

        int next = 0;
        for (Map.Entry<String, Tensor> named : content.tensors().entrySet()) {
            JsonNode entry = header.get(named.getKey());
            assertThat(entry.get("dtype").textValue()).isEqualTo("F32");
            assertThat(entry.get("shape"))
                    .extracting(JsonNode::intValue)
                    .isEqualTo(named.getValue().shape());
            assertThat(entry.get("data_offsets").get(0).intValue())
                    .as("no holes")
                    .isEqualTo(next);
            for (float value : named.getValue().values()) {
                int bits = 0;
                for (int i = 3; i >= 0; i--) {
                    bits = bits << 8 | Byte.toUnsignedInt(file[begin + next + i]);
                }
                assertThat(bits).isEqualTo(Float.floatToRawIntBits(value));
                next += 4;
            }
            assertThat(entry.get("data_offsets").get(1).intValue()).isEqualTo(next);
        }
        assertThat(file).hasSize(begin + next);
    }

    @Test
    void theSameContentGivesTheSameBytes() throws IOException {
        Map<String, String> reordered = new LinkedHashMap<>();
        reordered.put("step", "12");
        reordered.put("format", "test");
        assertThat(written(new Content(reordered, SMALL.tensors()))).isEqualTo(written(SMALL));
    }

    @Test
    void aTruncatedFileIsRefused() throws IOException {
        byte[] file = written(SMALL);
        for (int length = 0; length < file.length; length++) {
            byte[] truncated = Arrays.copyOf(file, length);
            assertThatExceptionOfType(IOException.class)
                    .as("%d bytes", length)
                    .isThrownBy(() -> Safetensors.read(truncated));
        }
    }

    @Test
    void aFileWithMoreBehindItIsRefused() throws IOException {
        byte[] file = written(SMALL);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Safetensors.read(Arrays.copyOf(file, file.length + 4)));
    }

    @Test
    void aFileWithAnyOtherByteIsRefused() throws IOException {
        byte[] file = written(SMALL);
        for (int at = 0; at < file.length; at++) {
            byte[] damaged = file.clone();
            for (int flipped = 1; flipped < 256; flipped++) {
                damaged[at] = (byte) (file[at] ^ flipped);
                assertThatExceptionOfType(IOException.class)
                        .as("byte %d is %d", at, damaged[at])
                        .isThrownBy(() -> Safetensors.read(damaged));
            }
        }
    }

    /** Headers that a program could write with a checksum that is right. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'dtype':'F32','shape':[3],'data_offsets':[0,8]}",
                "{'dtype':'F32','shape':[-1,-2],'data_offsets':[0,8]}",
                "{'dtype':'F32','shape':[2147483647,2147483647,2147483647],'data_offsets':[0,8]}",
                "{'dtype':'F32','shape':['two'],'data_offsets':[0,8]}",
                "{'dtype':'F32','shape':[2],'data_offsets':[4,12]}",
                "{'dtype':'F32','shape':[2],'data_offsets':[8,0]}",
                "{'dtype':'F32','shape':[2],'data_offsets':[-8,0]}",
                "{'dtype':'F32','shape':[1],'data_offsets':[0,6]}",
                "{'dtype':'F32','shape':[2],'data_offsets':[0]}",
                "{'dtype':'F32','shape':[2]}",
                "{'dtype':'F16','shape':[4],'data_offsets':[0,8]}",
                "{'shape':[2],'data_offsets':[0,8]}",
                "{}",
                "[]",
                "null",
                "7",
                "{'dtype'",
                ""
            })
    void aTensorThatCannotBeIsRefused(String entry) {
        byte[] file = handWritten("{'__metadata__':{'crc32c':'00000000'},'w':" + entry + "}", 0);
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> Safetensors.read(file));
    }

    @ParameterizedTest
    @ValueSource(longs = {-100, -8, 9, 1 << 20, Long.MIN_VALUE, Long.MAX_VALUE - 80})
    void aHeaderLongerThanTheFileIsRefused(long longer) {
        byte[] file = handWritten("{'__metadata__':{'crc32c':'00000000'}}", longer);
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> Safetensors.read(file));
    }

    @Test
    void handWrittenFilesCanBeRead() throws IOException {
        Content content = Safetensors.read(handWritten(
                "{'__metadata__':{'crc32c':'00000000','a':'b'},'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}",
                0));
        assertSame(content, new Content(Map.of("a", "b"), Map.of("w", new Tensor(List.of(2), new float[2]))));
    }

    /** A file of a header and the values 0 and 0, with a right checksum. */
    private static byte[] handWritten(String header, long longer) {
        byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        byte[] file = ByteBuffer.allocate(8 + json.length + 8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length + longer)
                .put(json)
                .array();
        int digits = 8 + "{'__metadata__':{'crc32c':'".length();
        CRC32C crc = new CRC32C();
        crc.update(file, 0, digits);
        crc.update(file, digits + 8, file.length - digits - 8);
        byte[] sum = String.format("%08x", crc.getValue()).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(sum, 0, file, digits, 8);
        return file;
    }
}
