package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The page about extensions shows the code that {@link ExtensionIT} searches with. */
class ExtendingPageTest {

    static Stream<Path> sources() throws IOException {
        return Files.list(Path.of("src/test/extension/example"));
    }

    @ParameterizedTest
    @MethodSource("sources")
    void showsTheWholeClass(Path source) throws IOException {
        String code = Files.readString(source);

        assertThat(Files.readString(Path.of("../deploy/docs/extending.md")))
                .contains(code.substring(code.indexOf("/**")).strip());
    }
}
