# shellcheck shell=sh
# User 1042 and its home. Clusters that choose the user themselves choose group 0: it may write too.

# Ends the file's last line where that was not done, so that what is appended begins a line.
append_line() {
  if [ -s "$1" ] && [ -n "$(tail -c 1 "$1")" ]; then echo >>"$1"; fi
  printf '%s\n' "$2" >>"$1"
}

# Prints the name of the entry with the id $2 in /etc/passwd or /etc/group.
name_of() {
  [ -r "$1" ] || return 0
  while IFS=: read -r name _ id _ || [ -n "$name" ]; do
    if [ "$id" = "$2" ]; then printf '%s' "$name"; fi
  done <"$1"
}

# Prints a name that no entry of the file has.
free_name() {
  free=amun
  if [ -r "$1" ]; then
    while IFS=: read -r name _ || [ -n "$name" ]; do
      if [ "$name" = amun ]; then free=amun1042; fi
    done <"$1"
  fi
  printf '%s' "$free"
}

if [ -z "$(name_of /etc/group 1042)" ]; then
  append_line /etc/group "$(free_name /etc/group):x:1042:"
fi
if [ -z "$(name_of /etc/passwd 1042)" ]; then
  append_line /etc/passwd "$(free_name /etc/passwd):x:1042:1042:Amun:/home/amun:/bin/sh"
fi

mkdir -p /home/amun/hwinfo
chown 1042:0 /home/amun /home/amun/hwinfo
chmod 775 /home/amun /home/amun/hwinfo
