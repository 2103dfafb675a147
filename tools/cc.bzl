"""cc_library, cc_binary and kinds of cc_test with the flags of this project's own code.

Warnings are errors here and only here: generated code and other people's headers are built
without these rules. Flags that hold for everything are in .bazelrc.
"""

load(
    "@rules_cc//cc:defs.bzl",
    _cc_binary = "cc_binary",
    _cc_library = "cc_library",
    _cc_test = "cc_test",
)

_COPTS = [
    "-Wall",
    "-Wextra",
    "-Werror",
    "-Wcast-qual",
    "-Wextra-semi",
    "-Wnon-virtual-dtor",
    "-Woverloaded-virtual",
    "-Wshadow",
    "-Wundef",
    "-Wvla",
] + select({
    # Every x86-64 server of the last ten years has it: popcnt, SSE 4.2, cmpxchg16b.
    "@platforms//cpu:x86_64": ["-march=x86-64-v2"],
    "//conditions:default": [],
}) + select({
    # The sanitizer builds are the ones made with clang, which can check lock annotations.
    "//tools:sanitized": ["-Wthread-safety"],
    "//conditions:default": [],
})

def cc_library(copts = [], **kwargs):
    _cc_library(copts = _COPTS + copts, **kwargs)

def cc_binary(copts = [], **kwargs):
    _cc_binary(copts = _COPTS + copts, **kwargs)

def cc_test(copts = [], **kwargs):
    _cc_test(copts = _COPTS + copts, **kwargs)

def tests_of(libraries, deps = [], **kwargs):
    """A small cc_test beside each library: NAME_test, of NAME_test.cc.

    Args:
      libraries: the NAMEs, of this package.
      deps: of every test, with its library and GoogleTest.
      **kwargs: passed to cc_test.
    """
    for name in libraries:
        cc_test(
            name = name + "_test",
            size = "small",
            srcs = [name + "_test.cc"],
            deps = deps + [":" + name, "@com_google_googletest//:gtest_main"],
            **kwargs
        )

def fuzz_test(name, corpus = None, deps = [], tags = [], **kwargs):
    """A test of an LLVMFuzzerTestOneInput: a replay everywhere, a search in --config=fuzz.

    Args:
      name: of the cc_test.
      corpus: a folder of this package with inputs to start from.
      deps: of the cc_test.
      tags: of the cc_test; "fuzz" is added, by which `./run test --all` finds it.
      **kwargs: passed to cc_test.
    """
    seeds = ["%s/%s" % (native.package_name(), corpus)] if corpus else []
    cc_test(
        name = name,
        args = select({
            "//tools:fuzzing": ["-max_total_time=30", "-timeout=10", "-rss_limit_mb=4096"],
            "//conditions:default": [],
        }) + seeds,
        data = native.glob([corpus + "/**"]) if corpus else [],
        linkopts = select({
            "//tools:fuzzing": ["-fsanitize=fuzzer"],
            "//conditions:default": [],
        }),
        tags = tags + ["fuzz"],
        deps = deps + select({
            "//tools:fuzzing": [],
            "//conditions:default": ["//tools:fuzz_main"],
        }),
        **kwargs
    )
