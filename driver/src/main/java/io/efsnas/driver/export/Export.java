package io.efsnas.driver.export;

import io.efsnas.storage.AtomicFile;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Writes a trained network into files. */
public final class Export {

    private Export() {}

    /**
     * The files of an export: the one that is asked for, and what it needs beside it.
     *
     * @param file the file that is asked for, whose name ends as the format says
     */
    public static List<Path> files(ExportFormat format, Path file) {
        return format == ExportFormat.PYTORCH ? List.of(file, weights(file)) : List.of(file);
    }

    private static Path weights(Path source) {
        String name = source.getName();
        int stem = name.length() - ExportFormat.PYTORCH.ending().length();
        return new Path(source.getParent(), name.substring(0, stem) + ExportFormat.SAFETENSORS.ending());
    }

    /**
     * Writes {@link #files}, in place of earlier ones.
     *
     * @throws java.io.UncheckedIOException naming the file if one cannot be written
     */
    public static void write(TrainedNetwork network, ExportFormat format, FileSystem files, Path file) {
        if (format == ExportFormat.PYTORCH) {
            write(network, ExportFormat.SAFETENSORS, files, weights(file));
        }
        AtomicFile.write(files, file, out -> format.write(network, out, file.getName()));
    }
}
