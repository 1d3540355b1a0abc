#!/bin/sh
# Asks Thoth which versions an application should be installed with, before they are installed.
#
# Usage: sh advise.sh [FOLDER]     the application's folder, with its Pipfile or requirements.in;
#                                  by default the one it is called in
# What it does is up to the variables that switches.sh reads. Beside lines for people it writes
# marked lines for programs (marks.sh). Ends with
#   0  the recommended lock is in the folder; or, as asked, nothing but the stack was sent; or there
#      was nothing to ask; or the advice failed and the folder is as it was (THOTH_ERROR_FALLBACK=1)
#   2  a switch has a value that cannot be used; nothing was done
#   3  thamos, which is Thoth's client, could not be installed
#   4  thamos' configuration could not be made, or does not fit this machine
#   5  Thoth gave no advice: not reached, too late, no stack that fits, an answer that is none
#   6  the check of the packages' origin found something or could not be made; never falls back
# With any code but 0 the requirements and their lock are as they were.
set -eu
umask 022

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
# shellcheck source=marks.sh
. "$here/marks.sh"
# shellcheck source=switches.sh
. "$here/switches.sh"
# shellcheck source=client.sh
. "$here/client.sh"

work=$(mktemp -d "${TMPDIR:-/tmp}/thoth.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 143' HUP INT TERM

files='Pipfile Pipfile.lock requirements.in requirements.txt'

# Prints the id of the last analysis that thamos asked for; nothing where there is none.
analysis_id() {
  [ -f .thoth_last_analysis_id ] || return 0
  head -n 1 .thoth_last_analysis_id | tr -cd 'A-Za-z0-9._-' | cut -c 1-200
}

keep_files() {
  mkdir "$work/kept"
  for file in $files; do
    [ ! -f "$file" ] || cp -p "$file" "$work/kept/$file"
  done
}

restore_files() {
  for file in $files; do
    if [ -f "$work/kept/$file" ]; then
      cmp -s "$work/kept/$file" "$file" || cp -p "$work/kept/$file" "$file"
    else
      rm -f "$file"
    fi
  done
}

# The end of an advice that failed: $1 the code of this script, $2 why, in one sentence.
give_up() {
  restore_files
  if [ "$THOTH_ERROR_FALLBACK" = 1 ] && [ -f "$lock" ]; then
    say "no advice: $2"
    say "THOTH_ERROR_FALLBACK=1: going on with the repository's own $lock"
    mark fallback reason "$2" analysis_id "$(analysis_id)" lock "$lock"
    exit 0
  fi
  say "no advice: $2" >&2
  if [ "$THOTH_ERROR_FALLBACK" = 1 ]; then
    say "THOTH_ERROR_FALLBACK=1 helps only where there is a $lock to go on with" >&2
  else
    say 'to build with the lock of the repository where this happens, set THOTH_ERROR_FALLBACK=1' >&2
  fi
  mark failed reason "$2" analysis_id "$(analysis_id)" code "$1"
  exit "$1"
}

# Runs thamos; its messages go to the log and to $work/said, its output to $work/output. Gives its code.
ask_thamos() {
  : >"$work/output"
  echo 1 >"$work/code"
  {
    code=0
    run_thamos "$@" 2>&1 >"$work/output" </dev/null || code=$?
    echo "$code" >"$work/code"
  } | tee "$work/said" >&2
  read -r code <"$work/code"
  return "$code"
}

# Why thamos ended as it did, in one sentence.
reason() {
  case $1 in
    124 | 143) # as programs called timeout say it
      echo "Thoth did not answer within $deadline seconds (THAMOS_TIMEOUT and 15)"
      return
      ;;
  esac
  run_python "$here/report.py" reason "$work/output" "$work/said" 2>/dev/null ||
    echo "thamos ended with code $1; what it said stands above"
}

make_configuration() {
  if [ -f .thoth.yaml ] && [ "$THOTH_FORCE_GENERATE_CONFIG" = 0 ]; then
    say 'taking .thoth.yaml as it is'
  else
    rm -f .thoth.yaml
    set -- config --no-interactive
    if [ -n "$THAMOS_CONFIG_TEMPLATE" ]; then
      say "making .thoth.yaml from $THAMOS_CONFIG_TEMPLATE"
      set -- "$@" --template "$THAMOS_CONFIG_TEMPLATE"
    else
      say 'making .thoth.yaml of what is found out about this machine'
    fi
    code=0
    ask_thamos "$@" || code=$?
    if [ "$code" = 0 ] && [ -s .thoth.yaml ]; then :; else
      give_up 4 ".thoth.yaml could not be made: $(reason "$code") (a {NAME} in the template is one of thamos' \
own or, with THAMOS_CONFIG_EXPAND_ENV=1, a variable of the environment)"
    fi
  fi
  [ "$THOTH_CONFIG_CHECK" = 1 ] || return 0
  code=0
  ask_thamos check --output-format json || code=$?
  [ "$code" = 0 ] || give_up 4 ".thoth.yaml does not fit this machine: $(reason "$code")"
}

ask_advice() {
  rm -f .thoth_last_analysis_id
  set -- advise --json
  [ "$THOTH_DRY_RUN" = 0 ] || set -- advise --no-wait
  code=0
  ask_thamos "$@" || code=$?
  id=$(analysis_id)
  [ -z "$id" ] || mark asked analysis_id "$id"
  [ "$code" = 0 ] || give_up 5 "$(reason "$code")"
  if [ "$THOTH_DRY_RUN" = 1 ]; then
    [ -n "$id" ] || give_up 5 'Thoth took the stack, and gave it no id'
    restore_files
    say "dry run: sent to Thoth as $id; the repository's own $lock stays"
    mark submitted analysis_id "$id" lock "$lock"
    return
  fi
  run_python "$here/report.py" advice "$work/output" "$work/kept/$lock" "$lock" "$id" \
    >"$work/report" 2>"$work/said" || give_up 5 "what Thoth answered is no recommendation: \
$(reason 5)"
  sed '$d' "$work/report"
  say "taking the stack that Thoth recommends ($id)"
  mark_json "$(tail -n 1 "$work/report")"
}

check_provenance() {
  code=0
  ask_thamos provenance-check --json || code=$?
  if [ "$code" = 0 ]; then
    say 'the packages come from where they should'
    mark provenance outcome passed
    return
  fi
  restore_files
  say "the packages' origin: $(reason "$code")" >&2
  mark failed reason "the check of the packages' origin: $(reason "$code")" code 6
  exit 6
}

# Why nothing is asked; empty where advice is.
why_not() {
  if [ "$THOTH_OFF" = 1 ]; then
    echo 'THOTH_OFF=1'
  elif [ ! -f "$stack" ]; then
    echo 'there is neither a Pipfile nor a requirements.in'
  elif [ "$THOTH_ADVISE" = 0 ] && [ -f "$lock" ]; then
    echo "THOTH_ADVISE=0, and there is a $lock"
  fi
}

main() {
  cd -- "${1:-.}"
  mark begin version 1
  read_switches
  not=$(why_not)
  if [ -n "$not" ]; then
    say "Thoth is not asked for advice: $not"
    mark skipped reason "$not"
    [ "$THOTH_OFF" = 0 ] && [ "$THOTH_PROVENANCE_CHECK" = 1 ] && [ -f "$lock" ] || return 0
  fi
  keep_files
  get_client || give_up 3 'thamos could not be installed; what was said stands above'
  make_configuration
  [ -n "$not" ] || ask_advice
  [ "$THOTH_PROVENANCE_CHECK" = 0 ] || check_provenance
}

main "$@"
