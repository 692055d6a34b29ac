package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shards of a folder of images, and a search on them. */
class PrepareIT {

    @TempDir
    private Path directory;

    private Path images() {
        return directory.resolve("images");
    }

    private Path shards() {
        return directory.resolve("shards");
    }

    private CommandRun prepare(String... further) {
        List<String> arguments = new ArrayList<>(new FolderOfImages(images()).preparing(shards().toString()));
        arguments.addAll(List.of(further));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    /** Damaged images are refused, then skipped; what was written stays; the ranking depends on no number of threads. */
    @Test
    void aFolderIsPreparedResumedAndSearchedOn() throws IOException {
        FolderOfImages.write(images());
        Files.writeString(images().resolve("class1/cut.png"), "no image");
        assertThat(prepare().mistake())
                .isEqualTo("1 of the images in file:" + images() + " cannot be decoded: class1/cut.png: it is no image;"
                        + " expected JPEG or PNG; remove them and give another --to, or give --damaged skip");
        String resumed = prepare("--damaged", "skip").succeeded().out();
        assertThat(resumed)
                .contains("prepared   240 images of 4 classes in 6 shards, 5 of which were there")
                .contains("skipped    1 damaged images: class1/cut.png: it is no image; expected JPEG or PNG")
                .contains("use with   data { format = shards, train = [\"file:" + shards()
                        + "/train\"], test = [\"file:" + shards() + "/test\"], side = 16 }");
        assertThat(prepare("--damaged", "skip", "--seed", "1").mistake())
                .contains("were begun with seed = 0, not 1; expected the same, or a new folder");

        Path config =
                FolderOfImages.on(shards().toString(), TinySearch.settings()).writeTo(directory);
        CommandRun.search(config, directory.resolve("run")).succeeded();
        CommandRun.search(config, directory.resolve("alone"), "--master", "local[1]")
                .succeeded();

        assertThat(Csv.ranking(directory.resolve("run"))).hasSize(12);
        assertThat(directory.resolve("alone/ranking.csv")).hasSameBinaryContentAs(directory.resolve("run/ranking.csv"));
    }
}
