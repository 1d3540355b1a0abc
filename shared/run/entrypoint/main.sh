# Process 1 of a run. The log it leaves on standard output:
#   <RS>amun:<nonce>:h:1      first line; what a container engine or loader printed before is not ours;
#                             h:2 where the rest comes in lines of ours: see lines.sh
#   …                         stdout as it is, stderr between the marks that pump.sh describes
#   <RS>amun:<nonce>:r:{…}    last line, the report; the last one counts
# RS is the byte 1e. The nonce is new in each run, so no text is taken for a mark by accident, and
# nothing that knows it can write after the report: all other processes are dead by then.

# Reads what prepare.sh found out; false where a signal to stop came meanwhile.
amun_read_findings() {
  while [ "$amun_stopped" = false ]; do
    IFS=' ' read -r amun_key amun_value <&7 || continue
    case $amun_key in
      python) amun_python=$amun_value ;;
      python_version) amun_python_version=$amun_value ;;
      fetch_error) amun_fetch_error=$amun_value ;;
      script) amun_script=$amun_value ;;
      sha) amun_sha=$amun_value ;;
      pump) amun_pump=$amun_value ;;
      offset) amun_offset=$amun_value ;;
      signals) amun_signals=$amun_value ;;
      ready) return 0 ;;
    esac
  done
  return 1
}

# Asked to stop (cancelled, or at the deadline): the script gets the same signal and some seconds.
amun_stop() {
  amun_stopped=true
  echo stop >&7
  [ -n "$amun_child" ] || return 0
  kill -TERM "$amun_child" 2>/dev/null
  case $amun_reaper in '') ;; *) return 0 ;; esac
  (
    trap - TERM
    exec >/dev/null 2>&1 3<&- 4>&- 5<&- 6>&- 7>&- 8>&-
    amun_find_delay
    kill -KILL "$amun_child"
  ) &
  amun_reaper=$!
}

# Lets amun_stop_timeout seconds go by, without sleep if need be.
amun_find_delay() {
  sleep "$amun_stop_timeout" && return 0
  amun_read_uptime
  amun_end=$((amun_uptime + amun_stop_timeout * 100))
  while [ "$amun_uptime" -lt "$amun_end" ]; do amun_read_uptime; done
}

# After the script's end: ends all that it left running and reads the pipes to their end.
amun_drain() {
  # A signal in the middle of a read would lose part of a line.
  trap - CHLD
  amun_sweep
  exec 1>&8 2>/dev/null 4>&- 6>&-
  amun_check_keeper || return 0
  amun_wake_ours
  while :; do
    # So that no read waits for a keeper that has died meanwhile. What is left in the pipes is little.
    echo tick >&7
    IFS=' ' read -r amun_key amun_sent amun_cut <&7 || continue
    case $amun_sent$amun_cut in *[!0-9]* | ????????????????????????*) continue ;; esac
    case $amun_key in
      tick) amun_check_keeper || return 0 ;;
      o) amun_out_sent=$((amun_out_sent + amun_sent)) amun_out_cut=$((amun_out_cut + amun_cut)) ;;
      e) amun_err_sent=$((amun_err_sent + amun_sent)) amun_err_cut=$((amun_err_cut + amun_cut)) ;;
      done) amun_pump_rests && return 0 ;;
      stop)
        amun_late=$((amun_late + 1))
        if [ "$amun_late" -gt 1 ] || amun_pump_rests; then return 0; fi
        ;;
    esac
  done
}

# True once the keeper stands still: "done" alone could have been written by anybody.
amun_pump_rests() {
  amun_round=0
  while [ "$amun_round" -lt 20000 ]; do
    amun_inspect "$amun_keeper"
    case $amun_state in T | t | Z | X | '') return 0 ;; esac
    amun_round=$((amun_round + 1))
  done
  return 1
}

# shellcheck disable=SC2094 # two ends of one pipe
amun_open_pipes() {
  amun_make_pipe && exec 7<>"$amun_pipe" && amun_release &&
    amun_make_pipe && exec 3<"$amun_pipe" 4>"$amun_pipe" && amun_release &&
    amun_make_pipe && exec 5<"$amun_pipe" 6>"$amun_pipe" && amun_release
}

