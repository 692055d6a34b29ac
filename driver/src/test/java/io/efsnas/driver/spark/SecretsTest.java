package io.efsnas.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class SecretsTest {

    private final SparkConf spark = new SparkConf(false);
    private final Configuration hadoop = new Configuration();

    @Test
    void hidesWhatSparkTakesForASecret() {
        spark.set("spark.hadoop.fs.s3a.secret.key", "aB3/xyz").set("spark.app.name", "nightly");
        hadoop.set("fs.s3a.session.token", "of-the-session");

        assertThat(Secrets.hide("403 for aB3/xyz, of-the-session: nightly is false", spark, hadoop))
                .isEqualTo("403 for *********(redacted), *********(redacted): nightly is false");
    }

    @Test
    void usersSayWhatElseIsASecret() {
        hadoop.set("fs.azure.account.key", "of-the-account");
        assertThat(Secrets.hide("of-the-account", spark, hadoop)).isEqualTo("of-the-account");

        spark.set("spark.redaction.regex", "account[.]key");
        assertThat(Secrets.hide("of-the-account", spark, hadoop)).isEqualTo("*********(redacted)");
    }
}
