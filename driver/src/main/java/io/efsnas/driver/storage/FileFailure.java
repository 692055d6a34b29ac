package io.efsnas.driver.storage;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The one line for a file that cannot be used. */
public final class FileFailure {

    private FileFailure() {}

    /**
     * A failure of the run that names the file.
     *
     * @param what what cannot be done, such as {@code read}
     * @param file the file, or what else cannot be reached
     */
    public static UncheckedIOException cannot(String what, Object file, IOException cause) {
        return new UncheckedIOException(sentence(what, file, cause), cause);
    }

    /** The line alone, for exceptions of another class. */
    public static String sentence(String what, Object file, IOException cause) {
        return "cannot " + what + " " + file + ": " + cause.getMessage();
    }
}
