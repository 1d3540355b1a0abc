# Keeps the user's environment away from our own tools, and gives it back to the script.

# Variables that change how shells and tools behave; the script gets them as they were.
amun_sheltered='PATH LC_ALL LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT LD_DEBUG GREP_OPTIONS
  POSIXLY_CORRECT WGETRC CURL_HOME OPENSSL_CONF PERL5OPT PERL5LIB PERL5DB'

# "yes" where this shell is bash, whatever BASH_VERSION says, which may be the user's.
amun_bash=''
# shellcheck disable=SC3044 # that others do not have it is the point
if shopt >/dev/null 2>&1; then amun_bash=yes; fi

# Puts the sheltered variables aside and makes a PATH of folders that the run's user cannot write:
# a script must not be able to put its own python3 in the place of the one that makes the report.
amun_take_shelter() {
  for amun_name in $amun_sheltered; do
    eval "amun_was_$amun_name=\${$amun_name-} amun_had_$amun_name=\${$amun_name+yes}"
    unset "$amun_name"
  done
  LC_ALL=C
  PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/libexec
  IFS=:
  # shellcheck disable=SC2154 # set by the loop above
  for amun_dir in $amun_was_PATH; do
    case :$PATH: in *":$amun_dir:"*) continue ;; esac
    case $amun_dir in /*) [ -w "$amun_dir" ] || PATH=$PATH:$amun_dir ;; esac
  done
  unset IFS
  export LC_ALL PATH
}

# In the subshell that becomes the script: the environment as the user made it.
amun_leave_shelter() {
  unset LC_ALL AMUN_OUTPUT_LIMIT AMUN_LOG_FORMAT AMUN_FETCH_LIMIT AMUN_FETCH_TIMEOUT AMUN_STOP_TIMEOUT
  for amun_name in $amun_sheltered; do
    eval "amun_had=\$amun_had_$amun_name"
    if [ -n "$amun_had" ]; then
      eval "$amun_name=\$amun_was_$amun_name"
      export "${amun_name?}"
    fi
  done
  # Without a PATH the script still finds what the image has.
  [ -n "$amun_had_PATH" ] || export PATH
}

# The path of program $1, where the run's user cannot have put it, in amun_found; else fails.
amun_find() {
  amun_found=$(command -v "$1" 2>/dev/null)
  case $amun_found in /*) [ -x "$amun_found" ] && [ ! -w "$amun_found" ] ;; *) return 1 ;; esac
}

# $1 where it is a whole number of a sensible size, else $2, into amun_number.
amun_read_number() {
  case $1 in
    '' | *[!0-9]* | 0* | ?????????????*) amun_number=$2 ;;
    *) amun_number=$1 ;;
  esac
}
