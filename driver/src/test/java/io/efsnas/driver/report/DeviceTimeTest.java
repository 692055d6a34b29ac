package io.efsnas.driver.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.job.RoundReport;
import io.efsnas.job.TaskPlace;
import io.efsnas.training.RoundMetrics;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceTimeTest {

    private static RoundReport round(String device, double hours, double share) {
        RoundMetrics metrics = new RoundMetrics("0", 0, 10, 1, 0.5, 640, 10, 3600 * hours, 0, 0, 0);
        return new RoundReport(
                0, 0, metrics, new TaskPlace("host", "1", device), "libtorch", 1, false, 0, share, List.of());
    }

    @Test
    void gpuHoursAreThoseOfTheSharesThatRoundsWereAssigned() {
        List<RoundReport> rounds =
                List.of(round("gpu:0", 2, 1), round("gpu:0", 4, 0.25), round("gpu:1", 3, 0.5), round("cpu", 8, 1));

        DeviceTime time = DeviceTime.of(rounds, 0.1);

        assertThat(time.gpuHours().orElseThrow()).isCloseTo(2 + 1 + 1.5, within(1e-9));
        assertThat(time.seconds()).isEqualTo(17 * 3600);
    }

    @Test
    void cpusHaveNoGpuHours() {
        assertThat(DeviceTime.of(List.of(round("cpu", 1, 1)), 1).gpuHours()).isEmpty();
    }

    @Test
    void roundsOfFilesWithoutSharesHaveTheConfiguredOne(@TempDir Path directory) throws Exception {
        RunFiles.all(directory); // 3 rounds of 25 seconds

        DeviceTime time = DeviceTime.of(RunFiles.read(directory).rounds(), 0.5);

        assertThat(time.gpuHours().orElseThrow()).isCloseTo(75 * 0.5 / 3600, within(1e-9));
    }
}
