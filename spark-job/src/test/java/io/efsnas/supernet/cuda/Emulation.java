package io.efsnas.supernet.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.io.FileUtils;

/** CUDA on this host's processor, see {@code emulation.cpp}: built once in a JVM, where there is a compiler. */
final class Emulation {

    private static Cuda.Libraries libraries;

    private Emulation() {}

    /** Whether there is a compiler that can build it. */
    static boolean isPossible() throws InterruptedException {
        try {
            return new ProcessBuilder("g++", "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    static synchronized Cuda.Libraries libraries() {
        if (libraries == null) {
            try {
                String library = build().toString();
                libraries = Cuda.Libraries.load(List.of(library), List.of(library));
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException("cannot build the emulation of CUDA", e);
            }
        }
        return libraries;
    }

    private static Path build() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("efsnas-emulation");
        // Kernels are compiled there as long as the JVM lives.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> FileUtils.deleteQuietly(folder.toFile())));
        for (String name : List.of("emulation.h", "emulation.cpp")) {
            try (InputStream in = Emulation.class.getResourceAsStream(name)) {
                Files.copy(in, folder.resolve(name));
            }
        }
        Path library = folder.resolve("libemulation.so");
        int status = new ProcessBuilder(
                        "g++", "-std=c++17", "-O2", "-shared", "-fPIC", "-o", library.toString(), "emulation.cpp")
                .directory(folder.toFile())
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("g++ ended with status " + status);
        }
        return library;
    }
}
