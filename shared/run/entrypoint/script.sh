# The script itself: how it is started, and how its end is waited for.

# Says $2 where the script's errors go and ends like a shell would: $1 is 126 or 127.
amun_refuse() {
  printf 'amun: %s\n' "$2" >&2
  exit "$1"
}

# Becomes the script, whatever its first line: what the kernel does with "#!", done here, since the
# file may lie where nothing can be executed, and since the kernel's refusals explain nothing.
amun_become_script() {
  [ -r "$amun_script" ] || amun_refuse 127 "there is no script at $amun_script"
  IFS= read -r amun_line 2>/dev/null <"$amun_script"
  case $amun_line in
    '#!'*) amun_parse_shebang "${amun_line#??}" ;;
    ?ELF*) amun_interpreter='' amun_argument='' ;;
    *) amun_interpreter=/bin/sh amun_argument='' ;;
  esac
  set -- "$amun_script"
  if [ -n "$amun_argument" ]; then set -- "$amun_argument" "$@"; fi
  if [ -n "$amun_interpreter" ]; then set -- "$amun_interpreter" "$@"; fi
  amun_leave_shelter
  amun_restore_signals "$@"
  exec "$@"
}

# Splits "#!" lines into amun_interpreter and amun_argument, and refuses what cannot be run.
amun_parse_shebang() {
  amun_trim "$1"
  amun_interpreter=$amun_trimmed amun_argument=''
  case $amun_interpreter in
    *["$amun_tab "]*)
      amun_interpreter=${amun_interpreter%%["$amun_tab "]*}
      amun_trim "${amun_trimmed#"$amun_interpreter"}"
      amun_argument=$amun_trimmed
      ;;
  esac
  case $1 in
    *"$amun_return")
      amun_refuse 127 "the first line of the script ends with a carriage return (CRLF), so its \
interpreter would be \"$amun_interpreter\\r\"; save it with Unix line ends (LF)"
      ;;
  esac
  case $amun_interpreter in
    '') amun_refuse 126 'the first line of the script is "#!" without an interpreter' ;;
  esac
  [ -e "$amun_interpreter" ] || amun_refuse 127 "the image has no $amun_interpreter, which the first line of the script asks for"
  if [ -f "$amun_interpreter" ] && [ -x "$amun_interpreter" ]; then return 0; fi
  amun_refuse 126 "$amun_interpreter, which the first line of the script asks for, is not a program"
}

# A shell without job control starts what runs beside it with SIGINT and SIGQUIT ignored, and some
# cannot undo it. Programs would notice: goes through one that sets them right, where there is one.
amun_restore_signals() {
  trap - INT QUIT 2>/dev/null
  case $amun_bash in yes) return 0 ;; esac
  amun_ignored=0
  while read -r amun_key amun_value; do
    case $amun_key in SigIgn:) amun_ignored=${amun_value#"${amun_value%?}"} ;; esac
  done 2>/dev/null </proc/self/status
  case $amun_ignored in 0 | 1 | 8 | 9) return 0 ;; esac
  # A library to preload is for the script, not for the program in between.
  # shellcheck disable=SC2154 # set by amun_take_shelter
  case $amun_signals/$amun_had_LD_PRELOAD in
    */env/yes) unset LD_PRELOAD && set -- "LD_PRELOAD=$amun_was_LD_PRELOAD" "$@" ;;
  esac
  case $amun_signals in
    */env) exec "$amun_signals" --default-signal=INT,QUIT "$@" ;;
    */*) exec "$amun_signals" -I -S -c "$amun_python_signals" "$@" ;;
  esac
}

amun_python_signals='
import os, signal, sys
for name in (signal.SIGINT, signal.SIGQUIT, signal.SIGPIPE):
    signal.signal(name, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])
'

# Starts the script as a child of process 1: nothing it does to its parent has any effect.
amun_start_script() {
  (
    # shellcheck disable=SC2086 # names
    trap - TERM CHLD $amun_fatal
    exec </dev/null >&4 2>&6 3<&- 4>&- 5<&- 6>&- 7>&- 8>&-
    amun_become_script
  ) &
  amun_child=$!
}

# Waits for the script's end whatever signals come in between; its status into amun_code. A shell
# may learn of the end in the middle of a wait that a signal ends: so it is asked again, and again
# while the answer could be the word of another child's end (128 and SIGCHLD's number, which depends
# on the architecture) in place of a status. Shells that forget a status once told (dash) answer 127
# then, as if there were no such process.
amun_await_script() {
  amun_nap=0.01
  while :; do
    case $amun_bash in
      yes) amun_nap ;;
      # Shells write of every child that a signal ends.
      *) wait "$amun_child" 2>/dev/null ;;
    esac
    amun_code=$?
    amun_inspect "$amun_child"
    case $amun_state in '' | Z | X) break ;; esac
    amun_check_keeper
  done
  trap - CHLD
  amun_round=0
  while [ "$amun_round" -lt 50 ]; do
    amun_round=$((amun_round + 1))
    wait "$amun_child" 2>/dev/null
    amun_again=$?
    case $amun_again/$amun_forgets in
      127/yes) return 0 ;;
      14[568]/*) amun_code=$amun_again ;;
      *) amun_code=$amun_again && return 0 ;;
    esac
  done
}

# For bash, whose wait can miss the end of its process once a signal came in between: looks after
# it now and then. Nothing of use comes through the control pipe while the script runs.
amun_nap() {
  # shellcheck disable=SC3045 # bash has it
  read -r -t "$amun_nap" amun_line <&7
  case $amun_nap in 0.01) amun_nap=0.05 ;; 0.05) amun_nap=0.1 ;; *) amun_nap=0.2 ;; esac
}

# Whether this shell tells a process's status once only, into amun_forgets.
amun_try_wait() {
  ( exit 3 ) &
  wait "$!"
  wait "$!"
  case $? in 3) amun_forgets=no ;; *) amun_forgets=yes ;; esac
}

# A script can kill everything but process 1: then the output needs a new keeper. False where it
# has had enough of them.
amun_check_keeper() {
  amun_inspect "$amun_preparer"
  case $amun_preparer/$amun_state in
    ?*/ | ?*/Z | ?*/X)
      # Killed, and so will the keeper be at any moment: word of that must not be missed.
      amun_preparer='' amun_round=0
      while [ "$amun_round" -lt 1000 ]; do
        amun_inspect "$amun_keeper"
        case $amun_state in '' | Z | X) break ;; esac
        amun_round=$((amun_round + 1))
      done
      ;;
  esac
  amun_inspect "$amun_keeper"
  case $amun_state in
    '' | Z | X)
      [ "$amun_keepers" -lt 5 ] || return 1
      amun_keepers=$((amun_keepers + 1))
      amun_start_pump
      ;;
  esac
}
