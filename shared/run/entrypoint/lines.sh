# Logs by lines. The container runtimes of clusters keep a log line by line: some 45 bytes more for
# each, none of it to be seen before its end, a return before its end dropped; and once the file is
# large its beginning is thrown away. So what the script's lines are must not be theirs.
#
# Everything after the log's first line then comes in lines that are ours: "<US>T" and text, or
# "<US>B" and base64. In text a newline is the byte GS and a return FS; where the script wrote one of
# these bytes there is <US>c for FS, <US>d for GS, <US>f for US. Newlines and returns that are left
# mean nothing. Undoing that gives the log that main.sh and pump.sh describe.
# FS, GS, RS, US are the bytes 1c to 1f.
#
# A small piece would cost less than its line does. So pieces share lines: the first of a run go out
# at once, the Nth line waits N/5000 seconds after the one before it, two at most. Four hours of
# single bytes make some 12,000 lines that way.

# What AMUN_LOG_FORMAT asks for, and how process 1 itself writes then.
amun_choose_format() {
  amun_format=raw amun_version=1
  amun_line_head='' amun_line_end=$amun_newline amun_mark_end=''
  case ${AMUN_LOG_FORMAT-} in
    lines)
      amun_format=lines amun_version=2
      amun_line_head=${amun_us}T amun_line_end=$amun_gs$amun_newline amun_mark_end=$amun_newline
      ;;
  esac
}

# Puts an encoder between the pump and the log: the pump's descriptor 8 is a pipe from here on,
# which the encoder reads as 5. All is made before the encoder starts: a script that kills what it
# sees is not to meet it half made.
# shellcheck disable=SC2094 # two ends of one pipe
amun_begin_lines() {
  case $amun_pump in
    dd)
      amun_make_pipe && exec 6<>"$amun_pipe" && amun_release || return 1
      amun_measure_pipe
      ;;
  esac
  amun_make_pipe && exec 9<"$amun_pipe" 4>"$amun_pipe" && amun_release || return 1
  amun_lines=0
  (
    exec 3<&- 5<&9 4>&- 7>&- 9<&-
    case $amun_pump in dd) amun_encode_by_dd ;; sh) amun_encode_by_shell ;; esac
  ) &
  amun_encoder=$!
  exec 8>&4 4>&- 6<&- 9<&-
}

# Waits until the encoder has passed everything on.
amun_end_lines() {
  exec 8>&-
  wait "$amun_encoder"
}

# How long the next small piece may wait, in seconds, into amun_moment.
amun_find_moment() {
  amun_lines=$((amun_lines + 1))
  amun_hundredths=$((amun_lines / 50))
  [ "$amun_hundredths" -ge 5 ] || amun_hundredths=5
  [ "$amun_hundredths" -le 200 ] || amun_hundredths=200
  amun_two_digits $((amun_hundredths % 100))
  amun_moment=$((amun_hundredths / 100)).$amun_two
}
