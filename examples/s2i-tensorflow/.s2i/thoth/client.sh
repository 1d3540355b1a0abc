# shellcheck shell=sh disable=SC2154 # the parts use one another's variables
# thamos, Thoth's client, in a virtual environment of its own that is gone when the script ends: it
# needs some seventy packages, and none of them belongs to the application.

# What the application's Python is told is nothing to ours.
unset PYTHONPATH PYTHONHOME PYTHONSTARTUP PIP_TARGET PIP_PREFIX PIP_USER

# Sets $thamos and $python. Fails where there is none, having said why.
get_client() {
  if [ -n "$THOTH_CLIENT" ]; then
    thamos=$THOTH_CLIENT
    python=${thamos%/*}/python
    [ -x "$python" ] || python=python3
    [ -x "$thamos" ] || say "THOTH_CLIENT: $(plain "$thamos") is no program" >&2
    [ -x "$thamos" ]
    return
  fi
  environment=$work/client
  thamos=$environment/bin/thamos python=$environment/bin/python
  wanted=thamos==$THAMOS_VERSION
  [ "$THOTH_FROM_MASTER" = 0 ] || wanted=git+https://github.com/thoth-station/thamos
  say "installing $wanted, apart from the application"
  command -v python3 >/dev/null || {
    say 'there is no python3' >&2
    return 1
  }
  python3 -I -m venv "$environment" || {
    say 'python3 cannot make a virtual environment (on Debian: apt-get install python3-venv)' >&2
    return 1
  }
  "$python" -I -m pip install --quiet --disable-pip-version-check "$wanted" || return
  trust_authorities
}

# thamos trusts the certificates that come with it and, in one half, no others: it is given those
# that this machine trusts.
trust_authorities() {
  bundle=${REQUESTS_CA_BUNDLE:-${SSL_CERT_FILE:-}}
  [ -s "$bundle" ] || return 0
  own=$(run_python -m certifi) && cat "$bundle" >>"$own"
}

run_python() { "$python" -I "$@"; }

# thamos bounds how long it waits for an analysis, not how long for a connection or an answer.
run_thamos() {
  [ -z "$asked_host" ] || set -- --thoth-host "$asked_host" "$@"
  set -- "$thamos" "$@"
  if [ "$THAMOS_TIMEOUT" -gt 0 ] && command -v timeout >/dev/null; then
    set -- timeout "$deadline" "$@"
  fi
  "$@"
}
