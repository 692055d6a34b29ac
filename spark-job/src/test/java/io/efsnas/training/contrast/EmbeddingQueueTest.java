package io.efsnas.training.contrast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.supernet.SupernetState.Tensor;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EmbeddingQueueTest {

    private final EmbeddingQueue queue = EmbeddingQueue.drawn(5, 2, new SplittableRandom(1));

    private static EmbeddingQueue restarted(EmbeddingQueue queue) {
        Map<String, Tensor> state = new TreeMap<>();
        queue.putInto(state);
        return EmbeddingQueue.restored(state);
    }

    @Test
    void itBeginsFullOfRandomDirections() {
        float[] drawn = queue.embeddings();

        assertThat(queue.size()).isEqualTo(5);
        for (int place = 0; place < 5; place++) {
            assertThat(Math.hypot(drawn[2 * place], drawn[2 * place + 1])).isCloseTo(1, within(1e-6));
        }
        assertThat(EmbeddingQueue.drawn(5, 2, new SplittableRandom(1)).embeddings())
                .isEqualTo(drawn);
        assertThat(EmbeddingQueue.drawn(5, 2, new SplittableRandom(2)).embeddings())
                .isNotEqualTo(drawn);
    }

    @Test
    void newOnesTakeThePlacesOfTheOldestOnes() {
        float[] drawn = queue.embeddings().clone();

        queue.add(new float[] {1, 1, 2, 2, 3, 3});
        assertThat(queue.embeddings()).containsExactly(1, 1, 2, 2, 3, 3, drawn[6], drawn[7], drawn[8], drawn[9]);

        queue.add(new float[] {4, 4, 5, 5, 6, 6});
        assertThat(queue.embeddings()).containsExactly(6, 6, 2, 2, 3, 3, 4, 4, 5, 5);
    }

    @Test
    void ofMoreThanItHoldsTheLastOnesStay() {
        queue.add(new float[] {1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7});

        assertThat(queue.embeddings()).containsExactly(6, 6, 7, 7, 3, 3, 4, 4, 5, 5);
    }

    @Test
    void productsAreThoseOfAllPlaces() {
        queue.add(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
        float[] products = {5, 5, 5, 5, 5};

        queue.multiply(new float[] {0, 2, 3}, 1, products);

        assertThat(products)
                .containsExactly(2 * 11 + 3 * 12, 2 * 3 + 3 * 4, 2 * 5 + 3 * 6, 2 * 7 + 3 * 8, 2 * 9 + 3 * 10);
        assertThat(queue.at(1)).containsExactly(3, 4);
    }

    @Test
    void aRestoredOneGoesOnAtTheSamePlace() {
        queue.add(new float[] {1, 1, 2, 2, 3, 3});
        EmbeddingQueue restored = restarted(queue);
        queue.add(new float[] {4, 4, 5, 5, 6, 6});

        assertThat(restored.embeddings()).isNotEqualTo(queue.embeddings());
        restored.add(new float[] {4, 4, 5, 5, 6, 6});
        assertThat(restored.embeddings()).isEqualTo(queue.embeddings());
    }
}
