package io.efsnas.driver.command;

import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.flow.MeasuresFile;
import io.efsnas.driver.flow.Measuring;
import io.efsnas.driver.flow.SearchPlan;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.process.Version;
import io.efsnas.driver.rule.Columns;
import io.efsnas.driver.spark.GpuProfile;
import io.efsnas.driver.spark.Sessions;
import io.efsnas.job.TaskPlace;
import io.efsnas.measure.Measured;
import io.efsnas.measure.Measures;
import io.efsnas.space.Architecture;
import io.efsnas.supernet.Engine;
import io.efsnas.supernet.EngineNames;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "latency",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Times the final networks of listed architectures on an executor, one after the other, and prints"
                + " the quartiles of the time of a batch, which has measures.latency.batch images. The times do not"
                + " repeat to the bit.",
        footerHeading = "%nExample:%n",
        footer = "  efsnas latency --config my.conf --architectures list.txt --set measures.latency.batch=8")
public final class LatencyCommand implements Callable<Integer> {

    private static final String CPU = "cpu";
    private static final String CUDA = "cuda";
    private static final double MICROSECONDS = 1e3; // in a millisecond

    @Mixin
    private ConfigOptions config;

    @Option(
            names = "--architectures",
            required = true,
            paramLabel = "FILE",
            description = "Architectures in the space's text form, one a line; blank lines are skipped.")
    private String architectures;

    @Option(
            names = "--device",
            defaultValue = CPU,
            description =
                    "cpu, by the engine vector, or cuda, by libtorch on the GPU that Spark assigns or the first one"
                            + " of embedded Spark. Default: ${DEFAULT-VALUE}.")
    private String device;

    @Option(
            names = "--output",
            paramLabel = "FILE.csv",
            description = "Also writes the times in microseconds: architecture and the columns of the measure latency.")
    private Optional<String> output;

    @Option(names = OutputFile.OVERWRITE, description = "Replaces the file of --output if there is one.")
    private boolean overwrite;

    @Mixin
    private MasterOption master;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        if (!List.of(CPU, CUDA).contains(device)) {
            throw new UserMistake("--device: expected cpu or cuda, not " + device);
        }
        Configuration hadoop = Sessions.hadoop();
        Optional<OutputFile> file = output.map(path -> OutputFile.of("--output", path, overwrite, hadoop));
        SearchConfig loaded = config.load("ranking.measures=[" + Columns.LATENCY + "]");
        List<String> columns =
                Measures.of(List.of(Columns.LATENCY)).measures().get(0).columns();
        Measures latency = loaded.measures().of(columns);
        SearchPlan plan = SearchPlan.loadForCosts(loaded, hadoop);
        List<Architecture> listed = ArchitectureList.read(architectures, plan.space(), hadoop);
        List<Measured> measured = new ArrayList<>();
        SortedSet<String> machine;
        try (SparkSession session = master.open(loaded.cluster())) {
            JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
            Optional<ResourceProfile> gpus = GpuProfile.ofOneTask(spark.getConf());
            requireDevice(spark, gpus);
            machine = new Measuring(plan, latency, Optional.empty())
                    .measureInOneTask(
                            listed,
                            gpus.filter(any -> device.equals(CUDA)),
                            device.equals(CUDA) ? EngineNames.LIBTORCH : EngineNames.VECTOR,
                            spark,
                            measured::addAll);
        }
        file.ifPresent(
                table -> MeasuresFile.write(table.files(), table.path(), plan.space(), columns, measured.stream()));
        print(plan, machine, measured, command.commandLine().getOut());
        return 0;
    }

    private void requireDevice(JavaSparkContext spark, Optional<ResourceProfile> gpus) {
        if (device.equals(CUDA) && !Engine.named(EngineNames.LIBTORCH).servesGpus()) {
            throw new UserMistake("--device: cuda needs libtorch's build for CUDA on the class path; expected cpu");
        }
        if (device.equals(CUDA) && gpus.isEmpty() && !TaskPlace.isEmbedded(spark.getConf())) {
            throw new UserMistake("--device: cuda needs executors to which Spark assigns GPUs; set"
                    + " spark.executor.resource.gpu.amount");
        }
    }

    private static void print(SearchPlan plan, SortedSet<String> machine, List<Measured> measured, PrintWriter out) {
        out.printf("%11s  %11s  %11s  %s%n", "median (ms)", "lower", "upper", "quartiles of the time of a batch");
        for (Measured each : measured) {
            out.printf(
                    Locale.ROOT,
                    "%11.3f  %11.3f  %11.3f  %s%n",
                    each.values().get(0) / MICROSECONDS,
                    each.values().get(1) / MICROSECONDS,
                    each.values().get(2) / MICROSECONDS,
                    plan.space().format(each.architecture()));
        }
        machine.forEach(one -> out.println("measured on " + one));
        out.flush();
    }
}
