# The pump of images that have dd, tee and wc but neither perl nor python3. Shells cannot wait for
# two pipes at once, so each stream has a loop of its own. Everything of stdout goes through one
# writer that lives as long as the pump; a frame of stderr goes to the log while that writer is
# stopped, so that the two never mix.

# Stops process amun_writer and waits until it stands still.
amun_pause_writer() {
  kill -STOP "$amun_writer" 2>/dev/null || return 0
  while :; do
    amun_inspect "$amun_writer"
    case $amun_state in '' | T | t | Z | X) return 0 ;; esac
  done
}

amun_resume_writer() {
  kill -CONT "$amun_writer" 2>/dev/null
}

# One read takes what is there, so output is live; 64 reads at most before the bytes are counted.
amun_dd_stdout() {
  amun_sent=0 amun_cut=0
  while [ "$amun_sent" -lt "$amun_limit" ]; do
    amun_size=$((amun_limit - amun_sent)) amun_reads=1
    if [ "$amun_size" -gt 65536 ]; then
      amun_reads=$((amun_size / 65536)) amun_size=65536
      [ "$amun_reads" -le 64 ] || amun_reads=64
    fi
    amun_count=$(dd bs="$amun_size" count="$amun_reads" <&3 | tee /proc/self/fd/4 | wc -c)
    amun_count=$((amun_count))
    [ "$amun_count" -gt 0 ] || break
    amun_sent=$((amun_sent + amun_count))
  done
  [ "$amun_sent" -lt "$amun_limit" ] || amun_cut=$(wc -c <&3)
}

# A pipe may hold as little as a page (the kernel shrinks them where a user has many): finds out
# whether pipe 6 takes more at once, since what is put into it must not block.
amun_measure_pipe() {
  amun_chunk=4096
  dd if=/dev/zero bs=61440 count=1 >&6 &
  amun_child=$!
  amun_count=0 amun_total=0 amun_round=0
  while [ "$amun_total" -lt 61440 ] && [ "$amun_round" -lt 20 ]; do
    amun_round=$((amun_round + 1))
    amun_count=$(dd bs=65536 count=1 <&6 | wc -c)
    amun_total=$((amun_total + amun_count))
  done
  wait "$amun_child"
  [ "$amun_count" -lt 61440 ] || amun_chunk=61440
}

amun_dd_stderr() {
  amun_sent=0 amun_cut=0
  while [ "$amun_sent" -lt "$amun_limit" ]; do
    amun_size=$((amun_limit - amun_sent))
    [ "$amun_size" -le "$amun_chunk" ] || amun_size=$amun_chunk
    amun_count=$(dd bs="$amun_size" count=1 <&5 | tee /proc/self/fd/6 | wc -c)
    amun_count=$((amun_count))
    [ "$amun_count" -gt 0 ] || break
    amun_pause_writer
    amun_put '%s' "$amun_mark:e:"
    dd bs=65536 count=1 <&6 >&8
    amun_put '%s' "$amun_mark:o:"
    amun_resume_writer
    amun_sent=$((amun_sent + amun_count))
  done
  [ "$amun_sent" -lt "$amun_limit" ] || amun_cut=$(wc -c <&5)
}

amun_pump_by_dd() {
  # shellcheck disable=SC2094 # two ends of one pipe
  amun_make_pipe && exec 6<"$amun_pipe" 4>"$amun_pipe" && amun_release || return 1
  dd bs=65536 4>&- <&6 >&8 &
  amun_writer=$!
  amun_make_pipe && exec 6<>"$amun_pipe" && amun_release || return 1
  amun_measure_pipe
  echo "pumping $amun_writer" >&7
  (
    amun_dd_stdout
    echo "o $((amun_sent)) $((amun_cut))" >&7
  ) &
  amun_child=$!
  exec 4>&-
  amun_dd_stderr
  echo "e $((amun_sent)) $((amun_cut))" >&7
  wait "$amun_child"
  amun_resume_writer
  wait "$amun_writer"
  return 0
}
