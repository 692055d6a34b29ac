package io.efsnas.driver.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.util.SortedMap;
import java.util.TreeMap;

/** JSON as all of the driver reads and writes it. */
public final class Json {

    /** Safe for use by several threads, as nothing configures it any more. */
    public static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    /**
     * The value of a text that this program has made.
     *
     * @throws UncheckedIOException if it is not JSON
     */
    public static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The values of an object and of those in it, lists among them, by their full keys, such as {@code training.steps}. */
    public static SortedMap<String, String> flat(JsonNode json) {
        SortedMap<String, String> values = new TreeMap<>();
        flatten("", json, values);
        return values;
    }

    private static void flatten(String prefix, JsonNode json, SortedMap<String, String> values) {
        if (json.isObject()) {
            json.fields()
                    .forEachRemaining(field -> flatten(
                            prefix.isEmpty() ? field.getKey() : prefix + "." + field.getKey(),
                            field.getValue(),
                            values));
        } else {
            values.put(prefix, json.toString());
        }
    }
}
