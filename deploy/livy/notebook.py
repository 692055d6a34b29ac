# A search on a cluster behind Livy, from any notebook with Python: the cells submit deploy/livy/batch.json, follow the
# batch and show the selected architecture. Nothing but Python itself is needed.

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

# %% Follow, as often as you like; a cell that is stopped leaves the batch running
while (state := livy("GET", batch + "/state")["state"]) in ("not_started", "starting", "running"):
    print(state, "|", livy("GET", batch + "/log?size=1")["log"][-1:])
    time.sleep(10)
print(state)

# %% Read: the driver's output if it succeeded, else the end of its log
log = livy("GET", batch + "/log?from=0&size=1000")["log"]
errors = log.index("\nstderr: ")
print("\n".join(log[1:errors] if state == "success" else log[errors + 1 :]))

# %% End a batch early; the same request goes on from its checkpoints
# livy("DELETE", batch)
