package io.efsnas.driver.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.provider.Provider;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.DoublePredicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One section of a complete configuration, read value by value. A value that is not what its reader asks for ends in an
 * {@link UserMistake} of one line with the full key, the value, what is expected and where it was given.
 */
final class Section {

    /** Begins the origin of values given on the command line. */
    static final String OVERRIDE = "--set ";

    private static final Pattern PASSWORD = Pattern.compile("://[^/@]*:[^/@]*@");
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:");

    private final String path;
    private final ConfigObject values;

    /**
     * @param path the section's key with a dot at its end; empty for the root
     */
    Section(String path, ConfigObject values) {
        this.path = path;
        this.values = values;
    }

    /** A section within this one as the library has it, if there is one. */
    Optional<Config> optional(String name) {
        return values.containsKey(name) ? Optional.of(section(name).values.toConfig()) : Optional.empty();
    }

    Section section(String name) {
        if (values.get(name) instanceof ConfigObject inner) {
            return new Section(path + name + ".", inner);
        }
        throw refuse(name, "expected a section of keys in braces");
    }

    /** The settings of a provider by their keys: text, numbers, booleans and lists; paths as {@link #paths} reads them. */
    Map<String, Object> settings(Provider provider) {
        Map<String, Object> settings = new HashMap<>(values.unwrapped());
        for (String key : provider.paths()) {
            boolean isDefault = provider.defaults().get(key).equals(settings.get(key));
            if (!isDefault && settings.get(key) instanceof String) {
                settings.put(key, path(key, values.get(key), "expected a path"));
            }
        }
        return settings;
    }

    /** The full key of a value. */
    String key(String name) {
        return path + name;
    }

    /** Whether the value is this word, which stands for something else than the key's usual type. */
    boolean is(String name, String word) {
        return word.equals(values.get(name).unwrapped());
    }

    boolean isNumber(String name) {
        return decimal(values.get(name)).isPresent();
    }

    boolean isList(String name) {
        return values.get(name).valueType() == ConfigValueType.LIST;
    }

    String text(String name) {
        if (values.get(name).unwrapped() instanceof String text && !text.isBlank()) {
            return text;
        }
        throw refuse(name, "expected a name");
    }

    /** A list of names. */
    List<String> texts(String name) {
        String expected = "expected a list of names, such as [flops, parameters]";
        return elements(name, values.get(name), expected)
                .map(element -> {
                    if (element.unwrapped() instanceof String text && !text.isBlank()) {
                        return text;
                    }
                    throw refuse(name, expected);
                })
                .toList();
    }

    String oneOf(String name, List<String> accepted) {
        if (values.get(name).unwrapped() instanceof String text && accepted.contains(text)) {
            return text;
        }
        throw refuse(name, "expected " + (accepted.size() == 1 ? "" : "one of ") + String.join(", ", accepted));
    }

    /** A value of an enumeration, written as {@link Key#of} says. */
    <E extends Enum<E>> E oneOf(String name, Class<E> accepted) {
        Map<String, E> byKey = new LinkedHashMap<>();
        for (E value : accepted.getEnumConstants()) {
            byKey.put(Key.of(value), value);
        }
        return byKey.get(oneOf(name, List.copyOf(byKey.keySet())));
    }

    boolean bool(String name) {
        return switch (String.valueOf(values.get(name).unwrapped())) {
            case "true" -> true;
            case "false" -> false;
            default -> throw refuse(name, "expected true or false");
        };
    }

    /** A finite number that the condition accepts. */
    double number(String name, DoublePredicate accepted, String expected) {
        return decimal(values.get(name))
                .map(BigDecimal::doubleValue)
                .filter(number -> Double.isFinite(number) && accepted.test(number))
                .orElseThrow(() -> refuse(name, "expected " + expected));
    }

    double belowOne(String name) {
        return number(name, number -> number >= 0 && number < 1, "a number from 0 to below 1");
    }

    long wholeNumber(String name) {
        return wholeNumber(values.get(name), Long.MIN_VALUE)
                .orElseThrow(() -> refuse(name, "expected a whole number from -2^63 to below 2^63"));
    }

    /** A list of finite numbers. */
    List<Double> numbers(String name) {
        String expected = "expected a list of numbers, such as [0.2, 0.5, 1]";
        return elements(name, values.get(name), expected)
                .map(number -> decimal(number)
                        .map(BigDecimal::doubleValue)
                        .filter(Double::isFinite)
                        .orElseThrow(() -> refuse(name, expected)))
                .toList();
    }

    /** A list of whole numbers of 64 bits. */
    List<Long> wholeNumbers(String name) {
        String expected = "expected a list of whole numbers, such as [1, 2, 3]";
        return elements(name, values.get(name), expected)
                .map(number -> wholeNumber(number, Long.MIN_VALUE).orElseThrow(() -> refuse(name, expected)))
                .toList();
    }

    int intAtLeast(String name, int least) {
        return intAtLeast(name, least, expectedAtLeast(least, 31));
    }

    int intAtLeast(String name, int least, String expected) {
        return intNumber(values.get(name), least).orElseThrow(() -> refuse(name, expected));
    }

