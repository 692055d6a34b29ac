package io.efsnas.driver.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.efsnas.data.Augmentation;
import io.efsnas.data.Batch;
import io.efsnas.data.Normalization;
import io.efsnas.data.TrainingBatches;
import io.efsnas.data.format.ImageSet;
import io.efsnas.driver.bench.ProfileTable;
import io.efsnas.driver.bench.StepRate;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.process.Version;
import io.efsnas.driver.storage.Json;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.SearchSpaces;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.Engine;
import io.efsnas.supernet.EngineNames;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.Precision;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.machine.KernelProfile;
import io.efsnas.supernet.machine.MachineCeilings;
import io.efsnas.supernet.machine.ProcessMemory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.lang3.ArrayUtils;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Times one supernet, or several that share a device. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "Times training steps and scored batches of one supernet, one subnet at a time, and prints one line"
                        + " of JSON: milliseconds per step and per batch, images per second, peak memory of the process.",
        footerHeading = "%nExample:%n",
        footer = "  efsnas bench --channels 16 --cells 5 --threads 2 --architectures subnets.txt")
public final class BenchCommand implements Callable<Integer> {

    private static final int CLASSES = 10;
    private static final long MEBIBYTE = 1 << 20;
    /** The kernels of other engines do not end on a GPU when their call does. */
    @Option(names = "--engine", defaultValue = EngineNames.VECTOR, description = "Engine. Default: ${DEFAULT-VALUE}.")
    private String engine;

    @Option(names = "--device", defaultValue = "cpu", description = "cpu, cuda or cuda:N. Default: ${DEFAULT-VALUE}.")
    private String device;

    @Option(
            names = "--precision",
            defaultValue = "float32",
            description = "float32, tf32 or bfloat16, as supernet.precision. Default: ${DEFAULT-VALUE}.")
    private String precision;

    @Option(
            names = "--space",
            defaultValue = "nas-bench-201",
            description = "Search space, as space.name. Default: ${DEFAULT-VALUE}.")
    private String spaceName;

    @Option(
            names = "--channels",
            defaultValue = "16",
            description = "Channels of the first stage, or of the stem. Default: ${DEFAULT-VALUE}.")
    private int channels;

    @Option(
            names = "--cells",
            defaultValue = "5",
            description = "Cells in each stage, or of the whole network, as network.cells. Default: ${DEFAULT-VALUE}.")
    private int cells;

    @Option(names = "--batch", defaultValue = "64", description = "Images in a batch. Default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(
            names = "--resolution",
            defaultValue = "32",
            description = "Height and width of the images." + " Default: ${DEFAULT-VALUE}.")
    private int resolution;

    @Option(names = "--threads", defaultValue = "1", description = "Threads of a supernet. Default: ${DEFAULT-VALUE}.")
    private int threads;

    @Option(
            names = "--architectures",
            required = true,
            paramLabel = "FILE",
            description = "The subnets to time, one a line.")
    private String architectures;

    @Option(names = "--limit", defaultValue = "64", description = "Subnets to time. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(
            names = "--warm-up",
            defaultValue = "16",
            description = "Subnets to train and score first, so that the JVM has compiled the kernels. Default:"
                    + " ${DEFAULT-VALUE}.")
    private int warmUp;

    @Option(
            names = "--together",
            defaultValue = "1",
            paramLabel = "N",
            description = "Scores N subnets at a time, as a search does; times are still those of one subnet."
                    + " Default: ${DEFAULT-VALUE}.")
    private int together;

    @Option(
            names = "--supernets",
            description = "Times this many supernets side by side instead, and prints their total rate; on a GPU each"
                    + " has its share of the memory.")
    private Integer supernets;

