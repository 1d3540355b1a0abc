# shellcheck shell=sh disable=SC2154
# Installs the native packages listed in /amun/packages, one a line.
set --
while IFS= read -r package; do
  case $package in -*) fail "a package cannot be called $package: options are not passed on" ;; esac
  set -- "$@" "$package"
done </amun/packages

[ -n "$manager" ] || fail "this image has none of apt-get, dnf, microdnf, yum and apk to install" \
  "packages with ($*); choose another base, or leave packages empty"
say "installing $# native packages with $manager: $*"
install_native_packages "$@" ||
  fail "$manager could not install the packages; what it said stands above"
