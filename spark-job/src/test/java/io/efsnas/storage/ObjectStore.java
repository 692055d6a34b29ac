package io.efsnas.storage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;

/**
 * An object store as Hadoop shows it, kept in local files: {@code store:///path}. A file is there when its writer has
 * closed it; to rename is to copy and to delete, and what had the new name is deleted before.
 */
public final class ObjectStore extends RawLocalFileSystem {

    private static final String SCHEME = "store";

    /** Is told of each file before it is opened. */
    public static volatile Consumer<Path> opening = path -> {};
    /** Is told of each file that is to get its new name, when the earlier file of that name is gone. */
    static volatile Consumer<Path> renaming = path -> {};

    /** What {@code FileContext} uses. */
    public static final class Context extends DelegateToFileSystem {
        public Context(URI uri, Configuration hadoop) throws IOException, URISyntaxException {
            super(uri, new ObjectStore(), hadoop, SCHEME, false);
        }
    }

    /** Tells settings, name and value, by which Hadoop finds it. */
    public static void configure(BiConsumer<String, String> settings) {
        settings.accept("fs.store.impl", ObjectStore.class.getName());
        settings.accept("fs.AbstractFileSystem.store.impl", Context.class.getName());
    }

    @Override
    public URI getUri() {
        return URI.create(SCHEME + ":///");
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FSDataInputStream open(Path path, int buffer) throws IOException {
        opening.accept(path);
        return super.open(path, buffer);
    }

    @Override
    public FSDataOutputStream create(
            Path path, boolean overwrite, int buffer, short replication, long block, Progressable progress)
            throws IOException {
        return new FSDataOutputStream(
                new ByteArrayOutputStream() {
                    @Override
                    public void close() throws IOException {
                        try (FSDataOutputStream out =
                                ObjectStore.super.create(path, overwrite, buffer, replication, block, progress)) {
                            writeTo(out);
                        }
                    }
                },
                null);
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        renaming.accept(to);
        return FileUtil.copy(this, from, this, to, true, getConf());
    }
}
