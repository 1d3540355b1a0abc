# shellcheck shell=sh disable=SC2154
# Brings the native packages of the base image up to date.
if [ -z "$manager" ]; then
  say 'this image has none of apt-get, dnf, microdnf, yum and apk: there is nothing to update'
  exit 0
fi
say "updating native packages with $manager"
update_native_packages || fail "$manager could not update the packages; what it said stands above"
