package io.efsnas.driver.command;

import io.efsnas.driver.flow.SearchPlan;
import io.efsnas.driver.flow.TrainingCosts;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.process.Version;
import io.efsnas.driver.rule.Columns;
import io.efsnas.driver.storage.CsvFile;
import io.efsnas.measure.MeasureContext;
import io.efsnas.measure.Measures;
import io.efsnas.network.ModelSize;
import io.efsnas.space.Enumeration;
import io.efsnas.space.SearchSpace;
import io.efsnas.split.SupernetNode;
import io.efsnas.split.SupernetTree;
import java.io.PrintWriter;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tells what a search would cost before it is run. */
@Command(
        name = "space",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Shows how a configuration splits its search space, and what its supernets cost.",
        footerHeading = "%nExample:%n",
        footer = "  efsnas space --config conf/quickstart.conf --list architectures.csv")
public final class SpaceCommand implements Callable<Integer> {

    @Mixin
    private ConfigOptions config;

    @Option(
            names = "--list",
            paramLabel = "FILE.csv",
            description = "Also writes every architecture: architecture,node,connected,nonlinearities,flops,parameters,"
                    + "live-flops,live-parameters; nonlinearities only if the space counts them. No image reaches the"
                    + " output of architectures that are not connected; no search considers them.")
    private Optional<String> list;

