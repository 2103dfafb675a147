"""What every sampler is compiled with, ours and the peers' alike."""

SAMPLER_COPTS = [
    # Loops of a nanosecond: where they begin in a cache line is chance, unless it is settled.
    "-falign-functions=64",
    "-falign-loops=64",
    # liburcu's headers declare its thread-local variables to C++ in a way that makes the
    # compiler look at each access whether they must be initialized. They need not be.
    "-fno-extern-tls-init",
]
