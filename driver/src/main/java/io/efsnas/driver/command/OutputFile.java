package io.efsnas.driver.command;

import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.run.RunContents;
import io.efsnas.driver.run.RunFile;
import io.efsnas.storage.FileSystems;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A file that a user names for a command's output, which never takes the place of a run's own file, nor without being told
 * so of any other.
 */
record OutputFile(FileSystem files, Path path) {

    /** How to replace a file. */
    static final String OVERWRITE = "--overwrite";

    /**
     * Looks at the place before anything is computed.
     *
     * @param option the option that names the file
     * @param overwrite whether a file that is there may be replaced
     * @throws UserMistake naming option and file if it may not be written, or cannot
     */
    static OutputFile of(String option, String text, boolean overwrite, Configuration hadoop) {
        Path path = UserMistake.checking(() -> FileSystems.path(option, text));
        FileSystem files = UserMistake.checking(option + " ", () -> FileSystems.of(path, hadoop));
        String name = option + " " + text;
        try {
            Path qualified = files.makeQualified(path);
            if (files.exists(path) && files.getFileStatus(path).isDirectory()) {
                throw new UserMistake(name + " is a directory; expected a file");
            }
            Path parent = qualified.getParent();
            if (files.exists(parent) && !files.getFileStatus(parent).isDirectory()) {
                throw new UserMistake(name + " cannot be written: " + parent + " is a file");
            }
            requireNoneOfARun(name, files, qualified);
            if (files.exists(path) && !overwrite) {
                throw new UserMistake(name + " exists; give another file, or " + OVERWRITE + " to replace it");
            }
            return new OutputFile(files, path);
        } catch (IOException e) {
            throw new UserMistake(name + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static void requireNoneOfARun(String name, FileSystem files, Path path) throws IOException {
        for (Path above = path.getParent(); above != null; above = above.getParent()) {
            String within = path.toUri()
                    .getPath()
                    .substring(above.toUri().getPath().length())
                    .replaceFirst("^/", "");
            if (RunContents.isOwnName(within) && files.exists(RunFile.SEARCH.in(above))) {
                throw new UserMistake(name + " is a file of the run directory " + above + " itself; give another name");
            }
        }
    }
}
