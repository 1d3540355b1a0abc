# The pump: reads the script's two pipes and writes the one log. File descriptors: 3 the script's
# stdout, 5 its stderr, 7 the control pipe, 8 the log. It passes on at most amun_limit bytes of
# each, counts the rest, and says at the end on the control pipe:
# "o <passed> <cut>", "e <passed> <cut>", "done".
#
# The log is stdout as it is, with marks in between: "<RS>amun:<nonce>:e:" begins stderr,
# "<RS>amun:<nonce>:o:" goes on with stdout. Nothing has a length, so a pump that is killed in the
# middle of a write cannot make the reader misunderstand what comes after the next mark. Where
# amun_format is lines, this log then goes through the encoding that lines.sh describes.

# shellcheck disable=SC2016 # Perl's variables, not the shell's
amun_perl_pump='
my ($nonce, $limit, $format) = @ARGV;
my (%in, %sent, %cut, %left);
for ([3, "o"], [5, "e"]) {
  my ($fd, $name) = @$_;
  open($in{$name}, "<&=", $fd) or exit 1;
  $sent{$name} = $cut{$name} = 0;
}
open(my $log, ">&=", 8) or exit 1;
open(my $control, ">&=", 7) or exit 1;
my ($held, $lines, $left) = ("", 0, 0);
sub put {
  my $at = 0;
  while ($at < length $_[0]) {
    my $done = syswrite($log, $_[0], length($_[0]) - $at, $at);
    if (defined $done) { $at += $done } elsif (!$!{EINTR}) { exit 1 }
  }
}
sub flush {
  return unless length $held;
  ++$lines if length $held < 16384;
  $held =~ s/([\x1c\x1d\x1f])/"\x1f" . chr(71 + ord $1)/ge;
  $held =~ tr/\n\r/\x1d\x1c/;
  put("\x1fT$held\n");
  $held = "";
  $left = $lines < 10000 ? $lines / 5000 : 2;
}
sub pass {
  return put($_[0]) if $format ne "lines";
  $held .= $_[0];
  flush() if $left <= 0 || length $held >= 32768;
}
my $mode = "o";
while (%in) {
  flush() if $left <= 0;
  my $set = "";
  vec($set, fileno $_, 1) = 1 for values %in;
  my $ready = $set;
  my ($count, $rest) = select($ready, undef, undef, $left > 0 ? $left : undef);
  $left = $count ? $rest : 0 if $left > 0 && $count >= 0;
  next if $count < 1;
  for my $name (sort keys %in) {
    next unless vec($ready, fileno $in{$name}, 1);
    my $count = sysread($in{$name}, my $bytes, 65536);
    next unless defined $count;
    if (!$count) { delete $in{$name}; next }
    my $room = $limit - $sent{$name};
    if ($count > $room) { $cut{$name} += $count - $room; $bytes = substr($bytes, 0, $room) }
    next unless length $bytes;
    $sent{$name} += length $bytes;
    $bytes = "\x1eamun:$nonce:$name:$bytes" if $mode ne $name;
    $mode = $name;
    pass($bytes);
  }
}
pass("\x1eamun:$nonce:o:") if $mode ne "o";
flush();
syswrite($control, "o $sent{o} $cut{o}\ne $sent{e} $cut{e}\ndone\n") or exit 1;
'

amun_python_pump='
import os, select, sys, time
nonce, limit, by_lines = sys.argv[1].encode(), int(sys.argv[2]), sys.argv[3] == "lines"
names = {3: b"o", 5: b"e"}
sent, cut, mode = {3: 0, 5: 0}, {3: 0, 5: 0}, 3
held, lines, due = bytearray(), 0, 0
swap = bytes.maketrans(b"\n\r", b"\x1d\x1c")
def put(data):
    data = memoryview(data)
    while data:
        data = data[os.write(8, data):]
def flush():
    global held, lines, due
    if held:
        lines += len(held) < 16384
        for byte, name in ((b"\x1f", b"f"), (b"\x1c", b"c"), (b"\x1d", b"d")):
            held = held.replace(byte, b"\x1f" + name)
        put(b"\x1fT" + held.translate(swap) + b"\n")
        held = bytearray()
        due = time.monotonic() + min(lines / 5000, 2)
