package io.efsnas.driver.retrain.gradients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.efsnas.training.TrainingException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;

class FedBatchesTest {

    private static final List<DataSet> BATCHES = List.of(new DataSet(), new DataSet(), new DataSet());

    private final ModelFeed feed = new ModelFeed();
    private final FedBatches batches = new FedBatches(BATCHES.iterator(), feed);

    private void takeAll() {
        List<DataSet> taken = new ArrayList<>();
        batches.forEachRemaining(taken::add);
        assertThat(taken).containsExactlyElementsOf(BATCHES);
    }

    @Test
    void allIsWellIfTheModelWasTrainedOnAllBatches() {
        feed.trainerBegins();
        takeAll();
        BATCHES.forEach(batch -> feed.trainedOne());

        assertThatCode(batches::requireTrained).doesNotThrowAnyException();
    }

    @Test
    void aModelThatLeavesBatchesHasFailed() {
        feed.trainerBegins();
        batches.next();
        feed.trainedOne();

        assertThat(batches.hasNext()).isTrue();
        assertThatExceptionOfType(TrainingException.class)
                .isThrownBy(batches::requireTrained)
                .withMessageStartingWith("the model has not taken all batches");
    }

    @Test
    void aModelThatFailsOnItsLastBatchHasFailed() {
        feed.trainerBegins();
        takeAll();
        feed.trainedOne();
        feed.trainedOne();

        assertThatExceptionOfType(TrainingException.class)
                .isThrownBy(batches::requireTrained)
                .withMessageStartingWith("the model was trained on 2 of 3 batches");
    }

    @Test
    void aTaskThatOnlyHandsItsBatchesOverEndsBeforeTheyAreTrainedOn() throws InterruptedException {
        Thread trainer = new Thread(feed::trainerBegins);
        trainer.start();
        trainer.join();
        takeAll();

        assertThatCode(batches::requireTrained).doesNotThrowAnyException();
    }
}
