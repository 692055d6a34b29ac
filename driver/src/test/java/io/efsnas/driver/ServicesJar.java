package io.efsnas.driver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** Jars of classes of the tests, which come as a user's own do: found by their names in the jar's lists of services. */
final class ServicesJar {

    private ServicesJar() {}

    /**
     * Writes a jar.
     *
     * @param providers by the service that each provides
     * @return the jar
     */
    static Path write(Path jar, Map<Class<?>, Class<?>> providers) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Map.Entry<Class<?>, Class<?>> provider : providers.entrySet()) {
                out.putNextEntry(
                        new JarEntry("META-INF/services/" + provider.getKey().getName()));
                out.write(provider.getValue().getName().getBytes(StandardCharsets.UTF_8));
                addClasses(out, provider.getValue());
            }
        }
        return jar;
    }

    /** Adds a class, and those in it. */
    private static void addClasses(JarOutputStream out, Class<?> provider) throws IOException {
        String folder = provider.getPackageName().replace('.', '/');
        try (Stream<Path> files = Files.list(Path.of("target/test-classes", folder))) {
            for (Path file : files.filter(path -> path.getFileName().toString().startsWith(provider.getSimpleName()))
                    .toList()) {
                out.putNextEntry(new JarEntry(folder + "/" + file.getFileName()));
                Files.copy(file, out);
            }
        }
    }
}
