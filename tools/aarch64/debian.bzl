"""Debian's aarch64 packages of the libraries that rcu/ and its tests need, and a toolchain.

The packages are downloaded and unpacked, not installed: apt is given a state of its own, in
which the architecture is arm64, so the system's package lists and foreign architectures stay
as they are. Nobody refers to this repository but --config=aarch64, so nothing is fetched
for other builds. The compiler and its C and C++ libraries are Debian's cross packages.
"""

_PACKAGES = [
    "libabsl-dev",
    "libgmock-dev",
    "libgtest-dev",
    "libxxhash-dev",
]

# The sources, their keys and the proxy are the system's.
_APT_CONFIG = """
APT::Architecture "arm64";
APT::Architectures:: "arm64";
APT::Sandbox::User "root";
Acquire::Languages "none";
Dir::State "{apt}";
Dir::State::Lists "{apt}/lists";
Dir::State::Status "{apt}/status";
Dir::Cache "{apt}";
"""

_SCRIPT = """
set -eu
mkdir -p "$1/lists/partial" "$1/archives/partial"
touch "$1/status"
cd "$1"
shift
apt-get update -qq
apt-get download -qq "$@"
for package in *.deb; do
  dpkg-deb -x "$package" ..
done
# Links to shared libraries that are in other packages.
find ../usr/lib -name '*.so' -delete
"""

def _debian_aarch64_impl(ctx):
    if not ctx.which("aarch64-linux-gnu-g++"):
        fail("no cross compiler; './run setup g++-aarch64-linux-gnu qemu-user' installs it")
    apt = ctx.path("apt")
    ctx.file("apt/apt.conf", _APT_CONFIG.format(apt = apt))
    result = ctx.execute(
        ["sh", "-c", _SCRIPT, "sh", str(apt)] + _PACKAGES,
        environment = {"APT_CONFIG": str(apt) + "/apt.conf"},
    )
    if result.return_code != 0:
        fail("cannot get %s for arm64:\n%s" % (", ".join(_PACKAGES), result.stderr))
    ctx.delete("apt")
    ctx.template("BUILD", Label("//tools/aarch64:sysroot.BUILD"))

debian_aarch64 = repository_rule(
    implementation = _debian_aarch64_impl,
    doc = "Unpacks the packages, with a cc toolchain that finds them.",
)
