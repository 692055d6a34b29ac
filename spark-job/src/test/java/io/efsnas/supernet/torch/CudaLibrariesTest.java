package io.efsnas.supernet.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CudaLibrariesTest {

    @Test
    void tellsThoseThatDoNotLoadFromThoseThatDo() {
        assertThat(CudaLibraries.absent(List.of("libm.so.6", "libefsnas-has-none.so.1")))
                .containsExactly("libefsnas-has-none.so.1");
    }
}
