# shellcheck shell=sh
# Begins every step of a build, as root in the image that is being built. What the step reads lies
# in /amun. Needs sh and the basic tools (coreutils or busybox), and leaves nothing behind.
set -eu
umask 022

say() { printf 'amun: %s\n' "$*"; }

fail() {
  printf 'amun: %s\n' "$*" >&2
  exit 1
}

# A folder that is gone when the step ends. Its name is no secret, and apt's own user reads in it.
[ -d /tmp ] || mkdir -m 1777 /tmp
work=$(mktemp -d /tmp/amun.XXXXXX)
chmod 755 "$work"
trap 'cd / && rm -rf "$work"' EXIT
trap 'exit 143' HUP INT TERM
cd "$work"

# Tools write to their user's home; what they write there is not part of the stack.
export HOME="$work" XDG_CACHE_HOME="$work/.cache"
# Python 3.6 reads and writes ASCII where nothing is said.
[ -n "${LC_ALL-}${LC_CTYPE-}${LANG-}" ] || export LANG=C.UTF-8

# Runs a command with the operator's variables and, before those, the user's. They are NAME=value
# lines and reach env as they are: no shell ever reads them, and none of them is one of ours.
run() (
  for list in environment operator.env; do
    [ -s "/amun/$list" ] || continue
    while IFS= read -r line || [ -n "$line" ]; do
      case $line in
        PATH=*) line=$line:$PATH ;; # the run has the user's PATH alone; a build needs its tools
        *=*) ;;
        *) continue ;;
      esac
      set -- "$line" "$@"
    done <"/amun/$list"
  done
  exec env "$@" </dev/null
)

# Prints the value that commands see for a variable, nothing where it is not set.
value_of() {
  # shellcheck disable=SC2016 # it is the inner shell's
  run sh -c 'eval "printf %s \"\${$1-}\""' sh "$1"
}

# Makes the operator's certificates known, beside those that the image trusts already, to every
# program that takes them from a variable. Call it again when certificates may have been installed.
trust_operator() {
  [ -n "$authorities" ] || return 0
  {
    for bundle in "$image_bundle" /etc/ssl/certs/ca-certificates.crt \
      /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem /etc/ssl/cert.pem; do
      [ -s "$bundle" ] || continue
      cat "$bundle"
      echo
      break
    done
    cat /amun/operator-ca.pem
  } >"$authorities"
}

image_bundle=${SSL_CERT_FILE-}
authorities=
if [ -s /amun/operator-ca.pem ]; then
  authorities=$work/authorities.pem
  export SSL_CERT_FILE="$authorities" SSL_CA_CERT_FILE="$authorities" CURL_CA_BUNDLE="$authorities"
  export REQUESTS_CA_BUNDLE="$authorities" PIP_CERT="$authorities" GIT_SSL_CAINFO="$authorities"
  printf 'Acquire::https::CaInfo "%s";\n' "$authorities" >"$work/apt.conf"
  export APT_CONFIG="$work/apt.conf"
  trust_operator
fi