    @Option(
            names = "--profile",
            description = "Prints the times of the kernels of a training step and of a scored batch instead; on a CPU"
                    + " also their rates, beside the highest rates of the machine. On a GPU only the engine cuda has"
                    + " these times.")
    private boolean profile;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        requirePositive("--channels", channels);
        requirePositive("--cells", cells);
        requirePositive("--batch", batch);
        requirePositive("--resolution", resolution);
        requirePositive("--threads", threads);
        requirePositive("--limit", limit);
        requirePositive("--supernets", supernets == null ? 1 : supernets);
        requirePositive("--together", together);
        if (profile && !device.equals("cpu") && !engine.equals(EngineNames.CUDA)) {
            throw new UserMistake("--profile: on a GPU only the engine " + EngineNames.CUDA
                    + " can time its kernels; expected --engine " + EngineNames.CUDA + " or --device cpu");
        }
        SearchSpace space = UserMistake.checking("--space: ", () -> SearchSpaces.named(spaceName));
        List<Architecture> listed = ArchitectureList.read(architectures, space, new Configuration());
        List<Architecture> subnets = listed.subList(0, Math.min(limit, listed.size()));
        if ((long) batch * channels * resolution * resolution > Integer.MAX_VALUE) {
            throw new UserMistake("--channels, --batch, --resolution: a feature map of " + batch + " images of "
                    + resolution + "x" + resolution + " with " + channels
                    + " channels is not accepted; expected less than 2^31 values");
        }
        Shape image = new Shape(3, resolution, resolution);
        SupernetSpec spec = new SupernetSpec(
                space,
                new ModelSize(channels, space.standardCells().isPresent() ? cells : 1, image, CLASSES),
                new SupernetSpec.Optimizer(0.9f, 5e-4f, 0),
                batch,
                1);
        Engine chosen = UserMistake.checking("--engine: ", () -> Engine.named(engine));
        Resources resources = resources(chosen);
        if (supernets != null) {
            double rate = StepRate.of(
                    supernets,
                    () -> UserMistake.checking(() -> chosen.create(spec, resources)),
                    randomBatch(image),
                    subnets);
            print(setting(chosen).put("supernets", supernets).put("subnet_steps_per_second", round(rate)));
            return 0;
        }
        KernelProfile kernels = new KernelProfile();
        try (Supernet supernet = UserMistake.checking(
                () -> profile ? chosen.create(spec, resources, kernels) : chosen.create(spec, resources))) {
            Batch images = randomBatch(image);
            List<List<Architecture>> batches = IntStream.iterate(
                            0, from -> from < subnets.size(), from -> from + together)
                    .mapToObj(from -> subnets.subList(from, Math.min(from + together, subnets.size())))
                    .toList();
            for (int i = 0; i < warmUp; i++) {
                train(supernet, images, subnets.get(i % subnets.size()));
                supernet.score(images, batches.get(i % batches.size()));
            }
            kernels.clear();
            List<Double> hostTimes = new ArrayList<>();
            double[] steps = times(subnets, subnet -> hostTimes.add(train(supernet, images, subnet)));
            if (profile) {
                Optional<MachineCeilings> ceilings =
                        resources.device().gpu().isPresent() ? Optional.empty() : Optional.of(chosen.ceilings(threads));
                printProfile("A training step", kernels, steps, ceilings);
                kernels.clear();
                printProfile(
                        together == 1 ? "A scored batch" : "A batch scored with " + together + " subnets",
                        kernels,
                        times(batches, some -> supernet.score(images, some)),
                        ceilings);
            } else {
                double[] scores = scoresOfOne(batches, some -> supernet.score(images, some));
                print(chosen, steps, ArrayUtils.toPrimitive(hostTimes.toArray(Double[]::new)), scores);
            }
        }
        return 0;
    }

    private static void requirePositive(String option, int value) {
        if (value < 1) {
            throw new UserMistake(option + ": expected a number of at least 1, not " + value);
        }
    }

    private Resources resources(Engine chosen) {
        Matcher place = Pattern.compile("cpu|cuda(?::(\\d+))?").matcher(device);
        if (!place.matches()) {
            throw new UserMistake("--device: expected cpu, cuda or cuda:N, not " + device);
        }
        Device where = device.equals("cpu") ? Device.CPU : Device.gpu(Objects.requireNonNullElse(place.group(1), "0"));
        if (where.gpu().isPresent() && !chosen.servesGpus()) {
            throw new UserMistake(
                    "--device: the engine " + engine + " is not built for GPUs on this class path; expected cpu");
        }
        Precision wanted = chosen.precisions().stream()
                .filter(each -> each.key().equals(precision))
                .findFirst()
                .orElseThrow(() -> new UserMistake("--precision: the engine " + engine
                        + " does not compute in " + precision + "; expected "
                        + chosen.precisions().stream().map(Precision::key).collect(Collectors.joining(", "))));
        return new Resources(threads, where, supernets == null ? 1 : 1.0 / supernets, wanted);
    }

    private static <T> double[] times(List<T> all, Consumer<T> work) {
        return all.stream()
                .mapToDouble(each -> milliseconds(() -> work.accept(each)))
                .toArray();
    }

    /** The time that each subnet's scores take, where those scored at a time share what they take together. */
    private static double[] scoresOfOne(List<List<Architecture>> batches, Consumer<List<Architecture>> work) {
        return batches.stream()
                .flatMapToDouble(some -> {
                    double each = milliseconds(() -> work.accept(some)) / some.size();
                    return DoubleStream.generate(() -> each).limit(some.size());
                })
                .toArray();
    }

    private void printProfile(
            String what, KernelProfile kernels, double[] milliseconds, Optional<MachineCeilings> ceilings) {
        String title = String.format(Locale.ROOT, "%s, mean of %d, %d thread(s)", what, milliseconds.length, threads)
                + ceilings.map(most -> String.format(
                                Locale.ROOT,
                                "; at the most %.1f GB/s and %.1f GFLOP/s:",
                                most.gigabytesPerSecond(),
                                most.gigaflops()))
                        .orElse(", kernels one after the other:");
        double seconds = DoubleStream.of(milliseconds).sum() / 1000;
        command.commandLine().getOut().println(ProfileTable.of(title, kernels, milliseconds.length, seconds, ceilings));
        command.commandLine().getOut().flush();
    }

    /** Takes a step; the result is for how many milliseconds the host was busy before it could only wait. */
    private static double train(Supernet supernet, Batch images, Architecture subnet) {
        long start = System.nanoTime();
        PendingEvaluation step = supernet.train(images, List.of(subnet), StepRate.LEARNING_RATE);
        double host = (System.nanoTime() - start) / 1e6;
        step.get();
        return host;
    }

    private static double milliseconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e6;
    }

    /** A batch of noise, which supernets take over as they do in training. */
    private Batch randomBatch(Shape image) {
        Random random = new Random(0);
        List<byte[]> pixels = new ArrayList<>();
        for (int i = 0; i < batch; i++) {
            byte[] noise = new byte[image.size()];
            random.nextBytes(noise);
            pixels.add(noise);
        }
        ImageSet images =
                ImageSet.of(image, pixels, random.ints(batch, 0, CLASSES).toArray());
        return new TrainingBatches(images, Normalization.of(images), batch, Augmentation.NONE, 0, 0).batch(0);
    }

    private void print(Engine chosen, double[] steps, double[] hostTimes, double[] scores) throws IOException {
        print(setting(chosen)
                .put("subnets", steps.length)
                .put("train_ms_median", round(StatUtils.percentile(steps, 50)))
                .put("train_ms_mean", round(StatUtils.mean(steps)))
                .put("train_host_ms_median", round(StatUtils.percentile(hostTimes, 50)))
                .put("score_ms_median", round(StatUtils.percentile(scores, 50)))
                .put("score_ms_mean", round(StatUtils.mean(scores)))
                .put("train_images_per_second", round(imagesPerSecond(steps)))
                .put("score_images_per_second", round(imagesPerSecond(scores)))
                .put("peak_memory_mb", ProcessMemory.peak() / MEBIBYTE));
    }

    private ObjectNode setting(Engine chosen) {
        return Json.MAPPER
                .createObjectNode()
                .put("engine", chosen.description(resources(chosen).device()))
                .put("device", device)
                .put("precision", precision)
                .put("threads", threads)
                .put("space", spaceName)
                .put("channels", channels)
                .put("cells", cells)
                .put("batch", batch)
                .put("resolution", resolution)
                .put("scored_together", together);
    }

    private void print(ObjectNode line) throws IOException {
        command.commandLine().getOut().println(Json.MAPPER.writeValueAsString(line));
        command.commandLine().getOut().flush();
    }

    private double imagesPerSecond(double[] milliseconds) {
        return 1000.0
                * batch
                * milliseconds.length
                / DoubleStream.of(milliseconds).sum();
    }

    private static double round(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
