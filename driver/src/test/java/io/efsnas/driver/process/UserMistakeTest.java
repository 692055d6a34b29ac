package io.efsnas.driver.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

class UserMistakeTest {

    @Test
    void aRefusedArgumentIsTheUsersInItsOwnWords() {
        IllegalArgumentException refusal = new IllegalArgumentException("there is no engine 'abacus'");

        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> UserMistake.checking("--engine: ", () -> refuse(refusal)))
                .withMessage("--engine: there is no engine 'abacus'")
                .withCause(refusal);
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> UserMistake.checking(() -> refuse(refusal)))
                .withMessage("there is no engine 'abacus'");
    }

    @Test
    void anythingElseIsNot() {
        assertThatExceptionOfType(NumberFormatException.class)
                .isThrownBy(() -> UserMistake.checking(() -> Integer.parseInt("x")));
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> UserMistake.checking(() -> refuse(new IllegalStateException())));
        assertThat(UserMistake.<String>checking(() -> "value")).isEqualTo("value");
    }

    private static Object refuse(RuntimeException reason) {
        throw reason;
    }
}
