package io.efsnas.driver.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.efsnas.storage.AtomicFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Files of one JSON value, which are there as a whole or not at all. */
public final class JsonFile {

    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonFile() {}

    /**
     * Writes a value for people to read, too, in place of an earlier file.
     *
     * @throws UncheckedIOException naming the file if it cannot be written
     */
    public static void write(FileSystem files, Path path, Object value) {
        AtomicFile.write(
                files,
                path,
                out -> out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(value)));
    }

    /** Reads a value of whatever form; see {@link #read(FileSystem, Path, TypeReference)}. */
    public static Optional<JsonNode> read(FileSystem files, Path path) {
        return read(files, path, new TypeReference<>() {});
    }

    /**
     * Reads a value, if there is a file.
     *
     * @throws IllegalArgumentException in one line, naming the file if it is damaged
     * @throws UncheckedIOException naming the file if it cannot be read
     */
    public static <T> Optional<T> read(FileSystem files, Path path, TypeReference<T> type) {
        try (InputStream in = files.open(path)) {
            return Optional.of(JSON.readValue(in, type));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(path + " is damaged: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }
}
