package io.efsnas.driver.bench;

import io.efsnas.supernet.machine.KernelProfile;
import io.efsnas.supernet.machine.KernelProfile.Entry;
import io.efsnas.supernet.machine.MachineCeilings;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A kernel profile as a table for people: where the time of one step goes, and how near to the machine's ceilings. */
public final class ProfileTable {

    private static final String HEADER = String.format("%-44s %8s %9s %7s", "kernel", "calls", "ms", "share");
    private static final String RATES_HEADER = String.format(" %9s %6s %9s %6s", "GB/s", "", "GFLOP/s", "");

    private ProfileTable() {}

    /**
     * The table.
     *
     * @param steps the number of profiled steps; calls and milliseconds are given for one
     * @param ceilings the machine's ceilings, which rates are compared with; empty for a table without rates
     */
    public static String of(
            String title, KernelProfile profile, int steps, double seconds, Optional<MachineCeilings> ceilings) {
        List<Entry> entries = profile.entries();
        StringBuilder table = new StringBuilder(title).append(System.lineSeparator());
        table.append(HEADER).append(ceilings.isPresent() ? RATES_HEADER : "").append(System.lineSeparator());
        double inKernels = 0;
        for (Entry entry : entries) {
            inKernels += entry.seconds();
            table.append(line(
                    entry.kernel(),
                    (double) entry.calls() / steps,
                    entry.seconds() / steps,
                    entry.seconds() / seconds));
            ceilings.ifPresent(most -> table.append(String.format(
                    Locale.ROOT,
                    " %9.1f %5.0f%% %9.1f %5.0f%%",
                    entry.gigabytesPerSecond(),
                    100 * entry.gigabytesPerSecond() / most.gigabytesPerSecond(),
                    entry.gigaflops(),
                    100 * entry.gigaflops() / most.gigaflops())));
            table.append(System.lineSeparator());
        }
        double between = seconds - inKernels;
        table.append(line("no kernel", 0, between / steps, between / seconds)).append(System.lineSeparator());
        table.append(line("whole step", 1, seconds / steps, 1)).append(System.lineSeparator());
        return table.toString();
    }

    private static String line(String kernel, double calls, double seconds, double share) {
        return String.format(Locale.ROOT, "%-44s %8.1f %9.3f %6.1f%%", kernel, calls, 1000 * seconds, 100 * share);
    }
}
