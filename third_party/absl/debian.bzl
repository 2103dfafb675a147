"""Debian's Abseil under Abseil's own labels.

The headers lie on the compiler's search path and the code is in shared libraries, the ones
that Debian's gRPC is linked with: a static copy beside them would be a second set of flags,
mutex and hash state in one process. So every label is the same library, which names all
shared objects and lets the linker drop those that nothing calls. Where there are only archives
(--config=aarch64) they refer to one another, hence the group.
"""

# Canonical package -> targets besides the one named like the package.
_PACKAGES = {
    "algorithm": ["container"],
    "base": ["config", "core_headers", "dynamic_annotations", "endian", "log_severity", "prefetch"],
    "cleanup": [],
    "container": [
        "btree",
        "fixed_array",
        "flat_hash_map",
        "flat_hash_set",
        "inlined_vector",
        "node_hash_map",
        "node_hash_set",
    ],
    "debugging": ["failure_signal_handler", "leak_check", "stacktrace", "symbolize"],
    "flags": ["commandlineflag", "config", "flag", "marshalling", "parse", "reflection", "usage"],
    "functional": ["any_invocable", "bind_front", "function_ref"],
    "hash": ["hash_testing"],
    "memory": [],
    "meta": ["type_traits"],
    "numeric": ["bits", "int128"],
    "random": ["bit_gen_ref", "distributions", "seed_sequences"],
    "status": ["statusor"],
    "strings": ["cord", "str_format"],
    "synchronization": [],
    "time": [],
    "types": ["any", "compare", "optional", "span", "variant"],
    "utility": [],
}

_ROOT = """
cc_library(
    name = "absl",
    linkopts = ["-Wl,--push-state,--as-needed,--start-group"] +
               %s + ["-Wl,--end-group,--pop-state"],
    visibility = ["//absl:__subpackages__"],
)
"""

_ALIAS = """
alias(
    name = "%s",
    actual = "//:absl",
    visibility = ["//visibility:public"],
)
"""

def _debian_absl_impl(ctx):
    found = ctx.execute(["sh", "-c", "ls /usr/lib/*-linux-gnu/libabsl_*.so"])
    if found.return_code != 0:
        fail("no Abseil libraries; './run setup' installs libabsl-dev")
    libraries = [path.split("/lib")[-1][:-len(".so")] for path in found.stdout.splitlines()]
    linkopts = ["-l" + library for library in libraries if "test_util" not in library]
    ctx.file("BUILD", _ROOT % repr(linkopts))
    for package, targets in _PACKAGES.items():
        build = "".join([_ALIAS % target for target in [package] + targets])
        ctx.file("absl/%s/BUILD" % package, build)

debian_absl = repository_rule(
    implementation = _debian_absl_impl,
    doc = "Writes one BUILD file for each package of Abseil.",
    local = True,
)
