package io.efsnas.job;

import io.efsnas.supernet.DeviceLostException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends executors that have lost their device, since another try of Spark's in the same process would fail as well. */
public final class DeviceLoss {

    /** The exit status of an executor that has lost its device. Spark, shells and signals do not use it. */
    public static final int EXIT_STATUS = 90;

    private static final Logger log = LoggerFactory.getLogger(DeviceLoss.class);

    /** The work of a task. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    private DeviceLoss() {}

    /**
     * Runs a task's work, and ends the executor if that fails because the device is lost, so that Spark makes another.
     *
     * @throws DeviceLostException on embedded Spark, whose only process is the driver
     */
    static <T> T endingExecutor(Work<T> work) throws IOException {
        try {
            return work.run();
        } catch (IOException | RuntimeException e) {
            Optional<DeviceLostException> loss = in(e);
            if (loss.isEmpty()) {
                throw e;
            }
            String what = loss.get().getMessage();
            if (!isEmbedded()) {
                log.error("{}; this executor ends with status {}, so that Spark makes another", what, EXIT_STATUS);
                // Without the shutdown hooks: they would close the files of other tasks, which would then report
                // failures of their own.
                Runtime.getRuntime().halt(EXIT_STATUS);
            }
            throw new DeviceLostException(
                    what + "; this process cannot use it again: the same command resumes in a new process", e);
        }
    }

    private static boolean isEmbedded() {
        return SparkEnv.get().blockManager().blockManagerId().isDriver();
    }

    /** The loss that a failure is, was caused by, or was followed by while supernets were being closed. */
    private static Optional<DeviceLostException> in(Throwable failure) {
        return failure instanceof DeviceLostException loss
                ? Optional.of(loss)
                : Stream.concat(Stream.ofNullable(failure.getCause()), Arrays.stream(failure.getSuppressed()))
                        .flatMap(inner -> in(inner).stream())
                        .findFirst();
    }
}