    /** A whole number, or empty for the word that stands for none. */
    OptionalInt intAtLeastOr(String name, int least, String word) {
        if (is(name, word)) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(intAtLeast(name, least, expectedAtLeast(least, 31) + ", or " + word));
    }

    /** A whole number, or empty for the word that stands for none. */
    OptionalLong longAtLeastOr(String name, long least, String word) {
        if (is(name, word)) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(wholeNumber(values.get(name), least)
                .orElseThrow(() -> refuse(name, expectedAtLeast(least, 63) + ", or " + word)));
    }

    /** The value as {@link #intAtLeastOr} reads it: the number, or the word that stands for none. */
    static Object orWord(OptionalInt value, String word) {
        return value.isPresent() ? value.getAsInt() : word;
    }

    /** The value as {@link #longAtLeastOr} reads it: the number, or the word that stands for none. */
    static Object orWord(OptionalLong value, String word) {
        return value.isPresent() ? value.getAsLong() : word;
    }

    List<Integer> ints(String name, int least, String expected) {
        return ints(name, values.get(name), least, expected);
    }

    List<List<Integer>> intLists(String name, int least, String expected) {
        return elements(name, values.get(name), expected)
                .map(list -> ints(name, list, least, expected))
                .toList();
    }

    /**
     * Paths as Hadoop reads them. A relative one is taken from the folder of the file that it is written in, or from the
     * working directory if it is in no file, and becomes a {@code file:} URI: it is local whatever the default file
     * system of the cluster.
     */
    List<String> paths(String name) {
        String expected = "expected a list of paths, such as [\"data/train\"]";
        return elements(name, values.get(name), expected)
                .map(element -> path(name, element, expected))
                .toList();
    }

    /** A single path, likewise. */
    String path(String name, String expected) {
        return path(name, values.get(name), expected);
    }

    private String path(String name, ConfigValue value, String expected) {
        if (!(value.unwrapped() instanceof String text) || text.isBlank()) {
            throw refuse(name, expected);
        }
        if (PASSWORD.matcher(text).find()) { // nor is it shown
            throw new UserMistake(path + name + ": a path with a password is not accepted,"
                    + " since it would be recorded; put the password into Hadoop's settings");
        }
        return absolute(text, value.origin());
    }

    /** The exception to throw for a value of this section; {@code reason} completes the sentence. */
    UserMistake refuse(String name, String reason) {
        ConfigValue value = values.get(name);
        return new UserMistake(path + name + ": " + value.render(ConfigRenderOptions.concise()) + " is not accepted; "
                + reason + " (" + place(value.origin()) + ")");
    }

    /**
     * Calls what checks the settings of this section. A refusal's message begins with the setting's key and a colon, or
     * else is about all of them.
     */
    <T> T checking(Supplier<T> call) {
        try {
            return call.get();
        } catch (IllegalArgumentException e) {
            String[] keyAndReason = e.getMessage().split(": ", 2);
            if (keyAndReason.length == 2 && values.containsKey(keyAndReason[0])) {
                throw refuse(keyAndReason[0], keyAndReason[1]);
            }
            throw new UserMistake(path.substring(0, path.length() - 1) + ": " + e.getMessage(), e);
        }
    }

    /** The file and line, or the override, that a value was given in. */
    static String place(ConfigOrigin origin) {
        String description = origin.description();
        return description.startsWith(OVERRIDE) ? origin.withLineNumber(-1).description() : description;
    }

    private static String expectedAtLeast(long least, int bits) {
        return "expected a whole number of at least " + least + " and below 2^" + bits;
    }

    private List<Integer> ints(String name, ConfigValue list, int least, String expected) {
        return elements(name, list, expected)
                .map(element -> intNumber(element, least).orElseThrow(() -> refuse(name, expected)))
                .toList();
    }

    private Stream<ConfigValue> elements(String name, ConfigValue value, String expected) {
        if (value instanceof ConfigList list) {
            return list.stream();
        }
        throw refuse(name, expected);
    }

    private static Optional<Integer> intNumber(ConfigValue value, int least) {
        return wholeNumber(value, least)
                .filter(number -> number <= Integer.MAX_VALUE)
                .map(Long::intValue);
    }

    private static Optional<Long> wholeNumber(ConfigValue value, long least) {
        try {
            return decimal(value).map(BigDecimal::longValueExact).filter(number -> number >= least);
        } catch (ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** The number that a value is. Numbers in quotes count, because those from environment variables arrive so. */
    private static Optional<BigDecimal> decimal(ConfigValue value) {
        try {
            return Optional.of(new BigDecimal(String.valueOf(value.unwrapped())));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static String absolute(String path, ConfigOrigin origin) {
        if (path.startsWith("/") || SCHEME.matcher(path).lookingAt()) {
            return path;
        }
        Path folder = origin.filename() == null
                ? Path.of("")
                : Path.of(origin.filename()).toAbsolutePath().getParent();
        return "file:" + folder.resolve(path).toAbsolutePath().normalize();
    }
}
