# Writing to the log, descriptor 8.

# What printf makes of its arguments, whole: where a signal comes while it waits for room (that of a
# child which ends or is stopped, say), busybox's printf drops what it has and tells by its status
# only. Up to PIPE_BUF, 4096 bytes (musl: 1024), have not been written in part then; of a larger piece
# some may come twice.
amun_put() {
  amun_puts=0
  # shellcheck disable=SC2059 # the format is ours
  until printf "$@" >&8 || [ "$amun_puts" -ge 20 ]; do amun_puts=$((amun_puts + 1)); done
}

# $1 and a newline into the log.
amun_write_line() {
  amun_put '%s' "$amun_line_head$1$amun_line_end"
}

# The mark for stream $1 into the log.
amun_write_mark() {
  amun_put '%s' "$amun_line_head$amun_mark:$1:$amun_mark_end"
}

# $1 as a report into the log, however long. One that was written in part ends where the next one
# begins; the last one counts.
amun_write_long_report() {
  amun_write_mark r
  amun_text=$amun_line_head$1$amun_line_end amun_puts=0
  until printf '%s' "$amun_text" >&8 || [ "$amun_puts" -ge 20 ]; do
    amun_puts=$((amun_puts + 1))
    amun_text=$amun_line_end$amun_line_head$amun_mark:r:$1$amun_line_end
  done
}
