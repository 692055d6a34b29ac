// A search in a notebook or in spark-shell. Start it in the repository's folder, with the shell of your Spark or with that of
// the one that the build lays out, driver/target/spark/bin/spark-shell:
//
//   spark-shell --jars driver/target/efsnas.jar -i deploy/notebook.scala --driver-memory 4g \
//     --driver-java-options --add-modules=jdk.incubator.vector \
//     --conf spark.executor.extraJavaOptions=--add-modules=jdk.incubator.vector \
//     --conf spark.ui.showConsoleProgress=false

import com.typesafe.config.ConfigFactory
import io.efsnas.driver.Search
import java.io.File

// These settings override those of the file, which override the defaults.
val config = ConfigFactory.parseString("scoring.architectures = 20").
  withFallback(ConfigFactory.parseFile(new File("conf/quickstart.conf")))

// The same call resumes a search that was stopped, and returns the results of one that has ended.
val result = Search.run(spark, config, "runs/notebook")

println(result.architecture)
result.reasons.forEach(reason => println(reason))
result.ranking.show(10, false)

result.ranking.createOrReplaceTempView("ranking")
spark.sql("""
  SELECT node, count(*) AS subnets, max(accuracy) AS best, corr(accuracy, flops) AS accuracyWithFlops
  FROM ranking GROUP BY node ORDER BY node
""").show()

// A search that ran elsewhere has its ranking as a file in its run directory.
spark.read.parquet("runs/notebook/ranking.parquet").where("flops < 60e6").orderBy("rank").show(3, false)
