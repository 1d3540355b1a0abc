# The report: the last line of the log, "<RS>amun:<nonce>:r:" and one JSON object.

# What process 1's children used, as far as /proc tells, into amun_usage: times, page faults and
# blocks; null is what only getrusage knows.
amun_measure_usage() {
  amun_stat=''
  read -r amun_stat </proc/1/stat
  amun_stat=${amun_stat##*) }
  # shellcheck disable=SC2086 # fields
  set -- $amun_stat
  amun_minor=${9-0} amun_major=${11-0}
  amun_to_seconds "${14-0}"
  amun_utime=$amun_seconds
  amun_to_seconds "${15-0}"
  amun_stime=$amun_seconds
  amun_inblock=null amun_oublock=null
  while read -r amun_key amun_value; do
    case $amun_key in
      read_bytes:) amun_inblock=$((amun_value / 512)) ;;
      write_bytes:) amun_oublock=$((amun_value / 512)) ;;
    esac
  done 2>/dev/null </proc/1/io
  amun_usage="{\"ru_utime\":$amun_utime,\"ru_stime\":$amun_stime,\"ru_maxrss\":null,\
\"ru_ixrss\":0,\"ru_idrss\":0,\"ru_isrss\":0,\"ru_minflt\":$amun_minor,\"ru_majflt\":$amun_major,\
\"ru_nswap\":0,\"ru_inblock\":$amun_inblock,\"ru_oublock\":$amun_oublock,\"ru_msgsnd\":0,\
\"ru_msgrcv\":0,\"ru_nsignals\":0,\"ru_nvcsw\":null,\"ru_nivcsw\":null}"
}

# Clock ticks, a hundred a second, as seconds.
amun_to_seconds() {
  amun_two_digits $(($1 % 100))
  amun_seconds=$(($1 / 100)).$amun_two
}

# All of the report but its usage, into amun_report: an object without its end.
amun_compose_report() {
  amun_report="{\"version\":1,\"exit_code\":$amun_code"
  amun_add_member fetch_error "$amun_fetch_error"
  amun_add_member script_sha256 "$amun_sha"
  amun_add_member start_datetime "$amun_started"
  amun_add_member end_datetime "$amun_ended"
  amun_add_member hostname "$amun_hostname"
  amun_report="$amun_report,\"os_release\":{$amun_os},\"runtime_environment\":{"
  amun_add_member cuda_version "$amun_cuda"
  amun_report="$amun_report,\"hardware\":{\"cpu_family\":$amun_cpu_family,\"cpu_model\":$amun_cpu_model}"
  amun_report="$amun_report,\"operating_system\":{"
  amun_add_member name "$amun_os_id"
  amun_add_member version "$amun_os_version"
  amun_report=$amun_report\}
  amun_add_member python_version "$amun_python_version"
  amun_report="$amun_report},\"hwinfo\":$amun_hwinfo,\"oom_kills\":$amun_kills,\"stopped\":$amun_stopped"
  amun_add_member pump "$amun_pump"
  amun_report="$amun_report,\"stdout_bytes\":$amun_out_sent,\"stdout_cut\":$amun_out_cut\
,\"stderr_bytes\":$amun_err_sent,\"stderr_cut\":$amun_err_cut,\"usage\":"
}

# Adds $1 with the text $2, or null.
amun_add_member() {
  amun_json_text "$2"
  case $amun_report in *'{') ;; *) amun_report=$amun_report, ;; esac
  amun_report="$amun_report\"$1\":$amun_json"
}

amun_python_usage='
import os, resource, sys
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
names = [name for name in dir(usage) if name.startswith("ru_")]
members = ",".join("\"%s\":%r" % (name, getattr(usage, name)) for name in names)
line = os.fsencode(sys.argv[1]) + b"{" + members.encode() + b"}}" + os.fsencode(sys.argv[3])
while line:
    line = line[os.write(8, line):]
os._exit(int(sys.argv[2]))
'

# Writes the report and ends the run with the script's exit code. Usage belongs to the process that
# waited for the script, so process 1 itself becomes python3 where that is to say it in full.
amun_write_report() {
  amun_compose_report
  trap - EXIT
  if [ -n "$amun_python" ] && [ "${#amun_report}" -lt 100000 ]; then
    exec "$amun_python" -I -S -c "$amun_python_usage" \
      "$amun_line_head$amun_mark:r:$amun_report" "$amun_code" "$amun_line_end"
  fi
  amun_measure_usage
  amun_write_long_report "$amun_report$amun_usage}"
  exit "$amun_code"
}
