package io.efsnas.driver.command;

import io.efsnas.data.Dataset;
import io.efsnas.driver.flow.SearchEstimate;
import io.efsnas.driver.flow.SearchEstimate.Stages;
import io.efsnas.driver.flow.SearchPlan;
import io.efsnas.driver.process.Seconds;
import io.efsnas.job.SupernetTiming;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** What a dry run tells. */
final class EstimateText {

    private static final double MILLIS = 1e3;
    private static final double MEGA = 1e6;

    private EstimateText() {}

    static void print(SearchEstimate estimate, SearchPlan plan, PrintWriter out) {
        Dataset images = plan.dataset();
        out.printf(
                Locale.ROOT,
                "%nimages     %s of %d classes: %,d train, %,d score, %,d test%n",
                images.shape(),
                images.classes(),
                images.train().size(),
                images.validation().size(),
                images.test().size());
        out.println("engine     " + estimate.engine());
        printTimings(estimate, out);
        out.printf(
                "cluster    %d task(s) at a time, timed on %s%n",
                estimate.devices(), estimate.supernets().isEmpty() ? "the executors" : places(estimate.supernets()));
        Stages seconds = estimate.seconds();
        print("training", seconds.training(), "", out);
        print(
                "scoring",
                seconds.scoring(),
                String.format(Locale.ROOT, ", at most %,d architectures", estimate.scored()),
                out);
        print(
                "measuring",
                seconds.measuring(),
                seconds.training().isPresent() ? ", or less where devices are idle during training" : "",
                out);
        seconds.retraining()
                .ifPresent(retraining -> out.println("retraining "
                        + retraining
                                .seconds()
                                .map(time -> "about " + Seconds.text(time))
                                .orElse("not timed")
                        + " with " + retraining.engine()));
        out.printf(
                "in all     about %s, from the beginning%s; nothing was written%n",
                Seconds.text(seconds.all()),
                seconds.retraining().filter(any -> any.seconds().isEmpty()).isPresent()
                        ? " and without retraining"
                        : "");
        out.flush();
    }

    private static void printTimings(SearchEstimate estimate, PrintWriter out) {
        for (SupernetTiming timing : estimate.supernets()) {
            out.printf(
                    Locale.ROOT,
                    "supernet   %s: %.1f ms a training step, %.2f ms to score a subnet on a batch%n",
                    timing.node(),
                    timing.step() * MILLIS,
                    timing.scoredBatch() * MILLIS);
        }
        if (!estimate.supernets().isEmpty()) {
            out.printf(
                    Locale.ROOT,
                    "memory     at most %,.0f MB of a process so far; checkpoints take %,.1f MB%n",
                    estimate.supernets().stream()
                                    .mapToLong(SupernetTiming::peakMemory)
                                    .max()
                                    .orElseThrow()
                            / MEGA,
                    estimate.checkpoints() / MEGA);
        }
    }

    private static String places(List<SupernetTiming> timings) {
        return timings.stream()
                .map(timing -> timing.place().host() + " (" + timing.engine() + ")")
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static void print(String stage, OptionalDouble seconds, String remark, PrintWriter out) {
        seconds.ifPresent(time -> out.printf("%-10s about %s%s%n", stage, Seconds.text(time), remark));
    }
}