def send(data):
    if not by_lines:
        return put(data)
    held.extend(data)
    if len(held) >= 32768 or time.monotonic() >= due:
        flush()
waiting = [3, 5]
poll = select.poll()
for fd in waiting:
    poll.register(fd, select.POLLIN)
while waiting:
    left = due - time.monotonic() if held else 0
    if left <= 0:
        flush()
    for fd, _ in poll.poll(left * 1000 if held else None):
        data = os.read(fd, 65536)
        if not data:
            waiting.remove(fd)
            poll.unregister(fd)
            continue
        room = limit - sent[fd]
        if len(data) > room:
            cut[fd] += len(data) - room
            data = data[:room]
        if data:
            sent[fd] += len(data)
            if fd != mode:
                data = b"\x1eamun:%s:%s:%s" % (nonce, names[fd], data)
                mode = fd
            send(data)
if mode != 3:
    send(b"\x1eamun:%s:o:" % nonce)
flush()
os.write(7, b"o %d %d\ne %d %d\ndone\n" % (sent[3], cut[3], sent[5], cut[5]))
'

# Which pump this image allows, into amun_pump.
amun_choose_pump() {
  if amun_find perl; then
    amun_pump=perl
  elif [ -n "$amun_python" ]; then
    amun_pump=python3
  else
    amun_choose_plain_pump
  fi
}

# The same without perl and python3.
amun_choose_plain_pump() {
  amun_count=$({ printf ab | dd bs=65536 count=1 | tee /dev/null | wc -c; } 2>/dev/null)
  case $amun_count in *2) amun_pump='dd' ;; *) amun_pump='sh' ;; esac
  case $amun_pump/$amun_format in dd/lines) amun_tools_encode || amun_pump='sh' ;; esac
}

amun_run_pump() {
  case $amun_pump in
    perl) perl -e "$amun_perl_pump" "$amun_nonce" "$amun_limit" "$amun_format" ;;
    python3) "$amun_python" -I -S -c "$amun_python_pump" "$amun_nonce" "$amun_limit" "$amun_format" ;;
    dd | sh) amun_run_plain_pump ;;
    *) return 1 ;;
  esac
}

amun_run_plain_pump() {
  case $amun_format in lines) amun_begin_lines || return 1 ;; esac
  case $amun_pump in dd) amun_pump_by_dd ;; sh) amun_pump_by_shell ;; esac || return 1
  case $amun_format in lines) amun_end_lines || return 1 ;; esac
  echo 'done' >&7
}

# Keeps a pump at work: one that was killed, or does not work in this image, gets a successor, five
# at most.
amun_keep_pumping() {
  amun_tries=0
  while [ "$amun_tries" -lt 5 ]; do
    ( amun_run_pump ) && break
    amun_write_mark o
    amun_tries=$((amun_tries + 1))
    amun_choose_plain_pump
  done
  [ "$amun_tries" -lt 5 ] || echo 'done' >&7
  amun_linger
}

# Waits until a pump made of several processes is set up: a script that stops or kills all processes
# it sees is not to meet it half made. Its writer's number goes into amun_spared.
amun_await_pump() {
  amun_spared=''
  case $amun_pump in dd | sh) ;; *) return 0 ;; esac
  while [ "$amun_stopped" = false ]; do
    IFS=' ' read -r amun_key amun_line <&7 || continue
    case $amun_key in
      pumping) amun_spared=$amun_line && return 0 ;;
      done) return 0 ;;
    esac
  done
}

# Starts the keeper; the run's process 1 knows it by amun_keeper. It holds no end that the script
# writes to: when those are closed it is to see the end.
amun_start_pump() {
  (
    exec </dev/null >/dev/null 2>&1 4>&- 6>&-
    amun_keep_pumping
  ) &
  amun_keeper=$!
  amun_ours="$amun_ours $amun_keeper"
}
