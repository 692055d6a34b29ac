package io.efsnas.driver.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.ranking.Subnets;
import io.efsnas.measure.Measure;
import io.efsnas.measure.MeasureContext;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableTest {

    private static final MeasureContext CONTEXT =
            MeasureContext.ofArchitectures(Subnets.SPACE, new ModelSize(16, 5, new Shape(3, 32, 32), 10));

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(
                directory.resolve("table.csv"),
                "architecture,test_accuracy,valid_777,valid_888\n%s,84,80,70\n%s,54,50,\n"
                        .formatted(Subnets.CONV_3X3, Subnets.SKIP));
    }

    private Measure table(String column) {
        return new Table().with(Map.of("file", file.toString(), "column", column));
    }

    private static double of(Measure table, String architecture) {
        return table.of(Subnets.SPACE.parse(architecture), CONTEXT)[0];
    }

    @Test
    void givesSharesOfTheColumn() {
        assertThat(of(table("test_accuracy"), Subnets.CONV_3X3)).isEqualTo(0.84);
        assertThat(of(table("valid"), Subnets.CONV_3X3)).isEqualTo(0.75);
        assertThat(of(table("valid"), Subnets.SKIP)).isEqualTo(0.5);
    }

    @Test
    void namesTheArchitectureThatTheTableLacks() {
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> of(table("valid"), Subnets.POOL))
                .withMessage("measures.table.file: " + file + " has no architecture " + Subnets.POOL
                        + "; expected a table of all that are measured");
    }

    @Test
    void namesTheColumnThatTheTableLacks() {
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> of(table("train"), Subnets.SKIP))
                .withMessage(file + ", line 1: there is no column 'train'; expected a header with architecture,train,"
                        + " or with columns train_SEED");
    }

    @Test
    void namesTheFileThatIsNotThere() throws IOException {
        Files.delete(file);

        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> of(table("valid"), Subnets.SKIP))
                .withMessageContaining(file.toString());
    }

    @Test
    void needsAFile() {
        Measure table = new Table();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> table.with(table.defaults()))
                .withMessage("file: expected the path of a CSV file");
    }
}
