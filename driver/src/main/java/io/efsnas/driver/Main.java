package io.efsnas.driver;

import io.efsnas.driver.rounds.SupernetException;
import io.efsnas.training.TrainingException;
import java.io.UncheckedIOException;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.HelpCommand;

/** The command line. */
@Command(
        name = "efsnas",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Few-shot neural architecture search on Apache Spark by counting nonlinear functions.",
        subcommands = {
            SearchCommand.class,
            SpaceCommand.class,
            SelectCommand.class,
            ScoreCommand.class,
            RetrainCommand.class,
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
            "2:a mistake in the command line, a configuration or a file",
            "143:stopped by SIGTERM",
            "130:left a Livy batch by Ctrl-C"
        },
        footerHeading = "%nExample:%n",
        footer = "  efsnas search --config conf/quickstart.conf")
public final class Main {

    private Main() {}

    /** Runs a command and ends the JVM with its exit status. */
    public static void main(String[] arguments) {
        Termination.onSigterm();
        int status = run(arguments);
        System.exit(Termination.cause().map(Termination.Cause::status).orElse(status));
    }

    /** Runs a command and gives its exit status. */
    static int run(String... arguments) {
        return new CommandLine(new Main())
                .setUsageHelpWidth(100)
                .setExecutionExceptionHandler(Main::report)
                .setParameterExceptionHandler(Main::report)
                .execute(arguments);
    }

    /** One line for a mistake in the command line. */
    private static int report(CommandLine.ParameterException mistake, String[] arguments) {
        CommandLine command = mistake.getCommandLine();
        command.getErr()
                .println("efsnas: " + mistake.getMessage() + "; see "
                        + command.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    /** One line for a user; a failure that nobody foresaw also shows where it came from. */
    private static int report(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        Optional<Termination.Cause> termination = Termination.cause();
        if (termination.isPresent()) {
            command.getErr().println("efsnas: " + termination.get().line());
            return termination.get().status();
        }
        boolean mistake = failure instanceof IllegalArgumentException;
        boolean explained = mistake
                || failure instanceof SupernetException
                || failure instanceof TrainingException
                || failure instanceof UncheckedIOException;
        command.getErr().println("efsnas: " + failure.getMessage());
        if (!explained) {
            failure.printStackTrace(command.getErr());
        }
        return mistake ? ExitCode.USAGE : ExitCode.SOFTWARE;
    }
}
