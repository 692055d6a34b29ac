// What a user of spark-shell finds; as in the shell of Spark, the log has warnings only.
val spark = org.apache.spark.sql.SparkSession.builder.getOrCreate()
val sc = spark.sparkContext
sc.setLogLevel("WARN")
import spark.implicits._
import spark.sql
