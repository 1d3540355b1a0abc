# What the run runs on, for the report: os-release, processor, CUDA, memory kills.

# /etc/os-release as the members of a JSON object in amun_os, keys in lower case; its ID and
# VERSION_ID in amun_os_id and amun_os_version. Read as data, never sourced.
amun_read_os() {
  amun_os='' amun_os_id='' amun_os_version='' amun_lines=0
  for amun_file in /etc/os-release /usr/lib/os-release; do
    [ -r "$amun_file" ] || continue
    while amun_line='' && { IFS= read -r amun_line || [ -n "$amun_line" ]; }; do
      amun_lines=$((amun_lines + 1))
      [ "$amun_lines" -gt 100 ] && break
      amun_key=${amun_line%%=*}
      case $amun_key in '' | *[!A-Za-z0-9_]* | "$amun_line" | ????????????????????????????????*) continue ;; esac
      amun_unquote "${amun_line#*=}"
      amun_lower "$amun_key"
      case $amun_key in
        ID) amun_os_id=$amun_value ;;
        VERSION_ID) amun_os_version=$amun_value ;;
      esac
      case $amun_os in *"\"$amun_lowered\":"*) continue ;; esac
      amun_json_string "$amun_value"
      amun_os="$amun_os${amun_os:+,}\"$amun_lowered\":$amun_json"
    done <"$amun_file"
    break
  done
}

# A value of os-release without its quotes and backslashes, at most some thousand bytes.
amun_unquote() {
  amun_value=$1
  case $amun_value in
    \"*\") amun_value=${amun_value#\"} amun_value=${amun_value%\"} ;;
    \'*\') amun_value=${amun_value#\'} amun_value=${amun_value%\'} ;;
  esac
  [ "${#amun_value}" -lt 4096 ] || amun_value=''
  case $amun_value in *\\*) ;; *) return 0 ;; esac
  amun_rest=$amun_value amun_value=''
  while :; do
    case $amun_rest in *\\?*) ;; *) break ;; esac
    amun_value=$amun_value${amun_rest%%\\*}
    amun_rest=${amun_rest#*\\}
    amun_value=$amun_value${amun_rest%"${amun_rest#?}"}
    amun_rest=${amun_rest#?}
  done
  amun_value=$amun_value$amun_rest
}

amun_lower() {
  amun_lowered='' amun_rest=$1
  amun_upper=ABCDEFGHIJKLMNOPQRSTUVWXYZ amun_small=abcdefghijklmnopqrstuvwxyz
  while [ -n "$amun_rest" ]; do
    amun_char=${amun_rest%"${amun_rest#?}"}
    amun_rest=${amun_rest#?}
    case $amun_upper in
      *"$amun_char"*)
        amun_skip=${amun_upper%%"$amun_char"*}
        amun_tail=$amun_small
        while [ -n "$amun_skip" ]; do amun_skip=${amun_skip#?} amun_tail=${amun_tail#?}; done
        amun_char=${amun_tail%"${amun_tail#?}"}
        ;;
    esac
    amun_lowered=$amun_lowered$amun_char
  done
}

# Family and model of the first processor, as JSON, into amun_cpu_family and amun_cpu_model.
amun_read_processor() {
  amun_cpu_family=null amun_cpu_model=null
  while IFS=: read -r amun_key amun_value; do
    amun_trim "$amun_key"
    amun_key=$amun_trimmed
    amun_trim "$amun_value"
    case $amun_key in
      'cpu family') amun_json_number "$amun_trimmed" && amun_cpu_family=$amun_json ;;
      model)
        amun_json_number "$amun_trimmed"
        amun_cpu_model=$amun_json
        break
        ;;
      '') break ;;
    esac
  done 2>/dev/null </proc/cpuinfo
}

# The image's CUDA version ("11.4") into amun_cuda, or empty.
amun_read_cuda() {
  amun_cuda=''
  if [ -r /usr/local/cuda/version.txt ]; then
    amun_first_line /usr/local/cuda/version.txt
    amun_cuda=${amun_line##* }
  elif [ -r /usr/local/cuda/version.json ]; then
    # The first "version" after "cuda" is that of the toolkit.
    while read -r amun_line; do
      case $amun_line in
        *'"version"'*)
          amun_cuda=${amun_line##*: }
          amun_cuda=${amun_cuda%%,*}
          amun_cuda=${amun_cuda#\"}
          amun_cuda=${amun_cuda%\"}
          break
          ;;
      esac
    done </usr/local/cuda/version.json
  fi
  case $amun_cuda in '') amun_cuda=${CUDA_VERSION-} ;; esac
  case $amun_cuda in
    *[!0-9.]* | ????????????????????????*) amun_cuda='' ;;
    *.*.*) amun_cuda=${amun_cuda%".${amun_cuda#*.*.}"} ;;
  esac
}

# How many processes of this container the kernel has killed for want of memory, into amun_kills.
amun_count_kills() {
  amun_kills=0
  for amun_file in /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control; do
    [ -r "$amun_file" ] || continue
    while read -r amun_key amun_value; do
      case $amun_key in oom_kill) amun_json_number "$amun_value" && amun_kills=$amun_json ;; esac
    done <"$amun_file"
    case $amun_kills in null) amun_kills=0 ;; esac
    return 0
  done
}

# The file hwinfo.sh wrote, into amun_hwinfo; null where there is none.
amun_read_hwinfo() {
  amun_hwinfo=''
  amun_file=${THOTH_AMUN_HWINFO_PATH:-/home/amun/hwinfo/info.json}
  if [ -r "$amun_file" ]; then
    while amun_line='' && { IFS= read -r amun_line || [ -n "$amun_line" ]; }; do
      amun_hwinfo=$amun_hwinfo$amun_line
    done <"$amun_file"
  fi
  case $amun_hwinfo in '{'*'}') [ "${#amun_hwinfo}" -lt 65536 ] || amun_hwinfo=null ;; *) amun_hwinfo=null ;; esac
}
