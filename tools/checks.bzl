"""Checks of the source tree as tests."""

def workspace_test(name, command, data):
    """Runs `command ROOT` on the source tree, each time, as Bazel cannot know what it reads."""
    native.sh_test(
        name = name,
        size = "small",
        srcs = ["on_workspace.sh"],
        args = ["$(rootpath //:WORKSPACE)"] + command,
        data = data + ["//:WORKSPACE"],
        tags = [
            "external",
            "local",
        ],
    )
