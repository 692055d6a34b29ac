package io.efsnas.driver;

import io.efsnas.driver.command.BenchCommand;
import io.efsnas.driver.command.CompareCommand;
import io.efsnas.driver.command.CorrelateCommand;
import io.efsnas.driver.command.ExportCommand;
import io.efsnas.driver.command.Failure;
import io.efsnas.driver.command.LatencyCommand;
import io.efsnas.driver.command.MeasureCommand;
import io.efsnas.driver.command.PrepareCommand;
import io.efsnas.driver.command.ReportCommand;
import io.efsnas.driver.command.Resumable;
import io.efsnas.driver.command.RetrainCommand;
import io.efsnas.driver.command.RunsCommand;
import io.efsnas.driver.command.ScoreCommand;
import io.efsnas.driver.command.SearchCommand;
import io.efsnas.driver.command.SelectCommand;
import io.efsnas.driver.command.SpaceCommand;
import io.efsnas.driver.command.StrategiesCommand;
import io.efsnas.driver.process.Termination;
import io.efsnas.driver.process.Version;
import io.efsnas.driver.spark.Sessions;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.HelpCommand;

/** The command line: runs a command, and ends with its exit status and, after a failure, with one line that says why. */
@Command(
        name = "efsnas",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Few-shot neural architecture search on Apache Spark by counting nonlinear functions.",
        subcommands = {
            SearchCommand.class,
            PrepareCommand.class,
            StrategiesCommand.class,
            SpaceCommand.class,
            CompareCommand.class,
            SelectCommand.class,
            ScoreCommand.class,
            RetrainCommand.class,
            ExportCommand.class,
            MeasureCommand.class,
            LatencyCommand.class,
            CorrelateCommand.class,
            ReportCommand.class,
            RunsCommand.class,
            BenchCommand.class,
            HelpCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:success",
            "1:the run failed",
            "2:a mistake in the command line, the configuration or a file",
            "143:stopped by SIGTERM",
            "130:stopped by Ctrl-C, also while following a Livy batch"
        },
        footerHeading = "%nExample:%n",
        footer = "  efsnas search --config conf/quickstart.conf")
public final class Main {

    private static final Logger log = LoggerFactory.getLogger(Main.class);

    /** What was told of a failure, without the name of the program. */
    private String failure = "";

    private Main() {}

    /**
     * Runs a command and ends the JVM with its exit status, unless YARN's application master has called this in its own
     * JVM. It takes any end of the JVM for a failure, so there success is to return, and failure is to throw.
     */
    public static void main(String[] arguments) {
        Main main = new Main();
        int result = main.execute(arguments);
        int status = Termination.cause().map(Termination.Cause::status).orElse(result);
        if (!Sessions.isInApplicationMaster()) {
            System.exit(status);
        } else if (status != ExitCode.OK) {
            throw new FailedApplication("efsnas: "
                    + Termination.cause().map(Termination.Cause::line).orElse(main.failure));
        }
    }

    /** Runs a command and gives its exit status. */
    static int run(String... arguments) {
        return new Main().execute(arguments);
    }

    private int execute(String... arguments) {
        CommandLine command = new CommandLine(this)
                .setUsageHelpWidth(100)
                .setExecutionExceptionHandler(this::report)
                .setParameterExceptionHandler(this::report);
        try {
            return command.execute(arguments);
        } catch (OutOfMemoryError e) {
            print(Failure.ofMemory(e), command);
            return ExitCode.SOFTWARE;
        }
    }

    /** One line for a mistake in the command line. */
    private int report(CommandLine.ParameterException mistake, String[] arguments) {
        CommandLine command = mistake.getCommandLine();
        print(mistake.getMessage() + "; see " + command.getCommandSpec().qualifiedName() + " --help", command);
        return ExitCode.USAGE;
    }

    /** One line for a user; a failure that nobody foresaw also shows where it came from. */
    private int report(Exception thrown, CommandLine command, CommandLine.ParseResult parsed) {
        Optional<Termination.Cause> termination = Termination.cause();
        if (termination.isPresent()) {
            print(told(termination.get(), command.getCommandSpec().userObject()), command);
            return termination.get().status();
        }
        Failure told = Failure.of(thrown);
        print(told.line(), command);
        log.debug("thrown at", thrown);
        if (!told.foreseen()) {
            thrown.printStackTrace(command.getErr());
        }
        return told.mistake() ? ExitCode.USAGE : ExitCode.SOFTWARE;
    }

    private static String told(Termination.Cause cause, Object command) {
        Optional<String> resumption = command instanceof Resumable resumable && cause != Termination.Cause.LEASE_LOST
                ? resumable.resumption()
                : Optional.empty();
        return cause.line() + resumption.map(how -> "; " + how).orElse("");
    }

    private void print(String line, CommandLine command) {
        failure = Failure.printable(line);
        command.getErr().println("efsnas: " + failure);
    }

    /** Shown by YARN as the diagnostics of an application that failed: the one line for a user, and nothing else. */
    @SuppressWarnings("OverrideThrowableToString") // getMessage() would be shown behind the name of the class
    private static final class FailedApplication extends RuntimeException {

        FailedApplication(String line) {
            super(line, null, false, false);
        }

        @Override
        public String toString() {
            return getMessage();
        }
    }
}
