"""The child process that serves one demo model, OpenAI-compatible, on this machine alone.

Run as a module by `LocalModels`. It says `ready` on its standard output once it answers, and ends when its
standard input does: the pipe closes with the parent, however that dies.
"""

import argparse
import os
import sys


def main() -> None:
    """Serve until the parent is gone."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--slots", type=int, required=True)
    parser.add_argument("--context", type=int, required=True, help="tokens a slot")
    asked = parser.parse_args()

    # What the library prints goes to the log; the pipe is for the one word.
    to_parent = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    # Answers may take longer on a busy machine; the page must not.
    os.nice(5)

    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = asked.model
    params.model_alias = {asked.name}
    params.hostnames = ["127.0.0.1"]
    params.port = asked.port
    params.n_parallel = asked.slots
    params.n_ctx = asked.slots * asked.context  # divided among the slots
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = asked.threads
    # A stream holds a thread of the HTTP server; those that wait for a slot hold one too.
    params.n_threads_http = 32
    params.cache_ram_mib = 64
    params.endpoint_slots = False  # it would show what people ask
    params.ui = False
    params.cors_origins = "http://127.0.0.1"  # no page in a browser needs it
    params.verbosity = 2  # warnings
    server = xllamacpp.Server(params)  # held until the end: it stops when it is collected
    assert server.listening_address

    os.write(to_parent, b"ready\n")
    sys.stdin.buffer.read()
    os._exit(0)  # the library's own way out hangs


if __name__ == "__main__":
    main()
