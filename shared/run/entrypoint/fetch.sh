# Fetching a script from its URL, with what the image has. Only http and https, also after
# redirects; never more than amun_fetch_limit bytes (the kernel sees to that: ulimit -f) nor longer
# than amun_fetch_timeout seconds.

# shellcheck disable=SC2016
amun_python_fetch='
import sys, time, urllib.request as u
url, path, limit, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
end = time.monotonic() + seconds
opener = u.OpenerDirector()
class Redirect(u.HTTPRedirectHandler):
    def redirect_request(self, request, fp, code, message, headers, new):
        if not new.lower().startswith(("http://", "https://")):
            sys.exit("it redirects to something that is not http or https")
        return super().redirect_request(request, fp, code, message, headers, new)
for handler in (u.ProxyHandler, u.HTTPHandler, u.HTTPSHandler, Redirect, u.HTTPDefaultErrorHandler,
                u.HTTPErrorProcessor):
    opener.add_handler(handler())
try:
    with opener.open(u.Request(url, headers={"User-Agent": "amun"}), timeout=min(seconds, 20)) as answer:
        with open(path, "wb") as file:
            size = 0
            while True:
                data = answer.read1(65536)
                if not data:
                    break
                size += len(data)
                if size > limit:
                    sys.exit("it is larger than %d bytes" % limit)
                if time.monotonic() > end:
                    sys.exit("it took longer than %d seconds" % seconds)
                file.write(data)
except Exception as error:
    sys.exit("%s" % error)
'

# A place for the script into amun_script: where it belongs, or else wherever one can write.
amun_find_place() {
  umask 077
  for amun_script in /home/amun/script "${TMPDIR:-/tmp}/amun-script-$amun_nonce" \
    "/tmp/amun-script-$amun_nonce" "/var/tmp/amun-script-$amun_nonce" \
    "/dev/shm/amun-script-$amun_nonce" "/home/amun/hwinfo/amun-script-$amun_nonce"; do
    [ -e "$amun_script" ] && continue
    # Not ":": a shell ends where a redirection of that fails.
    { true >"$amun_script"; } 2>/dev/null && return 0
  done
  return 1
}

# Runs the fetching program in amun_tool; its complaints go to standard output.
amun_run_fetch() {
  ulimit -f $((amun_fetch_limit / 512 + 1))
  case $amun_tool in
    curl)
      exec curl -q -sS -f -L --max-redirs 10 --proto '=http,https' --proto-redir '=http,https' \
        --connect-timeout 20 --max-time "$amun_fetch_timeout" --max-filesize "$amun_fetch_limit" \
        -o "$amun_script" "$AMUN_SCRIPT_URL"
      ;;
    python3)
      exec "$amun_python" -I -S -c "$amun_python_fetch" "$AMUN_SCRIPT_URL" "$amun_script" \
        "$amun_fetch_limit" "$amun_fetch_timeout"
      ;;
    wget)
      # A redirect to FTP, which wget would follow, ends at a proxy that is not there.
      ftp_proxy=http://127.0.0.1:9/
      export ftp_proxy
      # GNU's -q is silent about errors too. The -T of some builds of busybox ends in a crash: there
      # amun_watch_over alone bounds the time.
      case $(wget --version 2>&1) in
        *GNU*) exec wget -nv -T 20 -t 2 -O "$amun_script" "$AMUN_SCRIPT_URL" ;;
        *) exec wget -q -O "$amun_script" "$AMUN_SCRIPT_URL" ;;
      esac
      ;;
  esac 2>&1
}

# Ends process $1 after $2 seconds, where the image has sleep.
amun_watch_over() {
  sleep "$2" && kill -KILL "$1"
} >/dev/null 2>&1

# Fetches AMUN_SCRIPT_URL to amun_script; where that fails, amun_fetch_error says why.
amun_fetch() {
  amun_fetch_error='' amun_tool=''
  case $AMUN_SCRIPT_URL in
    [hH][tT][tT][pP]://?* | [hH][tT][tT][pP][sS]://?*) ;;
    *) amun_fetch_error='the URL of the script must begin with http:// or https://' && return 1 ;;
  esac
  if amun_find curl; then
    amun_tool=curl
  elif [ -n "$amun_python" ]; then
    amun_tool=python3
  elif command -v wget >/dev/null 2>&1; then
    amun_tool=wget
  else
    amun_fetch_error='the image has none of curl, wget and python3 to fetch the script with; add one to packages'
    return 1
  fi
  if ! amun_find_place; then
    amun_fetch_error='the image has no writable place for the script'
    return 1
  fi
  amun_output=$(
    amun_run_fetch &
    amun_child=$!
    amun_watch_over "$amun_child" "$((amun_fetch_timeout + 2))" &
    amun_watch=$!
    wait "$amun_child"
    amun_status=$?
    kill -KILL "$amun_watch" 2>/dev/null
    echo
    echo "amun-status $amun_status"
  )
  amun_status=${amun_output##*amun-status }
  amun_output=${amun_output%amun-status *}
  case $amun_status in
    0) ;;
    153) amun_fetch_error="it is larger than $amun_fetch_limit bytes" ;;
    137) amun_fetch_error="it took longer than $amun_fetch_timeout seconds" ;;
    *) amun_explain_fetch ;;
  esac
  [ -z "$amun_fetch_error" ] && [ ! -s "$amun_script" ] && amun_fetch_error='what the URL answers with is empty'
  [ -z "$amun_fetch_error" ]
}

# The program's own words, one line and short, into amun_fetch_error.
amun_explain_fetch() {
  amun_fetch_error="$amun_tool ended with exit code $amun_status"
  amun_words=''
  while IFS= read -r amun_line; do
    case $amun_line in '') ;; *) amun_words="$amun_words${amun_words:+; }$amun_line" ;; esac
  done <<END
$amun_output
END
  case $amun_words in '') return 0 ;; esac
  while [ "${#amun_words}" -gt 500 ]; do amun_words=${amun_words%????????????????}; done
  amun_fetch_error="$amun_fetch_error: $amun_words"
}
