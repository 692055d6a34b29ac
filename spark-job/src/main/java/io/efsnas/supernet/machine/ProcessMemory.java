package io.efsnas.supernet.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The memory of this process, as Linux knows it. */
public final class ProcessMemory {

    private static final long KIBIBYTE = 1024;

    private ProcessMemory() {}

    /** The largest resident set that this process has had, in bytes; 0 where the kernel does not tell. */
    public static long peak() {
        try {
            return KIBIBYTE
                    * Files.readAllLines(Path.of("/proc/self/status")).stream()
                            .filter(line -> line.startsWith("VmHWM:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .findFirst()
                            .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
