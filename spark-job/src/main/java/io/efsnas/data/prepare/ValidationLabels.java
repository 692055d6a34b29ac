package io.efsnas.data.prepare;

import io.efsnas.data.format.ImageFiles;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/**
 * The classes of validation images that are in one folder, as they come with ImageNet: a line for each with the name of the
 * file, with its ending or without, and its class, by name or by number from 0 in the order of the names; or a line with the
 * name of a class for each file in the order of their names. What follows on a line is ignored, and so is a header that
 * begins with {@code ImageId}.
 */
final class ValidationLabels {

    private static final Pattern SEPARATOR = Pattern.compile("[\\s,]+");
    private static final String HEADER = "ImageId";

    private final Path file;
    private final List<Integer> inOrder;
    private final Map<String, Integer> byName;

    private ValidationLabels(Path file, List<Integer> inOrder, Map<String, Integer> byName) {
        this.file = file;
        this.inOrder = inOrder;
        this.byName = byName;
    }

    /** @throws IllegalArgumentException naming the line that is not as it has to be */
    static ValidationLabels read(Path file, List<String> classes, ImageFiles files) {
        List<String> lines = files.linesIfPresent(file).stream()
                .filter(line -> !line.startsWith(HEADER))
                .toList();
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("--val-labels: " + file
                    + " does not exist or is empty; expected a line for" + " each validation image");
        }
        Map<String, Integer> numbers = new HashMap<>();
        for (String name : classes) {
            numbers.put(name, numbers.size());
        }
        if (SEPARATOR.split(lines.get(0)).length == 1) {
            return new ValidationLabels(
                    file, lines.stream().map(line -> named(file, line, numbers)).toList(), Map.of());
        }
        Map<String, Integer> byName = new HashMap<>();
        for (String line : lines) {
            String[] words = SEPARATOR.split(line);
            byName.put(stem(words[0]), words.length < 2 ? named(file, line, numbers) : label(file, words[1], numbers));
        }
        return new ValidationLabels(file, List.of(), byName);
    }

    /** A class by its name alone: numbers without files are those of the development kit, in an order of its own. */
    private static int named(Path file, String word, Map<String, Integer> numbers) {
        Integer label = numbers.get(word);
        if (label == null) {
            throw new IllegalArgumentException("--val-labels: " + file + " has the line '" + word
                    + "'; expected the name of a class of the training images, or the name of a file and its class");
        }
        return label;
    }

    private static int label(Path file, String word, Map<String, Integer> numbers) {
        if (numbers.containsKey(word)) {
            return numbers.get(word);
        }
        if (word.matches("\\d{1,9}") && Integer.parseInt(word) < numbers.size()) {
            return Integer.parseInt(word);
        }
        throw new IllegalArgumentException("--val-labels: " + file + " has the class '" + word
                + "'; expected the name of a class of the training images, or a number from 0 to "
                + (numbers.size() - 1));
    }

    /** @throws IllegalArgumentException if a file has no label */
    void requireFor(SortedSet<String> names) {
        if (byName.isEmpty() && inOrder.size() != names.size()) {
            throw new IllegalArgumentException("--val-labels: " + file + " has " + inOrder.size() + " lines for "
                    + names.size() + " images; expected one for each");
        }
        for (String name : names) {
            if (!byName.isEmpty() && !byName.containsKey(stem(name))) {
                throw new IllegalArgumentException(
                        "--val-labels: " + file + " has no line for " + name + "; expected one for each image");
            }
        }
    }

    /**
     * The class of a file.
     *
     * @param position of its name in the order of all names
     */
    int of(String name, int position) {
        return byName.isEmpty() ? inOrder.get(position) : byName.get(stem(name));
    }

    private static String stem(String name) {
        return name.replaceFirst("\\.[^.]*$", "");
    }
}
