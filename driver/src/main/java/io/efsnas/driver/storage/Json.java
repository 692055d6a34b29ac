package io.efsnas.driver.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;

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
}
