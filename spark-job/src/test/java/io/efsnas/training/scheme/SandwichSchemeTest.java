package io.efsnas.training.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.efsnas.space.Architecture;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.split.SupernetNode;
import io.efsnas.split.SupernetTree;
import io.efsnas.split.TestTrees;
import io.efsnas.split.count.CountSplitter;
import io.efsnas.supernet.Combination;
import io.efsnas.supernet.Lesson;
import io.efsnas.supernet.Teacher;
import io.efsnas.supernet.TrainingStep;
import io.efsnas.training.SchemeSpec;
import io.efsnas.training.TrainingScheme;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SandwichSchemeTest {

    private static final NasBench201Space SPACE = new NasBench201Space();
    private static final SupernetTree TREE = TestTrees.warmStart(SPACE, CountSplitter.even(SPACE, 3), 10, 20);
    private static final SupernetNode NODE = TREE.node("1");
    private static final Map<String, Object> SETTINGS = Map.of("random", 3, "soft-share", 0.75);

    private static TrainingScheme scheme() {
        return new SchemeSpec("sandwich", 1, SETTINGS).create();
    }

    @Test
    void theLargestTeachesTheSmallestAndRandomOnes() {
        CostRange range = CostRange.of(NODE);
        SchemeSteps steps = new SchemeSteps(NODE, 3, 20);
        TrainingScheme scheme = scheme();
        Set<Architecture> drawn = new HashSet<>();
        for (int step = 0; step < 50; step++) {
            TrainingStep taken = steps.lessons(scheme, step);
            List<Lesson> lessons = taken.lessons();
            assertThat(lessons).hasSize(scheme.subnetsPerStep(NODE.subspace())).hasSize(5);
            assertThat(lessons.get(0)).isEqualTo(Lesson.of(range.largest()));
            assertThat(lessons.get(1).subnet()).isEqualTo(range.smallest());
            for (Lesson pupil : lessons.subList(1, 5)) {
                assertThat(pupil).isEqualTo(Lesson.of(pupil.subnet(), 0.25f, 0.75f, new Teacher.First()));
                assertThat(TREE.leafOf(pupil.subnet())).isEqualTo(NODE);
            }
            lessons.subList(2, 5).forEach(lesson -> drawn.add(lesson.subnet()));
            assertThat(taken.combination()).isEqualTo(Combination.SUM);
            assertThat(taken.learningRate()).isEqualTo(steps.context(step).learningRate());
        }
        assertThat(drawn).hasSizeGreaterThan(100);
        assertThat(steps.lessons(scheme(), 7)).isEqualTo(steps.lessons(scheme, 7));
    }

    @Test
    void aKilledTrainingGivesTheSameBits() {
        RestartedTraining.assertSameBits("sandwich", SETTINGS);
    }

    @Test
    void settingsThatAreNotAcceptedAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SchemeSpec("sandwich", 1, Map.of("random", -1, "soft-share", 1)).create())
                .withMessage("random: expected a whole number from 0 to 100");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SchemeSpec("sandwich", 1, Map.of("random", 2, "soft-share", 2)).create())
                .withMessage("soft-share: expected a number from 0 to 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SchemeSpec("sandwich", 2, SETTINGS).create())
                .withMessageContaining("training.subnets-per-step has to be 1, not 2");
    }
}
