package io.efsnas.driver.command;

import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.flow.MeasuresFile;
import io.efsnas.driver.flow.Measuring;
import io.efsnas.driver.flow.SearchPlan;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.process.Version;
import io.efsnas.driver.spark.Sessions;
import io.efsnas.measure.Measured;
import io.efsnas.measure.Measures;
import io.efsnas.measure.Needs;
import io.efsnas.space.Architecture;
import io.efsnas.space.Enumeration;
import io.efsnas.space.SearchSpace;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "measure",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Measures architectures without a search: as untrained networks of the configuration's final"
                + " size, or after a short training of each by itself. The configuration has the settings of measures,"
                + " such as measures.batch. Reads images only if a measure needs them.",
        footerHeading = "%nExample:%n",
        footer =
                "  efsnas measure --config conf/quickstart.conf --measures live-flops,expressivity --output measures.csv")
public final class MeasureCommand implements Callable<Integer> {

    @Mixin
    private ConfigOptions config;

    @Option(
            names = "--measures",
            required = true,
            split = ",",
            paramLabel = "NAME",
            description = "What to measure: flops, parameters, live-flops, live-parameters, nonlinearities, latency,"
                    + " table-accuracy, expressivity, progressivity, trainability, synflow, naswot, gradient-norm; and"
                    + " what needs images: zico, jacobian-covariance, ntk-smallest-eigenvalue, ntk-condition,"
                    + " sigeo-fisher-rao, sigeo-zico, sigeo-loss, trained-accuracy, trained-loss.")
    private List<String> measures;

    @Option(
            names = "--architectures",
            paramLabel = "FILE",
            description = "Architectures in the space's text form, one a line; blank lines are skipped. Default: all"
                    + " connected architectures of the space.")
    private Optional<String> architectures;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "FILE.csv",
            description = "Where the values go: a column architecture, and one for each measure.")
    private String output;

    @Option(names = OutputFile.OVERWRITE, description = "Replaces the file of --output if there is one.")
    private boolean overwrite;

    @Mixin
    private MasterOption master;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        Configuration hadoop = Sessions.hadoop();
        Measures named = UserMistake.checking("--measures: ", () -> Measures.of(measures));
        if (named.need(Needs.TRAINED)) {
            throw new UserMistake("--measures: "
                    + String.join(", ", named.needing(Set.of(Needs.TRAINED)).columns())
                    + " cannot be measured without a search, since trained supernets are needed; ask for it by"
                    + " ranking.measures");
        }
        OutputFile file = OutputFile.of("--output", output, overwrite, hadoop);
        SearchConfig loaded = config.load("ranking.measures=[" + String.join(",", measures) + "]");
        Measures chosen = loaded.measures().of(measures);
        SearchPlan plan =
                chosen.needImages() ? SearchPlan.load(loaded, hadoop) : SearchPlan.loadForCosts(loaded, hadoop);
        SearchSpace space = plan.space();
        UserMistake.checking("--measures: ", () -> chosen.checked(space, plan.finalSize()));
        Measuring measuring = new Measuring(plan, chosen, Optional.empty());
        List<Architecture> wanted = architectures
                .map(listed -> ArchitectureList.read(listed, space, hadoop))
                .orElseGet(() -> UserMistake.checking(
                        "--architectures: ", () -> Enumeration.connected(space).toList()));
        List<Measured> measured = measured(measuring, wanted, loaded);
        MeasuresFile.write(file.files(), file.path(), space, chosen.columns(), measured.stream());
        PrintWriter out = command.commandLine().getOut();
        out.printf("measures   of %d architectures: %s%n", measured.size(), file.path());
        out.flush();
        return 0;
    }

    private List<Measured> measured(Measuring measuring, List<Architecture> wanted, SearchConfig loaded) {
        List<SparkSession> opened = new ArrayList<>();
        try {
            Map<Architecture, Measured> measured = new HashMap<>();
            measuring.measure(
                    wanted,
                    UUID.randomUUID().toString(),
                    () -> {
                        opened.add(master.open(loaded.cluster()));
                        return JavaSparkContext.fromSparkContext(opened.get(0).sparkContext());
                    },
                    part -> part.forEach(each -> measured.put(each.architecture(), each)));
            return wanted.stream().map(measured::get).toList();
        } finally {
            opened.forEach(SparkSession::close);
        }
    }
}
