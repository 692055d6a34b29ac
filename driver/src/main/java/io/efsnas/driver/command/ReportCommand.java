package io.efsnas.driver.command;

import io.efsnas.driver.process.Version;
import io.efsnas.driver.report.Report;
import io.efsnas.driver.run.RunDirectory;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes the report of a search or a comparison anew. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Writes report.html into the run directory of a search or a comparison, which may still be"
                + " running: one file that any browser shows without any other.",
        footerHeading = "%nExample:%n",
        footer = "  efsnas report --run-dir runs/1")
public final class ReportCommand implements Callable<Integer> {

    @Option(
            names = "--run-dir",
            required = true,
            paramLabel = "DIR",
            description = "Run directory of the search or comparison.")
    private String runDirectory;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        RunDirectory run = new RunDirectory(runDirectory, new Configuration());
        PrintWriter out = command.commandLine().getOut();
        out.println(run.comparison()
                .map(comparison -> Report.write(run, comparison))
                .orElseGet(() -> Report.write(run)));
        out.flush();
        return 0;
    }
}
