# A search on a cluster behind Livy, from any notebook with Python. The cells submit deploy/livy/batch.json, follow the
# batch and show the selected architecture. They need only Python itself.

# %% Submit
import json
import time
import urllib.request

LIVY = "http://localhost:8998"


def livy(method, path, body=None):
    request = urllib.request.Request(
        LIVY + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "X-Requested-By": "notebook"},
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


with open("deploy/livy/batch.json") as file:
    request = json.load(file)
batch = "/batches/" + str(livy("POST", "/batches", request)["id"])

# %% Follow, as often as you like; stopping this cell leaves the batch running
while (state := livy("GET", batch + "/state")["state"]) not in ("success", "dead", "error", "killed"):
    log = livy("GET", batch + "/log?from=0&size=1000")["log"]
    print(state, log[log.index("\nstderr: ") - 1])  # the newest line of the driver; its errors are in Livy's stdout
    time.sleep(10)
print(state)

# %% Read the log, which ends with the selected architecture, or with the line that says what was wrong
print("\n".join(livy("GET", batch + "/log?from=0&size=1000")["log"]))

# %% End a batch early; the same request resumes from its checkpoints
# livy("DELETE", batch)
