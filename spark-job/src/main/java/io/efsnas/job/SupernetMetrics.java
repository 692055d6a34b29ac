package io.efsnas.job;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.efsnas.checkpoint.RoundProgress;
import io.efsnas.split.SupernetNode;
import io.efsnas.supernet.Device;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The supernets in Spark's metrics system, for whatever sinks it has: {@code supernet-ID.step}, {@code
 * .steps-per-second}, {@code .loss}, {@code .accuracy} and {@code .gpu} of each. All are at the driver, the one process
 * that lives as long as the search and that Spark's Prometheus servlet serves; executors tell it of their rounds once a
 * second.
 */
public final class SupernetMetrics implements SparkPlugin {

    private static final Logger log = LoggerFactory.getLogger(SupernetMetrics.class);
    private static final long REPORT_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Where this process's tasks report to; null in an application without this plugin. */
    private static volatile PluginContext executor;

    @Override
    public DriverPlugin driverPlugin() {
        return new Gauges();
    }

    @Override
    public ExecutorPlugin executorPlugin() {
        return new Reports();
    }

    /**
     * A listener to steps that reports the first and the last of them, and one a second between.
     *
     * @param supernet its id, with the number of the worker if several train it
     * @param toStep the steps taken after them
     */
    static Consumer<RoundProgress> reporter(String supernet, long toStep, Device device) {
        return new Consumer<>() {
            private long next = System.nanoTime();

            @Override
            public void accept(RoundProgress round) {
                long now = System.nanoTime();
                boolean due = now - next >= 0 || round.step() == toStep;
                if (due && round.evaluation().images() > 0) {
                    next = now + REPORT_EVERY_NANOS;
                    report(SupernetProgress.of(supernet, round, device));
                }
            }
        };
    }

    private static void report(SupernetProgress progress) {
        PluginContext context = executor;
        if (context != null) {
            try {
                context.send(progress);
            } catch (IOException e) {
                log.debug("the driver cannot be told of {}: {}", progress, e.getMessage());
            }
        }
    }

    /** An executor's side. */
    private static final class Reports implements ExecutorPlugin {

        @Override
        public void init(PluginContext context, Map<String, String> fromDriver) {
            executor = context;
        }

        @Override
        public void shutdown() {
            executor = null;
        }
    }

    /** The driver's side. */
    private static final class Gauges implements DriverPlugin {

        private final Map<String, SupernetProgress> latest = new ConcurrentHashMap<>();
        private MetricRegistry registry;

        @Override
        public Map<String, String> init(SparkContext spark, PluginContext context) {
            registry = context.metricRegistry();
            // Spark takes in gauges that are registered later only if there is one from the beginning.
            registry.register("supernets", (Gauge<Integer>) latest::size);
            return Map.of();
        }

        @Override
        public Object receive(Object message) {
            SupernetProgress progress = (SupernetProgress) message;
            if (latest.put(progress.node(), progress) == null) {
                register(progress.node(), "step", SupernetProgress::step);
                register(progress.node(), "steps-per-second", SupernetProgress::stepsPerSecond);
                register(progress.node(), "loss", SupernetProgress::loss);
                register(progress.node(), "accuracy", SupernetProgress::accuracy);
                register(progress.node(), "gpu", SupernetMetrics::gpu);
            }
            return null;
        }

        private void register(String node, String name, Function<SupernetProgress, Object> value) {
            registry.register(SupernetNode.describe(node).replace(' ', '-') + "." + name, (Gauge<Object>)
                    () -> value.apply(latest.get(node)));
        }
    }

    /** A GPU's address as the number that it usually is: JMX shows text too, Prometheus leaves it out. */
    private static Object gpu(SupernetProgress progress) {
        String address = progress.gpu();
        return address.matches("-?\\d{1,9}") ? (Object) Integer.valueOf(address) : address;
    }
}
