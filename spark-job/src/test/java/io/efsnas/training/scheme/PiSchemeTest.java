package io.efsnas.training.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.efsnas.space.Architecture;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.split.CountSubspace;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.Phase;
import io.efsnas.split.Subspace;
import io.efsnas.split.SupernetNode;
import io.efsnas.split.TestTrees;
import io.efsnas.supernet.Combination;
import io.efsnas.supernet.FakeSupernet;
import io.efsnas.supernet.Lesson;
import io.efsnas.supernet.Teacher;
import io.efsnas.supernet.TrainingStep;
import io.efsnas.training.SchemeSpec;
import io.efsnas.training.TrainingScheme;
import io.efsnas.training.TrainingSchemeProvider;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PiSchemeTest {

    private static final NasBench201Space SPACE = new NasBench201Space();
    private static final MaskSubspace WHOLE = MaskSubspace.whole(SPACE);
    private static final Map<String, Object> SETTINGS = with(Map.of("imitation", 0.5, "decay", 0.9));

    /** The defaults but for some settings. */
    private static Map<String, Object> with(Map<String, Object> some) {
        Map<String, Object> settings =
                new HashMap<>(TrainingSchemeProvider.named("pi").defaults());
        settings.putAll(some);
        return settings;
    }

    private static TrainingScheme scheme() {
        return new SchemeSpec("pi", 1, SETTINGS).create();
    }

    private static SchemeSteps steps(Subspace subspace) {
        Phase phase = new Phase(0, 1, 0, 20, false);
        return new SchemeSteps(SupernetNode.independent(0, subspace, TestTrees.SIZE, phase), 3, 20);
    }

    private static List<Architecture> pair(SchemeSteps steps, long step) {
        return steps.lessons(scheme(), step).lessons().stream()
                .map(Lesson::subnet)
                .toList();
    }

    private static int inCommon(List<Architecture> pair) {
        return (int) IntStream.range(0, 6)
                .filter(edge -> pair.get(0).choice(edge) == pair.get(1).choice(edge))
                .count();
    }

    @Test
    void eachLearnsFromLabelsAndFromTheAveragedOther() {
        FakeSupernet supernet = new FakeSupernet();
        scheme().step(supernet, steps(WHOLE).context(0));

        TrainingStep step = supernet.trainingSteps().get(0);
        Architecture one = step.lessons().get(0).subnet();
        Architecture other = step.lessons().get(1).subnet();
        assertThat(step.lessons())
                .containsExactly(
                        Lesson.of(one, 1, 0.5f, new Teacher.Averaged(other)),
                        Lesson.of(other, 1, 0.5f, new Teacher.Averaged(one)));
        assertThat(step.combination()).isEqualTo(Combination.SUM);
        assertThat(supernet.averaged()).containsExactly(List.of(one, other));
        assertThat(scheme().subnetsPerStep(WHOLE)).isEqualTo(2);
        assertThat(scheme().forwardPasses(WHOLE)).isEqualTo(2);
    }

    @Test
    void theTwoHaveNoChoiceInCommonThatTheSubspaceLeavesOpen() {
        MaskSubspace part =
                WHOLE.restricted(0, List.of(3)).restricted(4, List.of(0)).restricted(5, List.of(1, 2));
        for (MaskSubspace subspace : List.of(WHOLE, part)) {
            SchemeSteps steps = steps(subspace);
            for (int step = 0; step < 200; step++) {
                List<Architecture> pair = pair(steps, step);
                assertThat(pair).allMatch(subspace::contains).allMatch(SPACE::connected);
                assertThat(inCommon(pair)).isEqualTo(subspace.equals(WHOLE) ? 0 : 2);
            }
            assertThat(pair(steps, 5)).isEqualTo(pair(steps, 5)).isNotEqualTo(pair(steps, 6));
        }
    }

    /** All edges have two operations, and disjoint cells are one of skips and one of none, which leads nowhere. */
    @Test
    void theTwoHaveChoicesInCommonWhereAllOthersAreNotConnected() {
        MaskSubspace chain = WHOLE.restricted(0, List.of(0, 1))
                .restricted(1, List.of(0))
                .restricted(2, List.of(0))
                .restricted(3, List.of(0))
                .restricted(4, List.of(1, 2))
                .restricted(5, List.of(0));

        assertThat(pair(steps(chain), 0)).allMatch(chain::contains).allMatch(SPACE::connected);
    }

    @Test
    void theTwoAreUnlikeWhereAChoiceCanRuleOutOthers() {
        CountSubspace subspace = new CountSubspace(SPACE, List.of(2));
        SchemeSteps steps = steps(subspace);
        int common = 0;
        for (int step = 0; step < 100; step++) {
            List<Architecture> pair = pair(steps, step);
            assertThat(pair).allMatch(subspace::contains).allMatch(SPACE::connected);
            common += inCommon(pair);
        }
        assertThat(common / 100d).as("random pairs have more than one").isLessThan(0.5);
    }

    @Test
    void aKilledTrainingGivesTheSameBits() {
        RestartedTraining.assertSameBits("pi", SETTINGS);
    }

    @Test
    void settingsThatAreNotAcceptedAreNamed() {
        assertRefused("imitation", -1, "imitation: expected a number from 0 to 1000");
        assertRefused("decay", 2, "decay: expected a number from 0 to 1");
        assertRefused("labels", "no", "labels: expected true or false");
        assertRefused("linear-share", 0, "linear-share: expected a number above 0 and below 1");
        assertRefused("temperature", -0.5, "temperature: expected a number above 0 and at most 100");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SchemeSpec("pi", 3, SETTINGS).create())
                .withMessageContaining("training.subnets-per-step has to be 1, not 3");
    }

    private static void assertRefused(String key, Object value, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SchemeSpec("pi", 1, with(Map.of(key, value))).create())
                .withMessage(message);
    }
}
