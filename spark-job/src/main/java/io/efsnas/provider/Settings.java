package io.efsnas.provider;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Reads the settings of a strategy. One that is not what its reader asks for ends in an {@link IllegalArgumentException}
 * with its key, a colon, and what is accepted.
 *
 * @param values the text, numbers, booleans and lists of them by key
 */
public record Settings(Map<String, Object> values) {

    /** A whole number in a range, both ends included. */
    public int whole(String key, int least, int most) {
        return number(key)
                .flatMap(Settings::exact)
                .filter(number -> number >= least && number <= most)
                .orElseThrow(() -> refusal(key, "a whole number from " + least + " to " + most));
    }

    /**
     * A whole number, or empty for the word that stands for none.
     *
     * @param accepted the numbers
     */
    public OptionalInt wholeOr(String key, String word, List<Integer> accepted) {
        if (word.equals(values.get(key))) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(number(key)
                .flatMap(Settings::exact)
                .filter(accepted::contains)
                .orElseThrow(() -> refusal(key, word + ", or one of " + accepted)));
    }

    /** A whole number in a range, both ends included, or empty for the word that stands for none. */
    public OptionalInt wholeOr(String key, String word, int least, int most) {
        if (word.equals(values.get(key))) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(number(key)
                .flatMap(Settings::exact)
                .filter(number -> number >= least && number <= most)
                .orElseThrow(() -> refusal(key, word + ", or a whole number from " + least + " to " + most)));
    }

    /** One of some words. */
    public String oneOf(String key, List<String> accepted) {
        return Optional.ofNullable(values.get(key))
                .map(String::valueOf)
                .filter(accepted::contains)
                .orElseThrow(() -> refusal(key, "one of " + String.join(", ", accepted)));
    }

    /** A share, from 0 to 1. */
    public double share(String key) {
        return between(key, 0, 1);
    }

    /** A share above 0, or empty for the word that stands for none. */
    public OptionalDouble shareOr(String key, String word) {
        if (word.equals(values.get(key))) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(number(key)
                .map(BigDecimal::doubleValue)
                .filter(share -> share > 0 && share <= 1)
                .orElseThrow(() -> refusal(key, word + ", or a number above 0 and at most 1")));
    }

    /** A number in a range, both ends included. */
    public double between(String key, int least, int most) {
        return number(key)
                .map(BigDecimal::doubleValue)
                .filter(number -> number >= least && number <= most)
                .orElseThrow(() -> refusal(key, "a number from " + least + " to " + most));
    }

    /** A number above 0, and at most a whole one. */
    public double aboveZero(String key, int most) {
        return number(key)
                .map(BigDecimal::doubleValue)
                .filter(number -> number > 0 && number <= most)
                .orElseThrow(() -> refusal(key, "a number above 0 and at most " + most));
    }

    /** Whether something is so. The words in quotes count, as those from environment variables arrive. */
    public boolean bool(String key) {
        return Boolean.parseBoolean(Optional.ofNullable(values.get(key))
                .map(String::valueOf)
                .filter(List.of("true", "false")::contains)
                .orElseThrow(() -> refusal(key, "true or false")));
    }

    /** The exception to throw for a setting. */
    public static IllegalArgumentException refusal(String key, String expected) {
        return new IllegalArgumentException(key + ": expected " + expected);
    }

    /** Numbers in quotes count, because those from environment variables arrive so. */
    private Optional<BigDecimal> number(String key) {
        try {
            return Optional.of(new BigDecimal(String.valueOf(values.get(key))));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<Integer> exact(BigDecimal number) {
        try {
            return Optional.of(number.intValueExact());
        } catch (ArithmeticException e) {
            return Optional.empty();
        }
    }
}
