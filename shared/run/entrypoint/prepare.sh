# Everything that needs other programs before the script starts. It is done in a process that then
# lingers (see main.sh), so that what these programs use never counts as the script's. Its findings
# go to standard output, one "<key> <value>" a line.

# The python3 that we use ourselves into amun_python (tried, and not writable by the run's user),
# and the version of the one that the script would find into amun_python_version.
amun_find_python() {
  amun_python='' amun_python_version=''
  # shellcheck disable=SC2154 # set by amun_take_shelter
  for amun_name in python3 platform-python; do
    [ -z "$amun_python" ] || break
    amun_find "$amun_name" || continue
    amun_value=$("$amun_found" -I -S -c \
      'import resource, select, sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null </dev/null)
    case $amun_value in
      [0-9]*.[0-9]*) amun_python=$amun_found amun_python_version=$amun_value ;;
    esac
  done
  amun_first=$(PATH=${amun_was_PATH:-$PATH} && command -v python3 2>/dev/null)
  case $amun_first in
    "$amun_python") ;;
    /*)
      amun_value=$(amun_leave_shelter && exec "$amun_first" -V 2>&1 </dev/null)
      case $amun_value in
        'Python '[0-9]*.[0-9]*.*)
          amun_value=${amun_value#Python }
          amun_rest=${amun_value#*.}
          amun_python_version=${amun_value%%.*}.${amun_rest%%.*}
          ;;
      esac
      ;;
  esac
}

# SHA-256 of the script as hexadecimal digits into amun_sha, or empty where nothing can tell.
amun_hash_script() {
  amun_sha=''
  for amun_name in sha256sum shasum openssl; do
    command -v "$amun_name" >/dev/null 2>&1 || continue
    case $amun_name in
      sha256sum) amun_sha=$(sha256sum <"$amun_script") ;;
      shasum) amun_sha=$(shasum -a 256 <"$amun_script") ;;
      openssl) amun_sha=$(openssl dgst -sha256 -r <"$amun_script") ;;
    esac
    amun_check_sha && return 0
  done 2>/dev/null
  [ -n "$amun_python" ] && amun_sha=$("$amun_python" -I -S -c \
    'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())' <"$amun_script")
  amun_check_sha
}

# Keeps amun_sha only where it is 64 hexadecimal digits.
amun_check_sha() {
  amun_sha=${amun_sha%% *}
  case $amun_sha in *[!0-9a-f]*) amun_sha='' ;; esac
  [ "${#amun_sha}" = 64 ] || amun_sha=''
  [ -n "$amun_sha" ]
}

# A program that can start another with no signal ignored, into amun_signals: see script.sh. bash
# needs none.
amun_find_signals() {
  amun_signals=$amun_python
  case $amun_bash in yes) return 0 ;; esac
  if amun_find env && env --default-signal=INT,QUIT true 2>/dev/null; then amun_signals=$amun_found; fi
}

amun_prepare() {
  amun_find_python
  echo "python $amun_python"
  echo "python_version $amun_python_version"
  amun_script=/home/amun/script
  if [ -n "${AMUN_SCRIPT_URL-}" ]; then
    amun_fetch || echo "fetch_error $amun_fetch_error"
  fi
  echo "script $amun_script"
  amun_hash_script
  echo "sha $amun_sha"
  amun_choose_pump
  echo "pump $amun_pump"
  amun_find_signals
  echo "signals $amun_signals"
  amun_find_offset
  echo "offset $amun_offset"
}
