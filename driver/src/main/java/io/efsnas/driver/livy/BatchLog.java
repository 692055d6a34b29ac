package io.efsnas.driver.livy;

import java.util.List;

/**
 * What Livy still has of a batch's log.
 *
 * @param output so many of the newest lines that the driver wrote, its errors among them; of a driver that YARN runs,
 *     those of {@code spark-submit}
 * @param further what Livy and YARN have to say of it
 */
public record BatchLog(List<String> output, List<String> further) {

    /** Of a batch that has written nothing yet. */
    public static final BatchLog EMPTY = new BatchLog(List.of(), List.of());

    private static final String OUTPUT = "stdout: ";
    private static final String FURTHER = "\nstderr: ";

    /** Takes apart the log as Livy gives it. Its part for errors stays empty, since Livy puts them with the output. */
    static BatchLog of(List<String> lines) {
        int further = lines.indexOf(FURTHER);
        return further < 0
                ? EMPTY
                : new BatchLog(
                        lines.subList(lines.indexOf(OUTPUT) + 1, further), lines.subList(further + 1, lines.size()));
    }

    /** The lines of {@link #output} that have been written since an earlier log. */
    public List<String> outputSince(BatchLog earlier) {
        List<String> before = earlier.output;
        int gone = 0;
        while (!startsWith(output, before.subList(gone, before.size()))) {
            gone++;
        }
        return output.subList(before.size() - gone, output.size());
    }

    private static boolean startsWith(List<String> lines, List<String> start) {
        return lines.size() >= start.size() && lines.subList(0, start.size()).equals(start);
    }
}
