package io.efsnas.supernet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a program of the tests in a JVM of its own. */
public final class OwnJvm {

    private OwnJvm() {}

    /**
     * The lines that the program prints.
     *
     * @param directory where its output goes
     * @param options of the JVM
     * @param classPath what stands before the class path of this JVM
     */
    public static List<String> run(Path directory, Class<?> main, List<String> options, Path... classPath)
            throws IOException, InterruptedException {
        List<String> classes = new ArrayList<>();
        for (Path path : classPath) {
            classes.add(path.toString());
        }
        classes.add(System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", String.join(File.pathSeparator, classes), main.getName()));
        Path output = directory.resolve("output");
        Path errors = directory.resolve("errors");

        int status = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start()
                .waitFor();

        assertThat(status).as(Files.readString(errors)).isZero();
        return Files.readAllLines(output);
    }
}
