"""A program that shows one concept, and the test that it does."""

load("//tools:cc.bzl", "cc_binary")

def example(name, deps, tags = []):
    """Builds NAME.cc; NAME_test runs it and compares with what it says that it prints.

    Args:
      name: of the program.
      deps: of the program.
      tags: of the test.
    """
    cc_binary(
        name = name,
        srcs = [name + ".cc"],
        deps = deps,
    )
    native.py_test(
        name = name + "_test",
        size = "small",
        srcs = ["example_test.py"],
        main = "example_test.py",
        args = [
            "$(rootpath :%s)" % name,
            "$(rootpath %s.cc)" % name,
        ],
        data = [
            name,
            name + ".cc",
        ],
        # A script that is not emulated does not run a program that has to be.
        tags = tags + ["noaarch64"],
    )
