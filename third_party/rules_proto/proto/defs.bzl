"""The native rules under the names of rules_proto; see the WORKSPACE of rcukv."""

proto_lang_toolchain = native.proto_lang_toolchain
proto_library = native.proto_library
