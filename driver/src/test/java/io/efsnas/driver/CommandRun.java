package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A command run in this JVM: its exit status and what it wrote. */
public record CommandRun(int status, String out, String err) {

    public static CommandRun of(String... arguments) {
        PrintStream systemOut = System.out;
        PrintStream systemErr = System.err;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            status = Main.run(arguments);
        } finally {
            System.setOut(systemOut);
            System.setErr(systemErr);
        }
        return new CommandRun(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** The same, of a command that has to succeed. */
    public static CommandRun succeeding(String... arguments) {
        return of(arguments).succeeded();
    }

    /** {@code search} on two threads of embedded Spark, unless further arguments name another master. */
    static CommandRun search(Path config, Path run, String... further) {
        return search(config, run.toString(), further);
    }

    /** The same into any file system. */
    static CommandRun search(Path config, String run, String... further) {
        return onSpark(List.of("search", "--config", config.toString(), "--run-dir", run), further);
    }

    /** {@code select}, likewise. */
    static CommandRun select(Path run, Path output, String... further) {
        return onSpark(List.of("select", "--run-dir", run.toString(), "--output", output.toString()), further);
    }

    /** {@code score}, likewise. */
    static CommandRun score(Path run, Path architectures, Path output, String... further) {
        return onSpark(
                List.of(
                        "score",
                        "--run-dir",
                        run.toString(),
                        "--architectures",
                        architectures.toString(),
                        "--output",
                        output.toString()),
                further);
    }

    /** {@code retrain}, likewise. */
    static CommandRun retrain(Path run, Path output, String... further) {
        return onSpark(List.of("retrain", "--run-dir", run.toString(), "--output", output.toString()), further);
    }

    private static CommandRun onSpark(List<String> command, String... further) {
        List<String> arguments = new ArrayList<>(command);
        arguments.addAll(List.of(further));
        if (!arguments.contains("--master")) {
            arguments.addAll(List.of("--master", "local[2]"));
        }
        return of(arguments.toArray(String[]::new));
    }

    /** This, after it has succeeded. */
    public CommandRun succeeded() {
        assertThat(status).as(err).isZero();
        return this;
    }

    /** A user mistake: exit status 2 and one line, without a stack trace. Gives the line. */
    public String mistake() {
        assertThat(status).as(err).isEqualTo(2);
        assertThat(err).doesNotContain("\tat ");
        List<String> lines =
                err.lines().filter(line -> line.startsWith("efsnas: ")).toList();
        assertThat(lines).as(err).hasSize(1);
        return lines.get(0).substring("efsnas: ".length());
    }
}
