# shellcheck shell=sh
# Puts files in their places, as /amun/files says: a file of the context, its mode and its path a
# line. What lies in the home belongs to its user, all else to root.

own() {
  case $1 in
    /home/amun/*) chown 1042:0 "$1" && chmod g=u "$1" ;;
    *) chown 0:0 "$1" ;;
  esac
}

make_folder() {
  if [ -z "$1" ] || [ -d "$1" ]; then return; fi
  make_folder "${1%/*}"
  mkdir "$1" || fail "the folder $1 cannot be made: files names a path below something else"
  own "$1"
}

# A file written to a mount would be gone with it: a volume that the base declares (some builders
# mount those), or what the builder itself puts in place.
refuse_mount() {
  [ -r /proc/self/mounts ] || return 0
  while read -r _ mount _; do
    [ "$mount" != / ] || continue
    case $1/ in
      "$mount"/*) fail "the file $1 would be lost: $mount is a volume of the base image, or the" \
        "builder's own; choose another path" ;;
    esac
  done </proc/self/mounts
}

while IFS= read -r entry; do
  source=${entry%% *}
  entry=${entry#* }
  mode=${entry%% *}
  path=${entry#* }
  refuse_mount "$path"
  make_folder "${path%/*}"
  [ ! -d "$path" ] || fail "the file $path cannot be written: the base image has a folder there"
  say "writing $path"
  rm -f "$path" # a link there is replaced, not followed
  cp "/amun/$source" "$path"
  chmod "$mode" "$path"
  own "$path"
done </amun/files
