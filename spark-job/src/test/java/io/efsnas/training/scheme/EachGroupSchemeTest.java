package io.efsnas.training.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.space.mobilenet.MobileNetSpace;
import io.efsnas.split.CountSubspace;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.Phase;
import io.efsnas.split.SupernetNode;
import io.efsnas.training.SchemeSpec;
import io.efsnas.training.TrainingScheme;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EachGroupSchemeTest {

    private static final MobileNetSpace SPACE = new MobileNetSpace();
    private static final List<List<Integer>> GROUPS =
            List.of(List.of(34), List.of(36), List.of(38), List.of(40), List.of(42), others());

    private static List<Integer> others() {
        return SPACE.sizes().keySet().stream().filter(count -> count < 34).toList();
    }

    private static TrainingScheme scheme(Object groups) {
        return new SchemeSpec("each-group", 1, Map.of("groups", groups)).create();
    }

    @Test
    void aStepTrainsOneSubnetOfEachGroup() {
        SupernetNode node = SupernetNode.independent(
                0,
                MaskSubspace.whole(SPACE),
                new ModelSize(2, 1, new Shape(1, 8, 8), 4),
                new Phase(0, 1, 0, 20, false));
        TrainingScheme scheme = scheme(GROUPS);
        SchemeSteps steps = new SchemeSteps(node, 7, 20);

        assertThat(scheme.subnetsPerStep(node.subspace())).isEqualTo(6);
        for (long step = 0; step < 20; step++) {
            assertThat(steps.subnets(scheme, step))
                    .extracting(SPACE::nonlinearities)
                    .satisfiesExactly(
                            count -> assertThat(count).isEqualTo(34),
                            count -> assertThat(count).isEqualTo(36),
                            count -> assertThat(count).isEqualTo(38),
                            count -> assertThat(count).isEqualTo(40),
                            count -> assertThat(count).isEqualTo(42),
                            count -> assertThat(count).isLessThan(34));
            assertThat(steps.subnets(scheme(GROUPS), step)).isEqualTo(steps.subnets(scheme, step));
        }
    }

    @Test
    void withoutGroupsEachCountIsOne() {
        assertThat(scheme("auto").subnetsPerStep(MaskSubspace.whole(SPACE))).isEqualTo(16);
        assertThat(scheme("auto").subnetsPerStep(new CountSubspace(SPACE, List.of(36, 38))))
                .isEqualTo(2);
        assertThat(scheme(GROUPS).subnetsPerStep(new CountSubspace(SPACE, List.of(36, 38))))
                .isEqualTo(2);
    }

    @Test
    void groupsThatDoNotHaveAllCountsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scheme(GROUPS.subList(1, 6)).subnetsPerStep(MaskSubspace.whole(SPACE)))
                .withMessage(
                        "no group of schemes.each-group.groups has the counts [34] of the subspace all and no others");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scheme(List.of(34)))
                .withMessage("groups: expected auto, or lists of counts such as [[34], [36], [38]]");
    }
}
