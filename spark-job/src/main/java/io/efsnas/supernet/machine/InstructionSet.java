package io.efsnas.supernet.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** What the processor has beyond the baseline of x86-64: native libraries choose their code by it, and so their bits. */
public enum InstructionSet {
    BASELINE(Set.of()),
    AVX2(Set.of("avx2", "fma", "bmi1", "bmi2")),
    /** Those of GCC's {@code skylake-avx512}. */
    AVX512(Set.of("avx2", "fma", "bmi1", "bmi2", "avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"));

    private final Set<String> flags;

    InstructionSet(Set<String> flags) {
        this.flags = flags;
    }

    /**
     * The largest of them that this processor has.
     *
     * @throws UncheckedIOException if the processor's description cannot be read
     */
    public static InstructionSet ofThisProcessor() {
        try {
            return of(Files.readString(Path.of("/proc/cpuinfo")));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read what the processor can do from /proc/cpuinfo", e);
        }
    }

    /** The same for a processor with this text in {@code /proc/cpuinfo}. */
    public static InstructionSet of(String cpuinfo) {
        Set<String> has = cpuinfo.lines()
                .filter(line -> line.startsWith("flags"))
                .findFirst()
                .map(line -> Set.copyOf(List.of(line.split("\\s+"))))
                .orElse(Set.of());
        InstructionSet largest = BASELINE;
        for (InstructionSet each : values()) {
            largest = has.containsAll(each.flags) ? each : largest;
        }
        return largest;
    }
}
