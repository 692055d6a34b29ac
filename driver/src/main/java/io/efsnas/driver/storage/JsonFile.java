package io.efsnas.driver.storage;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.storage.AtomicFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Files of one JSON value, which are there as a whole or not at all. */
public final class JsonFile {

    /** What Jackson says where a record's component is marked as required. */
    private static final Pattern MISSING = Pattern.compile("Missing required creator property '([^']+)'");

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
                out -> out.write(Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(value)));
    }

    /** Reads a value of whatever form; see {@link #read(FileSystem, Path, TypeReference)}. */
    public static Optional<JsonNode> read(FileSystem files, Path path) {
        return read(files, path, new TypeReference<>() {});
    }

    /**
     * Reads a value, if there is a file.
     *
     * @throws UserMistake in one line, naming the file if it is damaged
     * @throws UncheckedIOException naming the file if it cannot be read
     */
    public static <T> Optional<T> read(FileSystem files, Path path, TypeReference<T> type) {
        try (InputStream in = files.open(path)) {
            return Optional.of(Json.MAPPER.readValue(in, type));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        } catch (JsonProcessingException e) {
            throw damaged(path, reason(e), e);
        } catch (IOException e) {
            throw FileFailure.cannot("read", path, e);
        }
    }

    /**
     * Makes sure that a value has a key.
     *
     * @param pointer a JSON pointer to the key's value, such as {@code /data/fingerprint}
     * @throws UserMistake naming file and key if it has not
     */
    public static void require(Path path, JsonNode value, String pointer) {
        JsonNode found = value.at(pointer);
        if (found.isMissingNode() || found.isNull()) {
            throw damaged(path, "it has no " + pointer.substring(1).replace('/', '.'), null);
        }
    }

    private static UserMistake damaged(Path path, String reason, JsonProcessingException cause) {
        return new UserMistake(
                path + " is damaged: " + reason + "; remove it, and the command that wrote it writes it" + " again",
                cause);
    }

    /** What is wrong with a file, in words that are not a library's. */
    private static String reason(JsonProcessingException e) {
        if (e instanceof MismatchedInputException mismatch) {
            Matcher missing = MISSING.matcher(e.getOriginalMessage());
            String key = mismatch.getPath().stream()
                    .map(place -> place.getFieldName() == null ? "[" + place.getIndex() + "]" : place.getFieldName())
                    .collect(Collectors.joining("."));
            if (missing.find()) {
                // The path of what is missing ends with its name.
                return "it has no "
                        + (key.endsWith(missing.group(1))
                                ? key
                                : key.isEmpty() ? missing.group(1) : key + "." + missing.group(1));
            }
            if (e.getOriginalMessage().contains("end-of-input")) {
                return "it is empty";
            }
            return (key.isEmpty() ? "it" : key) + " has a value of the wrong type";
        }
        JsonLocation place = e.getLocation();
        return "it is not JSON"
                + (place == null ? "" : " from line " + place.getLineNr() + ", column " + place.getColumnNr());
    }
}
