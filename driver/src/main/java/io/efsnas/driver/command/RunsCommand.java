package io.efsnas.driver.command;

import io.efsnas.driver.config.Key;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.process.Version;
import io.efsnas.driver.run.RunContents;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.run.RunFile;
import io.efsnas.driver.run.RunLease;
import io.efsnas.driver.run.RunSummary;
import io.efsnas.driver.storage.FileFailure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists run directories and removes old ones. */
@Command(
        name = "runs",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Lists the runs in a directory: the state, the accuracy of the selected architecture, the"
                + " duration and the last change of each, and below a comparison its searches. A run that is training,"
                + " scoring, retraining or comparing belongs to a living process; to resume one that stopped or"
                + " failed, start its search again.",
        footerHeading = "%nExamples:%n",
        footer = {"  efsnas runs runs", "  efsnas runs --remove-older-than 30d hdfs:///runs"})
public final class RunsCommand implements Callable<Integer> {

    private static final Logger log = LoggerFactory.getLogger(RunsCommand.class);
    private static final Pattern AGE = Pattern.compile("(\\d{1,6})([dh])");
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm").withZone(ZoneId.systemDefault());

    @Parameters(
            paramLabel = "DIR",
            description = "Directory of run directories, on any file system that Hadoop" + " reaches.")
    private String directory;

    @Option(
            names = "--remove-older-than",
            paramLabel = "AGE",
            description = "Also removes the runs in which nothing has changed for this many days or hours, such as 30d"
                    + " or 12h. Keeps runs of living processes, runs whose supernets such a process uses, runs with"
                    + " other runs inside, everything that is not a run directory, and files in a run directory that"
                    + " efsnas did not write, which it names.")
    private Optional<String> age;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        Optional<Instant> oldest = age.map(RunsCommand::parse).map(Instant.now()::minus);
        List<RunSummary> runs = new ArrayList<>(find(directory));
        PrintWriter out = command.commandLine().getOut();
        oldest.ifPresent(since -> {
            for (RunSummary old : removable(runs, since)) {
                List<String> left = RunLease.remove(old.run());
                runs.remove(old);
                out.println("removed " + old.run()
                        + (left.isEmpty() ? "" : ", except for what efsnas did not write: " + RunContents.names(left)));
            }
        });
        if (runs.isEmpty()) {
            log.warn("there is no run directory in {}", directory);
        }
        print(runs, out);
        return 0;
    }

    private static Duration parse(String age) {
        Matcher matcher = AGE.matcher(age);
        if (!matcher.matches()) {
            throw new UserMistake("--remove-older-than " + age
                    + " is not accepted; expected a number of days or hours, such as 30d or 12h");
        }
        long number = Long.parseLong(matcher.group(1));
        return matcher.group(2).equals("d") ? Duration.ofDays(number) : Duration.ofHours(number);
    }

    /** The runs in a directory by name; a directory whose files cannot be read is left out with a warning. */
    private static List<RunSummary> find(String directory) {
        RunDirectory parent = new RunDirectory("DIR", directory, new Configuration());
        if (parent.has(RunFile.SEARCH) || parent.has(RunFile.COMPARISON)) {
            throw new UserMistake("DIR " + directory
                    + " is a run directory itself; expected the directory that run directories are in");
        }
        List<RunSummary> runs = new ArrayList<>();
        for (RunDirectory run : directories(parent)) {
            try {
                RunSummary.read(run).ifPresent(runs::add);
            } catch (UserMistake | UncheckedIOException | DateTimeException e) {
                log.warn("{} is left out: {}", run, e.getMessage());
            }
        }
        return runs;
    }

    private static List<RunDirectory> directories(RunDirectory in) {
        try {
            return Arrays.stream(in.files().listStatus(in.path()))
                    .filter(FileStatus::isDirectory)
                    .sorted()
                    .map(found -> new RunDirectory(
                            found.getPath().toString(), in.files().getConf()))
                    .toList();
        } catch (FileNotFoundException e) {
            throw new UserMistake("there is no directory " + in, e);
        } catch (IOException e) {
            throw FileFailure.cannot("list", in, e);
        }
    }

    private static List<RunSummary> removable(List<RunSummary> runs, Instant since) {
        Set<String> used = runs.stream()
                .flatMap(run -> Stream.concat(Stream.of(run), run.searches().stream()))
                .filter(run -> run.state().isAlive())
                .flatMap(run -> run.supernets().stream())
                .collect(Collectors.toSet());
        return runs.stream()
                .filter(run -> run.changed().isBefore(since) && !run.state().isAlive())
                .filter(run -> Stream.concat(Stream.of(run), run.searches().stream())
                        .noneMatch(each -> used.contains(each.run().toString())))
                .filter(run -> hasNoOthersInside(run))
                .toList();
    }

    /** Whether no runs are inside but the searches of a comparison. */
    private static boolean hasNoOthersInside(RunSummary run) {
        Set<String> own =
                run.searches().stream().map(search -> search.run().toString()).collect(Collectors.toSet());
        return directories(run.run()).stream()
                .allMatch(inside -> own.contains(inside.toString()) || !inside.has(RunFile.SEARCH));
    }

    private static void print(List<RunSummary> runs, PrintWriter out) {
        out.println("state       accuracy    duration  last change       run");
        for (RunSummary run : runs) {
            print(run, run.run().path().getName() + (run.searches().isEmpty() ? "" : ", a comparison"), out);
            run.searches()
                    .forEach(search -> print(search, "  " + search.run().path().getName(), out));
        }
        out.flush();
    }

    private static void print(RunSummary run, String name, PrintWriter out) {
        Duration duration = run.duration();
        out.printf(
                Locale.ROOT,
                "%-10s  %8s  %4d:%02d:%02d  %s  %s%n",
                Key.of(run.state()),
                run.accuracy().map(accuracy -> "%.4f".formatted(accuracy)).orElse("-"),
                duration.toHours(),
                duration.toMinutesPart(),
                duration.toSecondsPart(),
                MINUTE.format(run.changed()),
                name);
    }
}
