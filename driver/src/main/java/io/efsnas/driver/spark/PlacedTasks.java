package io.efsnas.driver.spark;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;
import scala.Tuple2;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.reflect.ClassTag$;

/** Tasks of a Spark job that rather run on certain executors. */
final class PlacedTasks {

    private PlacedTasks() {}

    /**
     * One partition for each task.
     *
     * @param profile what each requests from Spark; empty for Spark's default
     * @param location where it runs if there is room, in Spark's form; empty for anywhere
     */
    static <T> JavaRDD<T> of(
            JavaSparkContext spark,
            Optional<ResourceProfile> profile,
            List<T> tasks,
            Function<T, Optional<String>> location) {
        List<Tuple2<T, Seq<String>>> placed = tasks.stream()
                .map(task ->
                        new Tuple2<>(task, seq(location.apply(task).stream().toList())))
                .toList();
        JavaRDD<T> input = spark.sc()
                .makeRDD(seq(placed), ClassTag$.MODULE$.<T>apply(tasks.get(0).getClass()))
                .toJavaRDD();
        return profile.map(input::withResources).orElse(input);
    }

    private static <T> Seq<T> seq(List<T> list) {
        // An immutable list, since the wrapper of a Java list is not serializable.
        return JavaConverters.asScalaBuffer(list).toList();
    }
}
