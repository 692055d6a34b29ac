package io.efsnas.driver.livy;

import java.util.List;

/**
 * What Livy still has of what a batch's driver wrote: Livy keeps so many of the newest lines of both.
 *
 * @param out the driver's output
 * @param err the driver's log
 */
public record BatchLog(List<String> out, List<String> err) {

    /** Of a batch that has written nothing yet. */
    public static final BatchLog EMPTY = new BatchLog(List.of(), List.of());

    private static final String OUT = "stdout: ";
    private static final String ERR = "\nstderr: ";

    /** Takes apart the log as Livy gives it, with a line as a heading of each part. */
    static BatchLog of(List<String> lines) {
        int err = lines.indexOf(ERR);
        return err < 0
                ? EMPTY
                : new BatchLog(lines.subList(lines.indexOf(OUT) + 1, err), lines.subList(err + 1, lines.size()));
    }

    /** The lines of {@link #err} that have been written since an earlier log. */
    public List<String> errSince(BatchLog earlier) {
        List<String> before = earlier.err;
        int gone = 0;
        while (!startsWith(err, before.subList(gone, before.size()))) {
            gone++;
        }
        return err.subList(before.size() - gone, err.size());
    }

    private static boolean startsWith(List<String> lines, List<String> start) {
        return lines.size() >= start.size() && lines.subList(0, start.size()).equals(start);
    }
}
