package io.efsnas.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ImageFormatTest {

    @Test
    void isFoundByItsNameInAConfiguration() {
        assertThat(ImageFormat.named("cifar10")).isEqualTo(ImageFormat.CIFAR10);
        assertThat(ImageFormat.named("cifar100")).isEqualTo(ImageFormat.CIFAR100);
        assertThat(ImageFormat.named("idx")).isEqualTo(ImageFormat.IDX);
    }

    @Test
    void refusesOtherNamesWithThoseThatAreKnown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ImageFormat.named("CIFAR10"))
                .withMessage(
                        "there is no image format 'CIFAR10'; known: cifar10, cifar100, idx, downsampled-imagenet, imagenet16-120, folder, shards");
    }
}
