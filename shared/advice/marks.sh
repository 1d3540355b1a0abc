# shellcheck shell=sh disable=SC2034 # the other parts use what is here
# What advise.sh prints: lines for people, which begin with "thoth: ", and marks for programs. A mark
# is one line, `amun-advice:<nonce>:<JSON object>`. The nonce is new in each run and first seen in
# the mark `begin`, so whatever the log holds besides cannot pass for one.
newline='
'
nonce=$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')

say() { printf 'thoth: %s\n' "$*"; }

# $1 as people can read it: one line of printable ASCII, not too long.
plain() {
  printf %s "$1" | tr '\n\t' '  ' | LC_ALL=C tr -cd ' -~' | cut -c 1-1000
}

# $1 is a JSON object in one line.
mark_json() { printf 'amun-advice:%s:%s\n' "$nonce" "$1"; }

# mark EVENT [KEY VALUE]…: values are texts.
mark() {
  object="{\"event\":\"$1\""
  shift
  while [ $# -gt 1 ]; do
    object="$object,\"$1\":\"$(plain "$2" | sed 's/["\\]/\\&/g')\""
    shift 2
  done
  mark_json "$object}"
}
