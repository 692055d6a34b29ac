package io.efsnas.driver.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.Utils;
import scala.Tuple2;
import scala.collection.JavaConverters;

/** Keeps secrets of Spark's and Hadoop's settings out of what a failed task said, which logs and records repeat. */
public final class Secrets {

    /** Shorter values, such as {@code false}, are no secrets, and would be found in any text. */
    private static final int SHORTEST = 6;

    private Secrets() {}

    /** A text without the values of settings that {@code spark.redaction.regex} finds to be secrets. */
    public static String hide(String text, JavaSparkContext spark) {
        return hide(text, spark.getConf(), spark.hadoopConfiguration());
    }

    static String hide(String text, SparkConf spark, Configuration hadoop) {
        List<Tuple2<String, String>> settings = new ArrayList<>(List.of(spark.getAll()));
        hadoop.forEach(setting -> settings.add(new Tuple2<>(setting.getKey(), setting.getValue())));
        List<Tuple2<String, String>> redacted = JavaConverters.seqAsJavaList(
                Utils.redact(spark, JavaConverters.asScalaBuffer(settings).toList()));
        String hidden = text;
        for (int i = 0; i < settings.size(); i++) {
            String value = settings.get(i)._2();
            if (value.length() >= SHORTEST && !value.equals(redacted.get(i)._2())) {
                hidden = hidden.replace(value, redacted.get(i)._2());
            }
        }
        return hidden;
    }
}
