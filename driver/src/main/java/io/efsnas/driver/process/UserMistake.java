package io.efsnas.driver.process;

import java.util.function.Supplier;

/**
 * A user's mistake in the command line, a configuration or a file: the message is one line that names the option, the key
 * or the file, and what is accepted. The command line ends with status 2 for it, and with 1 for every other exception.
 */
public final class UserMistake extends RuntimeException {

    private static final long serialVersionUID = 1;

    public UserMistake(String line) {
        super(line);
    }

    public UserMistake(String line, Throwable cause) {
        super(line, cause);
    }

    /**
     * Calls code that checks what users gave it without knowing users, such as a reader of images. What it refuses by an
     * {@link IllegalArgumentException} is the user's mistake, in its words. A {@link NumberFormatException} is not: such
     * code has a sentence for a text that is no number.
     *
     * @throws UserMistake if an argument is refused
     */
    public static <T> T checking(Supplier<T> call) {
        return checking("", call);
    }

    /**
     * Calls code that checks what users gave it, and names the place in what it refuses.
     *
     * @param place before the refusal, such as {@code "supernet.engine: "}
     * @throws UserMistake if an argument is refused
     */
    public static <T> T checking(String place, Supplier<T> call) {
        try {
            return call.get();
        } catch (NumberFormatException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new UserMistake(place + e.getMessage(), e);
        }
    }
}
