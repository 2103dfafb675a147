"""How Bazel calls Debian's cross compiler for aarch64."""

load("@bazel_tools//tools/build_defs/cc:action_names.bzl", "ACTION_NAMES")
load(
    "@bazel_tools//tools/cpp:cc_toolchain_config_lib.bzl",
    "feature",
    "flag_group",
    "flag_set",
    "tool_path",
)

_COMPILE = [
    ACTION_NAMES.c_compile,
    ACTION_NAMES.cpp_compile,
]
_LINK = [
    ACTION_NAMES.cpp_link_dynamic_library,
    ACTION_NAMES.cpp_link_executable,
    ACTION_NAMES.cpp_link_nodeps_dynamic_library,
]

def _flags(name, actions, flags):
    return feature(
        name = name,
        enabled = True,
        flag_sets = [flag_set(actions = actions, flag_groups = [flag_group(flags = flags)])],
    )

def _aarch64_cc_config_impl(ctx):
    tools = {
        name: "/usr/bin/aarch64-linux-gnu-" + program
        for name, program in [
            ("ar", "ar"),
            ("cpp", "cpp"),
            ("gcc", "g++"),
            ("gcov", "gcov"),
            ("ld", "ld"),
            ("nm", "nm"),
            ("objcopy", "objcopy"),
            ("objdump", "objdump"),
            ("strip", "strip"),
        ]
    }
    sysroot = ctx.label.workspace_root
    return cc_common.create_cc_toolchain_config_info(
        ctx = ctx,
        abi_libc_version = "glibc",
        abi_version = "gcc",
        compiler = "gcc",
        cxx_builtin_include_directories = [
            "/usr/aarch64-linux-gnu/include",
            "/usr/lib/gcc-cross/aarch64-linux-gnu",
        ],
        features = [
            # As the host's toolchain has them; the rest of the flags are in .bazelrc.
            _flags("sections", _COMPILE, [
                "-fdata-sections",
                "-ffunction-sections",
            ]),
            # -isystem: other people's headers are not held to our warnings.
            _flags("debian_headers", _COMPILE, [
                "-isystem",
                sysroot + "/usr/include",
            ]),
            _flags("debian_libraries", _LINK, [
                "-L" + sysroot + "/usr/lib/aarch64-linux-gnu",
            ]),
        ],
        host_system_name = "linux",
        target_cpu = "aarch64",
        target_libc = "glibc",
        target_system_name = "aarch64-linux-gnu",
        tool_paths = [tool_path(name = name, path = path) for name, path in tools.items()],
        toolchain_identifier = "debian-aarch64",
    )

aarch64_cc_config = rule(
    implementation = _aarch64_cc_config_impl,
    provides = [CcToolchainConfigInfo],
)
