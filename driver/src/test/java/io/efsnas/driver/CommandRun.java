package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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
        CommandRun run = of(arguments);
        assertThat(run.status).as(run.err).isZero();
        return run;
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
