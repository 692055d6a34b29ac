package io.efsnas.driver.bench;

import io.efsnas.supernet.machine.KernelProfile;
import io.efsnas.supernet.machine.KernelProfile.Entry;
import io.efsnas.supernet.machine.MachineCeilings;
import java.util.List;
import java.util.Locale;

/** A kernel profile as a table for people: where the time of one step goes, and how near to the machine's ceilings. */
public final class ProfileTable {

    private static final String HEADER = String.format(
            "%-44s %8s %9s %7s %9s %6s %9s %6s", "kernel", "calls", "ms", "share", "GB/s", "", "GFLOP/s", "");

    private ProfileTable() {}

    /**
     * The table.
     *
     * @param steps that the profile is of; calls and milliseconds are given for one
     */
    public static String of(String title, KernelProfile profile, int steps, double seconds, MachineCeilings ceilings) {
        List<Entry> entries = profile.entries();
        StringBuilder table = new StringBuilder(title).append(System.lineSeparator());
        table.append(HEADER).append(System.lineSeparator());
        double inKernels = 0;
        for (Entry entry : entries) {
            inKernels += entry.seconds();
            table.append(line(
                    entry.kernel(),
                    (double) entry.calls() / steps,
                    entry.seconds() / steps,
                    entry.seconds() / seconds));
            table.append(String.format(
                    Locale.ROOT,
                    " %9.1f %5.0f%% %9.1f %5.0f%%%n",
                    entry.gigabytesPerSecond(),
                    100 * entry.gigabytesPerSecond() / ceilings.gigabytesPerSecond(),
                    entry.gigaflops(),
                    100 * entry.gigaflops() / ceilings.gigaflops()));
        }
        double between = seconds - inKernels;
        table.append(line("between kernels", 0, between / steps, between / seconds))
                .append(System.lineSeparator());
        table.append(line("whole step", 1, seconds / steps, 1)).append(System.lineSeparator());
        return table.toString();
    }

    private static String line(String kernel, double calls, double seconds, double share) {
        return String.format(Locale.ROOT, "%-44s %8.1f %9.3f %6.1f%%", kernel, calls, 1000 * seconds, 100 * share);
    }
}
