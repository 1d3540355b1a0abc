#!/bin/sh
# What a build's container runs: buildctl with the given arguments; the digest of what it pushed is
# left as the container's last message. What the registry did not take is pushed again: by then all
# steps are in the cache of this container's daemon.
set -u

message=${AMUN_MESSAGE_FILE:-/dev/termination-log}
work=$(mktemp -d)
child=
cancelled=
code=1

# A shell that is process 1 hears no signal that it does not ask for.
trap 'cancelled=yes; stop' TERM

stop() {
  [ -z "$child" ] || kill -TERM "$child" 2>/dev/null
}

# One attempt: its exit code, and what it said.
build() {
  rm -f "$work/pipe"
  mkfifo "$work/pipe"
  tee "$work/said" <"$work/pipe" >&2 &
  reader=$!
  buildctl-daemonless.sh "$@" --metadata-file="$work/metadata" 2>"$work/pipe" &
  child=$!
  [ -z "$cancelled" ] || stop
  await
  wait "$reader"
}

# A signal ends a wait, so it is repeated: the exit code is the child's.
await() {
  wait "$child"
  code=$?
  while kill -0 "$child" 2>/dev/null; do
    wait "$child"
    code=$?
  done
  child=
}

# The line is BuildKit's: it puts a number or a time before what steps say.
was_refused() {
  [ "$code" != 0 ] && [ -z "$cancelled" ] &&
    grep -q '^error: failed to solve: failed to push ' "$work/said"
}

build "$@"
for pause in 1 5; do
  was_refused || break
  echo "amun: the registry did not take the image; pushing it again in $pause s" >&2
  sleep "$pause" &
  child=$!
  wait "$child"
  child=
  build "$@"
done
if [ "$code" = 0 ]; then
  sed -n 's/.*"containerimage[.]digest": *"\(sha256:[0-9a-f]*\)".*/\1/p' "$work/metadata" >"$message"
fi
exit "$code"
