package io.efsnas.driver.livy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BatchLogTest {

    @Test
    void hasTwoPartsUnderLivysHeadings() {
        assertThat(BatchLog.of(
                        List.of("stdout: ", "round 1", "round 2", "\nstderr: ", "\nYARN Diagnostics: ", "queued")))
                .isEqualTo(new BatchLog(List.of("round 1", "round 2"), List.of("\nYARN Diagnostics: ", "queued")));
        assertThat(BatchLog.of(List.of())).isEqualTo(BatchLog.EMPTY);
    }

    /** Of a server that keeps so many lines, asked when so many had been written and again later. */
    @Property
    void newLinesAreThoseNotSeenBefore(
            @ForAll @IntRange(min = 1, max = 10) int kept,
            @ForAll @IntRange(max = 20) int before,
            @ForAll @IntRange(max = 20) int since) {
        List<String> lines =
                IntStream.range(0, before + since).mapToObj(i -> "line " + i).toList();
        BatchLog earlier = log(lines.subList(0, before), kept);

        assertThat(log(lines, kept).outputSince(earlier))
                .isEqualTo(lines.subList(Math.max(before, before + since - kept), before + since));
    }

    private static BatchLog log(List<String> written, int kept) {
        return new BatchLog(written.subList(Math.max(0, written.size() - kept), written.size()), List.of());
    }
}
