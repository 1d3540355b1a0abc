# JSON in pure shell. Part of both scripts: every name begins with amun_ so that no variable of the
# user's environment is touched.

# Puts $1 as a JSON string into amun_json. What is not printable ASCII is escaped, bytes from 128
# on become "?": whatever /proc or a file says, the result is valid JSON.
amun_json_string() {
  case $1 in
    *[!\ -~]* | *[\"\\]*) ;;
    *)
      amun_json=\"$1\"
      return
      ;;
  esac
  amun_json=''
  amun_rest=$1
  while [ -n "$amun_rest" ]; do
    amun_char=${amun_rest%"${amun_rest#?}"}
    amun_rest=${amun_rest#?}
    case $amun_char in
      \" | \\) amun_json=$amun_json\\$amun_char ;;
      [\ -~]) amun_json=$amun_json$amun_char ;;
      "$amun_tab") amun_json="$amun_json\\t" ;;
      "$amun_newline") amun_json="$amun_json\\n" ;;
      [[:cntrl:]]) amun_json="$amun_json\\u00$(printf '%02x' "'$amun_char")" ;;
      *) amun_json="$amun_json?" ;;
    esac
  done
  amun_json=\"$amun_json\"
}

# The same, but null for an empty text.
amun_json_text() {
  if [ -n "$1" ]; then amun_json_string "$1"; else amun_json=null; fi
}

# $1 as a JSON number where it is a plain decimal number, else null.
amun_json_number() {
  case $1 in
    '' | *[!0-9]*) amun_json=null ;;
    *)
      amun_json=$1
      while :; do
        case $amun_json in 0?*) amun_json=${amun_json#0} ;; *) return ;; esac
      done
      ;;
  esac
}

# Puts $1 without blanks at either end into amun_trimmed.
amun_trim() {
  amun_trimmed=${1#"${1%%[!"$amun_blank"]*}"}
  amun_trimmed=${amun_trimmed%"${amun_trimmed##*[!"$amun_blank"]}"}
}

# Puts the first line of file $1 into amun_line; empty where it cannot be read.
amun_first_line() {
  amun_line=''
  [ -r "$1" ] && IFS= read -r amun_line 2>/dev/null <"$1"
  return 0
}
