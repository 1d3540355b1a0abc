# The encoder beside the dd pump: tr can replace bytes, and base64 takes the pieces in which there
# are bytes that would need two.

# True where the image has what this takes.
amun_tools_encode() {
  amun_line=$({ printf 'a\035' | tr -c '\034\035\037' o | tr '\035' g; } 2>/dev/null)
  [ "$amun_line" = og ] || return 1
  amun_line=$({ printf ab | base64 | tr -d '\n'; } 2>/dev/null)
  [ "$amun_line" = YWI= ]
}

# A piece waits in pipe 6 while tr says what is in it: an o for each byte but the three.
amun_encode_by_dd() {
  amun_empty=0
  # Where no process can be had a piece seems empty as well: only the end stays so.
  while [ "$amun_empty" -lt 3 ]; do
    amun_piece=$(dd bs="$amun_chunk" count=1 <&5 | tee /proc/self/fd/6 | tr -c '\034\035\037' o)
    case $amun_piece in
      '')
        amun_empty=$((amun_empty + 1))
        continue
        ;;
      *[!o]*)
        amun_put '\037B'
        dd bs=65536 count=1 <&6 | base64 | tr -d '\n' >&8
        ;;
      *)
        amun_put '\037T'
        dd bs=65536 count=1 <&6 | tr '\n\r' '\035\034' >&8
        ;;
    esac
    amun_put '\n'
    amun_empty=0
    if [ "${#amun_piece}" -lt 16384 ]; then
      amun_find_moment
      # Of the first ones none waits: that would be time after the script's end.
      [ "$amun_lines" -lt 250 ] || sleep "$amun_moment"
    fi
  done
}
