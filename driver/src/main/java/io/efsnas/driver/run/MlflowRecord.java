package io.efsnas.driver.run;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The file {@code mlflow.json}: a run on an MLflow server, which a run that resumes goes on with.
 *
 * @param server the URL of the server
 * @param run the id of the run there
 */
public record MlflowRecord(@JsonProperty(required = true) String server, @JsonProperty(required = true) String run) {}
