package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The report of a real search in a real browser, where one is installed. */
class ReportIT {

    /**
     * A page that shows the report in a frame of a width, since browsers have no windows as narrow as a phone, sorts its
     * table, and notes in its title what came of it.
     */
    private static final String PROBE =
            """
            <iframe id="report" width="%d" height="800" style="border: 0" src="run/report.html"></iframe>
            <script>
            report.onload = () => {
              const page = report.contentDocument;
              const button = [...page.querySelectorAll('th button')].find(button => button.textContent === 'Loss');
              const sorted = () => {
                button.click();
                const column = button.closest('th').cellIndex;
                return [...page.querySelectorAll('#top tbody tr')].map(row => Number(row.cells[column].dataset.value));
              };
              const ascending = sorted();
              const descending = sorted();
              document.title = [
                'frame ' + report.contentWindow.innerWidth, 'page ' + page.documentElement.scrollWidth,
                'rows ' + ascending.length,
                'ascending ' + ascending.every((value, i) => i === 0 || ascending[i - 1] <= value),
                'descending ' + descending.every((value, i) => i === 0 || descending[i - 1] >= value)
              ].join(', ');
            };
            </script>
            """;

    @TempDir
    private static Path directory;

    private static Path report;

    @BeforeAll
    static void search() throws IOException {
        Path config = TinySearch.settings().with("scoring.architectures", 10).writeTo(directory);
        CommandRun.search(config, directory.resolve("run")).succeeded();
        report = directory.resolve("run/report.html");
    }

    @Test
    void reportCanBeWrittenAgain() throws IOException {
        byte[] first = Files.readAllBytes(report);
        Files.delete(report);

        CommandRun run = CommandRun.succeeding(
                "report", "--run-dir", directory.resolve("run").toString());

        assertThat(run.out().strip()).isEqualTo("file:" + report);
        assertThat(report).hasBinaryContent(first);
    }

    @ParameterizedTest
    @ValueSource(ints = {390, 1280})
    void opensWithoutErrorsOrOverflow(int width) throws IOException, InterruptedException {
        Path probe = Files.writeString(directory.resolve("probe-" + width + ".html"), PROBE.formatted(width));

        String opened = chromium(
                "--allow-file-access-from-files", "--dump-dom", probe.toUri().toString());

        assertThat(opened)
                .contains("frame " + width + ", page " + width + ", rows 20, ascending true, descending true")
                .doesNotContain("CONSOLE");
    }

    private static String chromium(String... arguments) throws IOException, InterruptedException {
        List<String> command = Stream.concat(
                        Stream.of(
                                "chromium",
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--hide-scrollbars",
                                "--enable-logging=stderr",
                                "--user-data-dir=" + directory.resolve("profile")),
                        Stream.of(arguments))
                .toList();
        Path output = Files.createTempFile(directory, "chromium", ".txt");
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "there is no chromium: " + e.getMessage());
            throw e;
        }
        boolean ended = process.waitFor(2, TimeUnit.MINUTES);
        process.destroyForcibly();
        assertThat(ended).as(Files.readString(output, StandardCharsets.UTF_8)).isTrue();
        return Files.readString(output, StandardCharsets.UTF_8);
    }
}
