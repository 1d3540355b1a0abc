# The pump of images that have a shell and nothing else: correct where the shell can read a zero
# byte (bash), and slow. A shell that cannot (dash alone) loses zero bytes, nothing else.

# True where this shell's read can take single bytes and say that it met a zero byte.
amun_reads_bytes() {
  # shellcheck disable=SC3045,SC2030,SC2031 # whether this shell has these options is the question
  amun_first=$(printf 'ab' | { IFS= read -r -d '' -n 1 amun_line && printf '%s' "$amun_line"; })
  [ "$amun_first" = a ]
} 2>/dev/null

# Passes one piece of amun_size bytes on, as printf takes it: a format and its texts. A piece that
# does not fit any more is left out whole, and so is all after it.
amun_shell_pass() {
  if [ $((amun_sent + amun_size)) -gt "$amun_limit" ] || [ "$amun_cut" -gt 0 ]; then
    amun_cut=$((amun_cut + amun_size))
    return
  fi
  amun_sent=$((amun_sent + amun_size))
  if [ -n "$amun_writer" ]; then
    amun_pause_writer
    amun_put '%s' "$amun_mark:e:"
    amun_put "$@"
    amun_put '%s' "$amun_mark:o:"
    amun_resume_writer
  else
    amun_put "$@"
  fi
}

# Byte by byte inside, but passed on in pieces: waits for the first, then takes what comes within
# a moment, at most what is written at once. Each read ends for one of four reasons: a zero byte, the
# count, the time, the end.
amun_shell_bytes() {
  # shellcheck disable=SC3045 # only shells that have these options get here
  while IFS= read -r -d '' -n 1 amun_char || [ -n "$amun_char" ]; do
    amun_form=%s amun_size=1
    case $amun_char in '') amun_form='%s\0' ;; esac
    set -- "$amun_char"
    while [ "$amun_size" -lt 2000 ]; do
      IFS= read -r -d '' -n 2000 -t "$amun_moment" amun_piece
      amun_ended=$?/${#amun_piece}
      amun_form=$amun_form%s amun_size=$((amun_size + ${#amun_piece}))
      set -- "$@" "$amun_piece"
      case $amun_ended in 0/2000 | [!0]*) break ;; esac
      amun_form="$amun_form\\0" amun_size=$((amun_size + 1))
    done
    "$amun_taker" "$amun_form" "$@"
  done
}

amun_shell_lines() {
  while IFS= read -r amun_piece; do
    amun_size=$((${#amun_piece} + 1))
    "$amun_taker" '%s\n' "$amun_piece"
  done
  amun_size=${#amun_piece}
  [ -z "$amun_piece" ] || "$amun_taker" %s "$amun_piece"
}

# Hands what comes on standard input to function $1, piece by piece, each as printf takes it.
amun_shell_read() {
  amun_taker=$1 amun_moment=0.05 amun_piece=''
  if amun_reads_bytes; then amun_shell_bytes; else amun_shell_lines; fi
}

# One stream: $1 "o" or "e", read from standard input.
amun_shell_stream() {
  amun_sent=0 amun_cut=0
  amun_shell_read amun_shell_pass
  echo "$1 $amun_sent $amun_cut" >&7
}

amun_pump_by_shell() {
  amun_writer=''
  amun_shell_stream o <&3 &
  amun_writer=$!
  echo "pumping $amun_writer" >&7
  amun_shell_stream e <&5
  amun_resume_writer
  wait "$amun_writer"
  return 0
}
