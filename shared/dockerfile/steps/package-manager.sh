# shellcheck shell=sh disable=SC2154
# Native packages, by whichever package manager the image has: its name is $manager, empty for none.
manager=
for candidate in apt-get dnf microdnf yum apk; do
  if command -v "$candidate" >/dev/null 2>&1; then
    manager=$candidate
    break
  fi
done

export DEBIAN_FRONTEND=noninteractive

call_apt() {
  run apt-get -q -y -o Acquire::Retries=3 -o Acquire::Languages=none -o Dpkg::Use-Pty=0 \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"
}

call_dnf() {
  run dnf -y ${authorities:+"--setopt=sslcacert=$authorities"} --setopt=install_weak_deps=False "$@"
}

# yum 3 leaves out what it does not find, and says that all went well.
call_yum() {
  run yum -y ${authorities:+"--setopt=sslcacert=$authorities"} \
    --setopt=skip_missing_names_on_install=False "$@"
}

# microdnf takes no file of authorities: they stand in the one that it reads, while it runs.
call_microdnf() {
  bundle=/etc/pki/tls/certs/ca-bundle.crt
  if [ -z "$authorities" ] || ! [ -s "$bundle" ]; then
    run microdnf "$@"
    return
  fi
  cp "$bundle" "$work/bundle"
  cat /amun/operator-ca.pem >>"$bundle"
  extended=$(sha256sum <"$bundle")
  status=0
  run microdnf "$@" || status=$?
  # Where a package brought a new bundle, that one stays.
  [ "$(sha256sum <"$bundle")" != "$extended" ] || cat "$work/bundle" >"$bundle"
  return "$status"
}

# Brings the packages of the image up to date.
update_native_packages() {
  case $manager in
    apt-get) call_apt update && call_apt upgrade ;;
    dnf) call_dnf upgrade ;;
    microdnf) call_microdnf update -y ;;
    yum) call_yum update ;;
    apk) run apk upgrade --no-cache ;;
  esac || return
  clean_up_packages
}

# Installs the packages that its arguments name.
install_native_packages() {
  case $manager in
    apt-get) call_apt update && call_apt install --no-install-recommends "$@" ;;
    dnf) call_dnf install "$@" ;;
    microdnf) call_microdnf install -y "$@" ;;
    yum) call_yum install "$@" ;;
    apk) run apk add --no-cache "$@" ;;
  esac || return
  clean_up_packages
}

# What only the next installation would need makes the image larger.
clean_up_packages() {
  case $manager in
    apt-get)
      run apt-get clean
      rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin
      ;;
    dnf | microdnf | yum)
      run "$manager" clean all
      rm -rf /var/cache/dnf /var/cache/libdnf5 /var/cache/yum
      ;;
  esac
  trust_operator
}
