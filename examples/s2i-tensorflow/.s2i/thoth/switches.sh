# shellcheck shell=sh disable=SC2034,SC2154 # the parts use one another's variables
# The variables that say what advise.sh does. Those that begin with THAMOS_ are read by thamos too.
# Each is checked before anything is done: a value ends up in a configuration file, in a request and
# in a command's arguments.

refuse() {
  say "$(plain "$*")" >&2
  mark failed reason "$*" code 2
  exit 2
}

# True where $1, which is one line, fits the extended regular expression $2 from end to end.
fits() {
  case $1 in *"$newline"*) return 1 ;; esac
  printf '%s\n' "$1" | LC_ALL=C grep -Eqx -e "$2"
}

# flag NAME DEFAULT: sets and exports a switch that is 1 or 0.
flag() {
  eval "value=\${$1:-$2}"
  case $value in
    0 | 1) export "$1=$value" ;;
    *) refuse "$1 is 1 or 0, not '$value'" ;;
  esac
}

# setting NAME DEFAULT PATTERN WHAT: sets a variable that must fit a pattern; exports it unless empty.
setting() {
  eval "value=\${$1:-}"
  [ -n "$value" ] || value=$2
  if [ -z "$value" ]; then
    unset "$1"
    eval "$1=''"
    return
  fi
  fits "$value" "$3" || refuse "$1 is $4, not '$value'"
  export "$1=$value"
}

read_switches() {
  flag THOTH_ASSEMBLE_DEBUG 0
  [ "$THOTH_ASSEMBLE_DEBUG" = 0 ] || set -x

  flag THOTH_OFF 0              # ask for nothing
  flag THOTH_ADVISE 1           # ask for advice even where there is a lock
  flag THOTH_DRY_RUN 0          # send the stack, keep the lock
  flag THOTH_ERROR_FALLBACK 0   # where the advice fails, go on with the lock
  flag THOTH_FROM_MASTER 0      # thamos from its repository
  flag THOTH_CONFIG_CHECK 0     # see whether .thoth.yaml fits this machine
  flag THOTH_PROVENANCE_CHECK 0 # see where the packages come from
  flag THOTH_FORCE_GENERATE_CONFIG 0
  flag THOTH_TLS_VERIFY 1
  flag THAMOS_FORCE 0
  flag THAMOS_DEBUG 0
  flag THAMOS_VERBOSE 0
  flag THAMOS_DEV 0
  flag THAMOS_NO_PROGRESSBAR 1 # a log is no terminal
  flag THAMOS_CONFIG_EXPAND_ENV 0

  setting THOTH_HOST '' '([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?' \
    'a host without https:// and path, with its port where it needs one, like thoth.example:8443'
  setting THOTH_CLIENT '' '/[^[:cntrl:]]*' 'the absolute path of a thamos that is installed already'
  setting THAMOS_VERSION 1.29.1 '[0-9]+(\.[0-9]+)*((a|b|rc)[0-9]+)?' 'a release of thamos like 1.29.1'
  setting THAMOS_TIMEOUT 2700 '[0-9]{1,6}' 'a whole number of seconds (0: no end)'
  deadline=$((THAMOS_TIMEOUT + 15))
  setting THAMOS_RUNTIME_ENVIRONMENT '' '[A-Za-z0-9_-]{1,100}' \
    'the name of a runtime environment in .thoth.yaml: letters, digits, _ and -'
  setting THAMOS_RECOMMENDATION_TYPE '' '(latest|stable|performance|security|testing)' \
    'one of latest, stable, performance, security, testing'
  setting THAMOS_CONFIG_TEMPLATE '' '[A-Za-z0-9._/][A-Za-z0-9._/+-]*' \
    'the path of a file, of letters, digits and . _ / + -'
  case /$THAMOS_CONFIG_TEMPLATE/ in
    */../*) refuse "THAMOS_CONFIG_TEMPLATE leads out of the application's folder:" \
      "'$THAMOS_CONFIG_TEMPLATE'; name a file without '..'" ;;
  esac
  [ -z "$THAMOS_CONFIG_TEMPLATE" ] || [ -f "$THAMOS_CONFIG_TEMPLATE" ] ||
    refuse "THAMOS_CONFIG_TEMPLATE names '$THAMOS_CONFIG_TEMPLATE', and there is no such file"
  expand_for_template
  find_stack
  [ "$THOTH_DRY_RUN$THOTH_ADVISE" != 11 ] || [ "$THOTH_OFF" = 1 ] || [ -f "$lock" ] ||
    [ ! -f "$stack" ] || refuse "THOTH_DRY_RUN=1 keeps the repository's own $lock, and there is" \
    'none: add one, or take the recommended one with THOTH_DRY_RUN=0'
}

# What a template may name beside thamos' own, whatever is set: {THOTH_HOST}, {THOTH_TLS_VERIFY}.
expand_for_template() {
  asked_host=$THOTH_HOST
  export THOTH_HOST="${THOTH_HOST:-khemenu.thoth-station.ninja}"
  case $THOTH_TLS_VERIFY in
    1) export THOTH_TLS_VERIFY=true ;;
    0) export THOTH_TLS_VERIFY=false ;;
  esac
}

# Which file says what is wanted ($stack) and which what is installed ($lock).
find_stack() {
  if [ ! -f Pipfile ] && { [ -f requirements.in ] || [ -f requirements.txt ]; }; then
    stack=requirements.in lock=requirements.txt
    export THAMOS_REQUIREMENTS_FORMAT=pip
  else
    stack=Pipfile lock=Pipfile.lock
    export THAMOS_REQUIREMENTS_FORMAT=pipenv
  fi
}