    @Option(names = OutputFile.OVERWRITE, description = "Replaces the file of --list if there is one.")
    private boolean overwrite;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        Configuration hadoop = new Configuration();
        Optional<OutputFile> file = list.map(path -> OutputFile.of("--list", path, overwrite, hadoop));
        SearchPlan plan = SearchPlan.loadForCosts(config.load(), hadoop);
        if (file.isPresent() && !Enumeration.isPossible(plan.space())) {
            throw new UserMistake("--list: " + plan.space().name() + " cannot be listed, since it has "
                    + Enumeration.size(plan.space()) + " architectures");
        }
        print(plan, command.commandLine().getOut());
        file.ifPresent(output -> writeList(plan, output));
        return 0;
    }

    /** Prints how the space is split, and what training costs. */
    static void print(SearchPlan plan, PrintWriter out) {
        SearchSpace space = plan.space();
        TrainingCosts costs = new TrainingCosts(plan);
        out.printf(
                "%s: %,d architectures, %s of them connected%n%n",
                space.name(),
                Enumeration.size(space),
                counted(costs.leaves().stream()
                        .map(leaf -> leaf.subspace().size())
                        .reduce(Optional.of(BigInteger.ZERO), (sum, more) -> sum.flatMap(all -> more.map(all::add)))));
        String first = "%-8s  %-" + widest(costs, 14, leaf -> leaf.subspace().label()) + "s  %"
                + widest(costs, 13, leaf -> counted(leaf.subspace().size())) + "s";
        out.printf(
                first + "  %8s  %5s  %10s  %14s  %12s%n",
                "supernet",
                "subspace",
                "architectures",
                "channels",
                "cells",
                "parameters",
                "MFLOPs per subnet",
                "TFLOPs to train");
        for (SupernetNode leaf : costs.leaves()) {
            ModelSize size = leaf.size();
            out.printf(
                    Locale.ROOT,
                    first + "  %8d  %5d  %,10d  %15.2f  %15.2f%n",
                    leaf.id(),
                    leaf.subspace().label(),
                    counted(leaf.subspace().size()),
                    size.channels(),
                    size.cells(),
                    plan.supernetParameters(size),
                    costs.subnetFlops(leaf) / 1e6,
                    costs.trainingFlops(leaf) / 1e12);
        }
        out.printf(
                Locale.ROOT,
                "%nplan: %,d steps of %s subnet(s) on %d images for each supernet%s%n",
                plan.config().training().steps(),
                costs.leaves().stream()
                        .map(costs::subnetsPerStep)
                        .distinct()
                        .map(String::valueOf)
                        .collect(Collectors.joining(" or ")),
                plan.config().training().batch(),
                epochs(plan, costs));
        double teachers =
                costs.leaves().stream().mapToDouble(costs::forwardPasses).max().orElseThrow();
        if (teachers > 0) {
            out.printf(
                    Locale.ROOT,
                    "%s training: a step also runs %.2f teachers forward%n",
                    plan.config().training().scheme().name(),
                    teachers);
        }
        if (costs.relatives().stream().anyMatch(passes -> passes > 0)) {
            out.printf(
                    Locale.ROOT,
                    "%s training: a step also runs %s other supernets forward, phase by phase%n",
                    plan.config().training().scheme().name(),
                    costs.relatives().stream()
                            .map(passes -> String.format(Locale.ROOT, "%.0f", passes))
                            .collect(Collectors.joining(", then ")));
        }
        if (costs.heldOut().images() > 0) {
            out.printf(
                    Locale.ROOT,
                    "%s training: a step also judges %.2f subnets on %d validation images%n",
                    plan.config().training().scheme().name(),
                    costs.heldOut().subnetsPerStep(),
                    costs.heldOut().images());
        }
        if (costs.mayEndEarly()) {
            out.printf(
                    Locale.ROOT,
                    "%s training: may end the training of a supernet before it has taken all these steps%n",
                    plan.config().training().scheme().name());
        }
        if (costs.warmStartSteps() > 0) {
            out.printf(
                    Locale.ROOT,
                    "warm start: takes the first %,d of them for each supernet, %,d steps and %.2f TFLOPs in all%n",
                    costs.warmStartSteps(),
                    costs.warmStartStepsOfAll(),
                    costs.warmStartFlops() / 1e12);
        }
        plan.config().training().workers().workers().ifPresent(devices -> {
            if (devices > 1) {
                out.printf(
                        Locale.ROOT,
                        "workers: %s for each supernet, phase by phase; %d devices then train for %.0f %% of the time%n",
                        costs.workers().stream().map(String::valueOf).collect(Collectors.joining(", then ")),
                        devices,
                        100 * costs.efficiency());
            }
        });
        if (costs.measuredSupernets() > 0) {
            out.printf(
                    Locale.ROOT,
                    "split: measures %,d supernet(s), each at the cost of at most %,.0f training steps of one subnet%n",
                    costs.measuredSupernets(),
                    costs.measuringSteps());
        }
        if (!costs.chosenFrom().isEmpty()) {
            out.printf(
                    Locale.ROOT,
                    "choice: of %s supernets one is kept, phase by phase, at the cost of %,.0f training steps of one subnet"
                            + " in all%n",
                    costs.chosenFrom().stream().map(String::valueOf).collect(Collectors.joining(", then ")),
                    costs.choosingSteps());
        }
        out.println("FLOPs are multiply-adds; a training step counts three passes of the sampled subnets' mean.");
        out.flush();
    }

    /** The width of a column of the table of supernets. */
    private static int widest(TrainingCosts costs, int least, Function<SupernetNode, String> column) {
        return costs.leaves().stream()
                .mapToInt(leaf -> column.apply(leaf).length())
                .reduce(least, Math::max);
    }

    private static String counted(Optional<BigInteger> architectures) {
        return architectures
                .map(count -> String.format(Locale.ROOT, "%,d", count))
                .orElse("uncounted");
    }

    private static String epochs(SearchPlan plan, TrainingCosts costs) {
        OptionalInt images = plan.trainImages();
        return images.isPresent()
                ? String.format(
                        Locale.ROOT, ", %.1f epochs of %,d images", costs.epochs(images.getAsInt()), images.getAsInt())
                : "; the images of data.train do not exist yet";
    }

    private static void writeList(SearchPlan plan, OutputFile output) {
        SearchSpace space = plan.space();
        SupernetTree tree = plan.knownTree();
        Measures known = Measures.of(Columns.known(space));
        MeasureContext context = MeasureContext.ofArchitectures(space, plan.finalSize());
        CsvFile.write(
                output.files(),
                output.path(),
                Stream.concat(Stream.of("architecture", "node", "connected"), known.columns().stream())
                        .toList(),
                Enumeration.of(space).map(architecture -> Stream.concat(
                                Stream.of(
                                        space.format(architecture),
                                        tree.leafOf(architecture).id(),
                                        space.connected(architecture)),
                                known.measure(architecture, context).values().stream()
                                        .map(CsvFile::number))
                        .toList()));
    }
}
