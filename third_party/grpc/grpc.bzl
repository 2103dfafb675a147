"""gRPC stubs from protos, with the plugins that Debian ships."""

load("@rules_cc//cc:defs.bzl", "cc_library")

def _generate(ctx, extensions, arguments, tools):
    """Runs protoc on the direct sources of ctx.attr.protos; returns the files it writes."""
    infos = [proto[ProtoInfo] for proto in ctx.attr.protos]
    sources = [source for info in infos for source in info.direct_sources]
    prefix = ctx.label.package + "/" if ctx.label.package else ""
    outputs = []
    for source in sources:
        if not source.short_path.startswith(prefix):
            fail("%s is not in package %s" % (source.short_path, ctx.label.package))
        stem = source.short_path[len(prefix):-len(".proto")]
        outputs += [ctx.actions.declare_file(stem + extension) for extension in extensions]

    args = ctx.actions.args()
    args.add_all(arguments)
    args.add_all(
        depset(transitive = [info.transitive_proto_path for info in infos]),
        format_each = "-I%s",
    )
    args.add_all(sources)
    ctx.actions.run(
        executable = ctx.executable._protoc,
        arguments = [args],
        inputs = depset(transitive = [info.transitive_sources for info in infos]),
        outputs = outputs,
        tools = tools,
        mnemonic = "GrpcStubs",
        progress_message = "Generating gRPC stubs of %{label}",
    )
    return outputs

def _attrs(plugin):
    return {
        "protos": attr.label_list(mandatory = True, providers = [ProtoInfo]),
        "_plugin": attr.label(
            cfg = "exec",
            default = "@com_github_grpc_grpc//:" + plugin,
            executable = True,
        ),
        "_protoc": attr.label(
            cfg = "exec",
            default = "@com_google_protobuf//:protoc",
            executable = True,
        ),
    }

def _cc_sources_impl(ctx):
    outputs = _generate(
        ctx,
        extensions = [".grpc.pb.h", ".grpc.pb.cc"],
        arguments = [
            "--plugin=protoc-gen-grpc=" + ctx.executable._plugin.path,
            "--grpc_out=" + ctx.bin_dir.path,
        ],
        tools = [ctx.executable._plugin],
    )
    headers = [file for file in outputs if file.extension == "h"]
    return [
        DefaultInfo(files = depset(outputs)),
        OutputGroupInfo(headers = depset(headers)),
    ]

_cc_sources = rule(
    implementation = _cc_sources_impl,
    attrs = _attrs("grpc_cpp_plugin"),
    output_to_genfiles = True,
)

def _py_sources_impl(ctx):
    return DefaultInfo(files = depset(_generate(
        ctx,
        extensions = ["_pb2.py", "_pb2_grpc.py"],
        arguments = [
            "--python_out=" + ctx.bin_dir.path,
            "--plugin=protoc-gen-grpc=" + ctx.executable._plugin.path,
            "--grpc_out=" + ctx.bin_dir.path,
        ],
        tools = [ctx.executable._plugin],
    )))

_py_sources = rule(
    implementation = _py_sources_impl,
    attrs = _attrs("grpc_python_plugin"),
)

def cc_grpc_library(name, srcs, deps, **kwargs):
    """A cc_library of the service stubs, included as "<path of the proto>.grpc.pb.h".

    Args:
      name: of the cc_library.
      srcs: proto_library targets of this package.
      deps: the cc_proto_library targets of srcs.
      **kwargs: passed to cc_library.
    """
    _cc_sources(name = name + "_sources", protos = srcs, visibility = ["//visibility:private"])
    native.filegroup(
        name = name + "_headers",
        srcs = [":%s_sources" % name],
        output_group = "headers",
        visibility = ["//visibility:private"],
    )
    cc_library(
        name = name,
        srcs = [":%s_sources" % name],
        hdrs = [":%s_headers" % name],
        deps = deps + ["@com_github_grpc_grpc//:grpc++"],
        **kwargs
    )

def py_grpc_library(name, srcs, **kwargs):
    """A py_library of messages and stubs: `from <folder of the proto> import <file>_pb2_grpc`.

    Args:
      name: of the py_library.
      srcs: proto_library targets of this package.
      **kwargs: passed to py_library.
    """
    _py_sources(name = name + "_sources", protos = srcs, visibility = ["//visibility:private"])
    native.py_library(name = name, srcs = [":%s_sources" % name], **kwargs)
