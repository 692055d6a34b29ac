package io.efsnas.driver.command;

import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.spark.JobException;
import io.efsnas.training.TrainingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.util.regex.Pattern;
import org.apache.commons.lang3.exception.ExceptionUtils;

/**
 * What a user is told of an exception.
 *
 * @param line the only one
 * @param mistake whether it is the user's own, in the command line, a configuration or a file
 * @param foreseen whether the line says all; of what nobody foresaw its place in the code is shown, too
 */
public record Failure(String line, boolean mistake, boolean foreseen) {

    /** What would move a terminal's cursor or colour it, and line breaks: names and contents of files may have them. */
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\u0080-\\u009f\\u2028\\u2029]+");

    private static final long MEBIBYTE = 1 << 20;

    public static Failure of(Throwable thrown) {
        String message = thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage();
        if (thrown instanceof InvalidPathException path) {
            return new Failure(
                    "the locale of this process, that of LC_ALL="
                            + System.getenv().getOrDefault("LC_ALL", "") + " or LANG, cannot write the path "
                            + path.getInput() + "; set LC_ALL=C.UTF-8",
                    true,
                    true);
        }
        if (thrown instanceof UserMistake) {
            return new Failure(message, true, true);
        }
        if (JobException.stopped(thrown) && !(thrown instanceof JobException)) {
            return new Failure(JobException.STOPPED, false, true);
        }
        int memory = ExceptionUtils.indexOfType(thrown, OutOfMemoryError.class);
        if (memory >= 0 && !(thrown instanceof JobException)) {
            return new Failure(ofMemory((OutOfMemoryError) ExceptionUtils.getThrowables(thrown)[memory]), false, true);
        }
        boolean foreseen = thrown instanceof JobException
                || thrown instanceof TrainingException
                || thrown instanceof FailedSearchesException
                || thrown instanceof UncheckedIOException
                || thrown instanceof IOException;
        return new Failure(message, false, foreseen);
    }

    /** Of this process, and not of an executor's. */
    public static String ofMemory(OutOfMemoryError error) {
        return "no memory is left of the " + Runtime.getRuntime().maxMemory() / MEBIBYTE + " MiB of this JVM ("
                + error.getMessage() + "); raise EFSNAS_MEMORY";
    }

    /** A text as one line that does nothing to a terminal. */
    public static String printable(String text) {
        return CONTROL.matcher(text.strip()).replaceAll(" ");
    }
}
