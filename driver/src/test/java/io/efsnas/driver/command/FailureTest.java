package io.efsnas.driver.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.driver.CommandRun;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.spark.JobException;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailureTest {

    @Test
    void mistakesAreTheUsersAndWhatNobodyForesawIsNot() {
        assertThat(Failure.of(new UserMistake("a.b: 1 is not accepted")))
                .isEqualTo(new Failure("a.b: 1 is not accepted", true, true));
        assertThat(Failure.of(new IllegalArgumentException("x"))).isEqualTo(new Failure("x", false, false));
        assertThat(Failure.of(new NumberFormatException("x"))).isEqualTo(new Failure("x", false, false));
        assertThat(Failure.of(new IOException("cannot read a"))).isEqualTo(new Failure("cannot read a", false, true));
        assertThat(Failure.of(new FailedSearchesException(List.of("one-shot-seed-1"), 2)))
                .isEqualTo(new Failure(
                        "1 of 2 searches failed: one-shot-seed-1; comparison.json says why, and the same command tries them"
                                + " again",
                        false,
                        true));
        assertThat(Failure.of(new NullPointerException())).isEqualTo(new Failure("NullPointerException", false, false));
    }

    @Test
    void saysWhatToDoWithoutMemory() {
        assertThat(Failure.of(new IllegalStateException("x", new OutOfMemoryError("Java heap space")))
                        .line())
                .matches("no memory is left of the \\d+ MiB of this JVM \\(Java heap space\\); raise EFSNAS_MEMORY");
    }

    @Test
    void saysThatSparkHasStopped() {
        assertThat(Failure.of(new IllegalStateException("LiveListenerBus is stopped.")))
                .isEqualTo(new Failure(JobException.STOPPED, false, true));
    }

    @Test
    void saysWhichLocaleWritesAPath() {
        Failure failure = Failure.of(new InvalidPathException("\u00fcmlaut", "Malformed input"));

        assertThat(failure.line()).contains("cannot write the path \u00fcmlaut; set LC_ALL=C.UTF-8");
        assertThat(failure.mistake()).isTrue();
    }

    @Test
    void controlCharactersDoNotReachATerminal() {
        assertThat(Failure.printable("a\u001b[31mb\rc\nd\u009be\tf")).isEqualTo("a [31mb c d e f");
        assertThat(CommandRun.of("space", "--set", "data.train=[\"/no\\u001b[2Jwhere\"]")
                        .err())
                .contains("/no [2Jwhere")
                .doesNotContain("\u001b");
    }
}