# The last resort, where process 1 cannot go on (no more processes to be had): a report even so.
amun_give_up() {
  kill -KILL -1 2>/dev/null
  amun_python='' amun_code=${amun_code:-137}
  amun_tell_time
  amun_ended=$amun_now
  amun_write_report
}

amun_fatal='HUP INT QUIT ILL TRAP ABRT BUS FPE USR1 SEGV USR2 PIPE ALRM XCPU XFSZ VTALRM PROF SYS'

amun_main() {
  amun_take_shelter
  amun_first_line /proc/sys/kernel/random/uuid
  amun_nonce=''
  IFS=-
  for amun_part in $amun_line; do amun_nonce=$amun_nonce$amun_part; done
  unset IFS
  case $amun_nonce in
    '' | *[!0-9a-f]*) amun_read_uptime && amun_nonce=0000000$amun_uptime ;;
  esac
  amun_mark="${amun_rs}amun:$amun_nonce"
  amun_choose_format
  amun_put '%s\n' "$amun_mark:h:$amun_version"
  amun_read_number "${AMUN_OUTPUT_LIMIT-}" 8388608
  amun_limit=$amun_number
  amun_read_number "${AMUN_FETCH_LIMIT-}" 10485760
  amun_fetch_limit=$amun_number
  amun_read_number "${AMUN_FETCH_TIMEOUT-}" 60
  amun_fetch_timeout=$amun_number
  amun_read_number "${AMUN_STOP_TIMEOUT-}" 5
  amun_stop_timeout=$amun_number
  amun_ours='' amun_child='' amun_reaper='' amun_stopped=false amun_keepers=0 amun_late=0
  amun_python='' amun_python_version='' amun_fetch_error='' amun_sha='' amun_pump='' amun_offset=0 amun_signals=''
  amun_out_sent=0 amun_out_cut=0 amun_err_sent=0 amun_err_cut=0 amun_code='' amun_script=''
  trap amun_give_up EXIT
  trap amun_stop TERM
  # The kernel keeps from process 1 what it has no handler for; bash has one for each of these.
  # shellcheck disable=SC2086 # names
  trap : $amun_fatal
  cd /home/amun 2>/dev/null || cd /
  amun_open_pipes || exit 125
  # Redirections by exec: those of a function call leave copies of what they replace in some shells.
  (
    exec </dev/null >&7 3<&- 4>&- 5<&- 6>&- 8>&-
    ( amun_prepare )
    echo ready
    amun_linger
  ) &
  amun_preparer=$!
  amun_ours="$amun_ours $amun_preparer"
  amun_read_hwinfo
  amun_read_os
  amun_read_processor
  amun_read_cuda
  amun_count_kills
  amun_kills_before=$amun_kills
  amun_try_wait
  amun_first_line /proc/sys/kernel/hostname
  amun_hostname=$amun_line
  amun_read_findings
  amun_tell_time
  amun_started=$amun_now
  if [ -n "$amun_fetch_error" ]; then
    amun_code=1
    amun_write_line "$amun_mark:e:amun: the script could not be fetched: $amun_fetch_error"
    amun_write_mark o
  elif [ "$amun_stopped" = true ]; then
    amun_code=143
  else
    # /proc/1/fd/1, which some scripts write to, is the script's stdout from here on; the log itself
    # is out of their reach. /proc/1/fd/2 is its stderr, but for the time of a wait.
    exec 1>&4 2>&6
    amun_start_pump
    amun_await_pump
    # Wakes the wait when the keeper dies.
    case $amun_bash in '') trap : CHLD ;; esac
    amun_start_script
    if [ "$amun_stopped" = true ]; then kill -TERM "$amun_child"; fi
    amun_await_script
  fi
  amun_tell_time
  amun_ended=$amun_now
  case $amun_keepers/${amun_keeper-} in */) amun_sweep ;; *) amun_drain ;; esac
  amun_count_kills
  amun_kills=$((amun_kills - amun_kills_before))
  amun_write_report
}

if [ "$$" != 1 ]; then
  echo 'amun: entrypoint.sh ends every other process it sees, so it runs as process 1 of a container only' >&2
  exit 125
fi
exec 8>&1 2>/dev/null
amun_main
