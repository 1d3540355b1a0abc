# The encoder beside the pump that is the shell alone.

# $2 in the place of each $1, in amun_text.
amun_replace() {
  case $amun_text in *"$1"*) ;; *) return 0 ;; esac
  case $amun_has_patterns in
    yes)
      # Others cannot even read it.
      # shellcheck disable=SC2016
      eval 'amun_text=${amun_text//"$1"/"$2"}'
      return 0
      ;;
  esac
  amun_head=''
  while :; do
    case $amun_text in
      *"$1"*)
        amun_head=$amun_head${amun_text%%"$1"*}$2
        amun_text=${amun_text#*"$1"}
        ;;
      *) break ;;
    esac
  done
  amun_text=$amun_head$amun_text
}

# Whether this shell replaces by pattern, into amun_has_patterns.
amun_try_patterns() {
  # shellcheck disable=SC2016 # not for this shell, perhaps
  amun_has_patterns=$(amun_text=aba && eval 'amun_text=${amun_text//"b"/"cd"}' && [ "$amun_text" = acda ] && echo yes)
} 2>/dev/null

# Passes one piece on as a line: a format of printf and its texts.
amun_shell_encode() {
  amun_form=$1
  shift
  for amun_text; do
    amun_replace "$amun_us" "${amun_us}f"
    amun_replace "$amun_fs" "${amun_us}c"
    amun_replace "$amun_gs" "${amun_us}d"
    amun_replace "$amun_newline" "$amun_gs"
    amun_replace "$amun_return" "$amun_fs"
    shift
    set -- "$@" "$amun_text"
  done
  case $amun_form in '%s\n') amun_form='%s\035' ;; esac
  amun_put "\\037T$amun_form\\n" "$@"
  amun_find_moment
}

amun_encode_by_shell() {
  amun_try_patterns
  amun_shell_read amun_shell_encode <&5
}
