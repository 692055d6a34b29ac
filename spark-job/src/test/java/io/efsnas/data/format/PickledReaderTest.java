package io.efsnas.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.efsnas.network.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of pickles that NumPy 2 has written: four images of 2x2 pixels, 0, 5, 10 and so on, with the labels 1, 120, 121, 1000. */
class PickledReaderTest {

    private static final String PROTOCOL_2 = ""
            + "gAJ9cQAoWAQAAABkYXRhcQFjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcQJjbnVtcHkKbmRhcnJheQpx"
            + "A0sAhXEEY19jb2RlY3MKZW5jb2RlCnEFWAEAAABicQZYBgAAAGxhdGluMXEHhnEIUnEJh3EKUnELKEsBSwRLDIZxDGNudW1w"
            + "eQpkdHlwZQpxDVgCAAAAdTFxDomIh3EPUnEQKEsDWAEAAAB8cRFOTk5K/////0r/////SwB0cRJiiWgFWEYAAAAABQoPFBke"
            + "IygtMjc8QUZLUFVaX2RpbnN4fcKCwofCjMKRwpbCm8KgwqXCqsKvwrTCucK+w4PDiMONw5LDl8Ocw6HDpsOrcRNoB4ZxFFJx"
            + "FXRxFmJYBgAAAGxhYmVsc3EXXXEYKEsBS3hLeU3oA2V1Lg==";
    private static final String PROTOCOL_4 = ""
            + "gASV3AAAAAAAAAB9lCiMBGRhdGGUjBZudW1weS5fY29yZS5tdWx0aWFycmF5lIwMX3JlY29uc3RydWN0lJOUjAVudW1weZSM"
            + "B25kYXJyYXmUk5RLAIWUQwFilIeUUpQoSwFLBEsMhpRoBYwFZHR5cGWUk5SMAnUxlImIh5RSlChLA4wBfJROTk5K/////0r/"
            + "////SwB0lGKJQzAABQoPFBkeIygtMjc8QUZLUFVaX2RpbnN4fYKHjJGWm6Clqq+0ub7DyM3S19zh5uuUdJRijAZsYWJlbHOU"
            + "XZQoSwFLeEt5TegDZXUu";
    private static final String PROTOCOL_5 = ""
            + "gAWVxwAAAAAAAAB9lCiMBGRhdGGUjBNudW1weS5fY29yZS5udW1lcmljlIwLX2Zyb21idWZmZXKUk5QoljAAAAAAAAAAAAUK"
            + "DxQZHiMoLTI3PEFGS1BVWl9kaW5zeH2Ch4yRlpugpaqvtLm+w8jN0tfc4ebrlIwFbnVtcHmUjAVkdHlwZZSTlIwCdTGUiYiH"
            + "lFKUKEsDjAF8lE5OTkr/////Sv////9LAHSUYksESwyGlIwBQ5R0lFKUjAZsYWJlbHOUXZQoSwFLeEt5TegDZXUu";

    /** {@code {'data': x}}, where loading makes {@code x} by calling {@code os.system}, in protocols 0, 2 and 4. */
    private static final String CALL_0 = "KGRwMApWZGF0YQpwMQpjcG9zaXgKc3lzdGVtCnAyCihWdHJ1ZQpwMwp0cDQKUnA1CnMu";

    private static final String CALL_2 = "gAJ9cQBYBAAAAGRhdGFxAWNwb3NpeApzeXN0ZW0KcQJYBAAAAHRydWVxA4VxBFJxBXMu";
    private static final String CALL_4 = "gASVKQAAAAAAAAB9lIwEZGF0YZSMBXBvc2l4lIwGc3lzdGVtlJOUjAR0cnVllIWUUpRzLg==";

    @TempDir
    private Path directory;

    private ImageSet read(byte[] content, int classes) throws IOException {
        Path file = Files.write(directory.resolve("batch"), content);
        return new PickledReader(new ImageFiles(new Configuration()), classes)
                .read(new org.apache.hadoop.fs.Path(file.toString()));
    }

    private static byte[] bytes(String base64) {
        return Base64.getDecoder().decode(base64);
    }

    @ParameterizedTest
    @ValueSource(strings = {PROTOCOL_2, PROTOCOL_4, PROTOCOL_5})
    void readsBatchesOfEveryProtocol(String batch) throws IOException {
        ImageSet all = read(bytes(batch), PickledReader.CLASSES);

        assertThat(all.shape()).isEqualTo(new Shape(3, 2, 2));
        assertThat(new int[] {all.label(0), all.label(1), all.label(2), all.label(3)})
                .containsExactly(0, 119, 120, 999);
        for (int i = 0; i < 4 * 12; i++) {
            assertThat(Byte.toUnsignedInt(all.pixels(i / 12)[i % 12])).isEqualTo(5 * i);
        }
        ImageSet some = read(bytes(batch), PickledReader.CLASSES_OF_120);
        assertThat(some.size()).isEqualTo(2);
        assertThat(some.pixels(1)).isEqualTo(all.pixels(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {CALL_0, CALL_2, CALL_4})
    void nothingElseIsBuilt(String call) {
        assertThatThrownBy(() -> read(bytes(call), PickledReader.CLASSES))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(directory + "/batch is no pickled batch: it asks for posix.system; expected a batch of"
                        + " downsampled ImageNet, a pickled dictionary of data, an array of bytes, and labels, a list");
    }

    /** The one class of Python's that the library would build an object of by its name, and an instance of protocol 0. */
    @ParameterizedTest
    @ValueSource(strings = {"cdecimal\nDecimal\n(V1\ntR.", "(iposix\nsystem\n.", "(cposix\nsystem\no."})
    void noObjectsAreBuilt(String pickle) {
        assertThatThrownBy(() -> read(pickle.getBytes(StandardCharsets.US_ASCII), PickledReader.CLASSES))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("batch is no pickled batch: it asks for ");
    }

    @Test
    void whatIsNoBatchIsRefused() {
        byte[] whole = bytes(PROTOCOL_2);
        for (int length = 0; length < whole.length; length += 7) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> read(cut, PickledReader.CLASSES))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("batch is no pickled batch");
        }
        assertThatThrownBy(() -> read("(dp0\nVdata\nI5\ns.".getBytes(StandardCharsets.US_ASCII), PickledReader.CLASSES))
                .hasMessageContaining("batch has not data and labels; expected a batch");
        whole[whole.length - 4] = 9; // of the label 1000
        assertThatThrownBy(() -> read(whole, PickledReader.CLASSES))
                .hasMessageContaining(
                        "image 3 (from 0) has the label 2536; the labels of downsampled ImageNet are 1 to 1000");
    }
}
