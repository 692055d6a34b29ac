package io.efsnas.driver.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class NewRunOptionTest {

    private final ConfigOptions config = CommandLine.populateCommand(new ConfigOptions());

    private static NewRunOption parsed(String... arguments) {
        return CommandLine.populateCommand(new NewRunOption(), arguments);
    }

    @Test
    void theSameCommandResumesInADirectoryThatWasGiven() {
        NewRunOption option = parsed("--run-dir", "hdfs:///runs/1");

        assertThat(option.directory(config)).isEqualTo("hdfs:///runs/1");
        assertThat(option.resumption()).contains("the same command resumes from here");
    }

    @Test
    void aDirectoryThatTheCommandMadeIsNamed() {
        NewRunOption option = parsed();
        String directory = option.directory(config);

        assertThat(directory).matches("runs/search-\\d{8}-\\d{6}").isEqualTo(option.directory(config));
        assertThat(option.resumption()).contains("to resume, add --run-dir " + directory + " to the same command");
    }

    @Test
    void withoutADirectoryThereIsNothingToResume() {
        assertThat(parsed().resumption()).isEmpty();
    }
}
