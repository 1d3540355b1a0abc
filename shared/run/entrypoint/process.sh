# What processes there are, which of them are ours, and the end of all others.

# State letter and parent of process $1 into amun_state and amun_parent; both empty once it is gone.
# A read that fails (the process went meanwhile) leaves the variable as it was: hence emptied.
amun_inspect() {
  amun_stat='' amun_state='' amun_parent=''
  { while amun_line='' && { IFS= read -r amun_line || [ -n "$amun_line" ]; }; do
    amun_stat=$amun_stat$amun_line
  done <"/proc/$1/stat"; } 2>/dev/null
  # The name before the last ")" is the process's own choice and may hold anything.
  amun_stat=${amun_stat##*) }
  amun_state=${amun_stat%% *}
  amun_stat=${amun_stat#* }
  amun_parent=${amun_stat%% *}
}

# True for a process that we started to run the machinery, or one started by such a process.
amun_is_ours() {
  amun_pid=$1 amun_depth=0
  while [ "$amun_depth" -lt 8 ]; do
    case " $amun_ours " in *" $amun_pid "*) return 0 ;; esac
    amun_inspect "$amun_pid"
    case $amun_parent in '' | 0 | 1) return 1 ;; esac
    amun_pid=$amun_parent amun_depth=$((amun_depth + 1))
  done
  return 1
}

# One round over all processes: kills every one that is not ours. True while there was any.
amun_kill_others() {
  amun_any=1
  for amun_dir in /proc/[0-9]*; do
    amun_other=${amun_dir#/proc/}
    [ "$amun_other" = 1 ] && continue
    amun_is_ours "$amun_other" && continue
    amun_inspect "$amun_other"
    case $amun_state in '' | Z | X) continue ;; esac
    kill -9 "$amun_other" 2>/dev/null
    amun_any=0
  done
  return $amun_any
}

# Ends everything the script left behind. What multiplies faster than it can be killed one by one
# is frozen first: a signal to all reaches a process before it can fork again.
amun_sweep() {
  amun_round=0
  while amun_kill_others && [ "$amun_round" -lt 200 ]; do
    amun_round=$((amun_round + 1))
    [ "$amun_round" -lt 4 ] || kill -STOP -1 2>/dev/null
  done
  [ "$amun_round" -lt 4 ] || kill -CONT -1 2>/dev/null
  return 0
}

# Lets what the script may have stopped, or be stopping, go on; all but process amun_spared, which a
# pump stops for a moment now and then, and continues itself.
amun_wake_ours() {
  for amun_dir in /proc/[0-9]*; do
    amun_other=${amun_dir#/proc/}
    case $amun_other in 1 | "$amun_spared") continue ;; esac
    kill -CONT "$amun_other" 2>/dev/null
  done
}

# Stops this very process for good: alive, so that its parent's resource usage does not count it.
amun_linger() {
  read -r amun_self amun_line </proc/self/stat
  while :; do kill -STOP "$amun_self"; done
}

# Makes a pipe without mkfifo and without a place to write: a helper process holds one open at
# /proc/<amun_holder>/fd/9. The caller opens it from there, then calls amun_release. The helper
# waits by reading what nobody writes.
amun_make_pipe() {
  # Were 9 the lowest free number, the helper would have one end of the pipe there for a moment, and
  # then /dev/null, before it has what the caller is to open.
  exec 9</dev/null
  : | { exec 9<>/proc/self/fd/0 && read -r amun_line <&9; } >/dev/null 2>&1 &
  amun_holder=$!
  exec 9<&-
  until [ -p "/proc/$amun_holder/fd/9" ]; do
    [ -d "/proc/$amun_holder" ] || return 1
  done
  amun_pipe=/proc/$amun_holder/fd/9
}

# Ends the helper.
amun_release() {
  kill -KILL "$amun_holder"
  wait "$amun_holder"
  return 0
} 2>/dev/null
