# Init step of a run: writes what the machine is to $THOTH_AMUN_HWINFO_PATH as JSON. Reads /proc
# and /sys only and needs nothing but a shell. Keys are those of Amun's clients: cpu_features,
# cpu_info, cpu_type (numpy.distutils.cpuinfo), platform; and gpu where there is one.
# Arguments, for tests: where /proc and /sys are.

amun_proc=${1:-/proc}
amun_sys=${2:-/sys}
amun_out=${THOTH_AMUN_HWINFO_PATH:-/home/amun/hwinfo/info.json}

# Reads the first processor of /proc/cpuinfo; the others repeat it, and reading is slow in shell.
amun_read_cpu() {
  amun_vendor='' amun_family='' amun_model='' amun_brand='' amun_stepping='' amun_mhz=''
  amun_flags='' amun_fdiv='' amun_f00f='' amun_cpu='' amun_cpumodel='' amun_seen=''
  [ -r "$amun_proc/cpuinfo" ] || return 0
  while amun_key='' && { IFS=: read -r amun_key amun_value || [ -n "$amun_key" ]; }; do
    amun_trim "$amun_key"
    amun_key=$amun_trimmed
    amun_trim "$amun_value"
    amun_value=$amun_trimmed
    case $amun_key in
      '') if [ -n "$amun_seen" ]; then break; fi ;;
      processor) case $amun_value in 0) amun_seen=1 ;; esac ;;
      vendor_id | 'CPU implementer') amun_vendor=$amun_value ;;
      'cpu family' | 'CPU architecture') amun_family=$amun_value ;;
      model | 'CPU part') amun_model=$amun_value ;;
      'model name' | Processor) amun_brand=$amun_value ;;
      stepping | 'CPU revision') amun_stepping=$amun_value ;;
      'cpu MHz' | clock) amun_mhz=${amun_value%MHz} ;;
      flags | Features | features) amun_flags=$amun_value ;;
      fdiv_bug) amun_fdiv=$amun_value ;;
      f00f_bug) amun_f00f=$amun_value ;;
      cpu) amun_cpu=$amun_value ;;
      'cpu model') amun_cpumodel=$amun_value ;;
    esac
  done 2>/dev/null <"$amun_proc/cpuinfo"
  case $amun_brand in '') amun_brand=$amun_cpu ;; esac
  # ARM writes some of its numbers in hexadecimal.
  case $amun_model in
    0x*[!0-9a-fA-F]* | 0x | 0x?????????*) amun_model='' ;;
    0x*) amun_model=$((amun_model)) ;;
  esac
}

# Counts a list such as "0-3,8" into amun_count; at least 1.
amun_count_cpus() {
  amun_count=0
  amun_first_line "$amun_sys/devices/system/cpu/online"
  while [ -n "$amun_line" ]; do
    amun_range=${amun_line%%,*}
    case $amun_line in *,*) amun_line=${amun_line#*,} ;; *) amun_line='' ;; esac
    amun_low=${amun_range%-*} amun_high=${amun_range#*-}
    case $amun_low/$amun_high in
      */ | /* | *[!0-9/]* | *?????/* | */?????* | 0?*/* | */0?*) ;;
      *) amun_count=$((amun_count + amun_high - amun_low + 1)) ;;
    esac
  done
  if [ "$amun_count" -lt 1 ]; then amun_count=1; fi
}

# The machine as `uname -m` says it, into amun_machine.
amun_find_machine() {
  amun_first_line "$amun_proc/sys/kernel/arch"
  amun_machine=$amun_line
  if [ -z "$amun_machine" ]; then
    amun_machine=$(PATH=/usr/bin:/bin; uname -m 2>/dev/null)
  fi
  if [ -z "$amun_machine" ]; then
    case "$amun_vendor/ $amun_flags /$amun_cpu" in
      *' lm '*) amun_machine=x86_64 ;;
      */*' asimd '*/*) amun_machine=aarch64 ;;
      */POWER*) amun_machine=ppc64le ;;
      IBM/S390*) amun_machine=s390x ;;
      GenuineIntel/* | AuthenticAMD/*) amun_machine=i686 ;;
    esac
  fi
  amun_bits=64
  case $amun_machine in
    x86_64 | amd64) amun_arch=X86_64 ;;
    aarch64 | arm64) amun_arch=ARM_8 ;;
    ppc64*) amun_arch=PPC_64 ;;
    s390x) amun_arch=S390X ;;
    riscv64) amun_arch=RISCV_64 ;;
    i?86) amun_arch=X86_32 amun_bits=32 ;;
    arm*) amun_arch=ARM_7 amun_bits=32 ;;
    *) amun_arch='' ;;
  esac
}

# Turns megahertz ("2499.998") into hertz in amun_hz and "2.5000 GHz" in amun_ghz; both may be ''.
amun_to_hertz() {
  amun_hz='' amun_ghz=''
  amun_whole=${1%%.*} amun_part=''
  case $1 in *.*) amun_part=${1#*.} ;; esac
  case $amun_whole/$amun_part in *[!0-9/]* | /* | ????????*/*) return 0 ;; esac
  amun_part=${amun_part}000000
  amun_part=${amun_part%"${amun_part#??????}"}
  # The leading 1 keeps the shell from reading an octal number.
  amun_hz=$((1$amun_whole$amun_part - 1${amun_whole:+$(amun_zeros "$amun_whole")}000000))
  amun_tenths=$(((amun_hz + 50000) / 100000 + 100000000))
  amun_tenths=${amun_tenths#1}
  amun_whole=${amun_tenths%????}
  while :; do case $amun_whole in 0?*) amun_whole=${amun_whole#0} ;; *) break ;; esac done
  amun_ghz="$amun_whole.${amun_tenths#"${amun_tenths%????}"} GHz"
}

# As many zeros as $1 has characters.
amun_zeros() {
  amun_left=$1
  while [ -n "$amun_left" ]; do
    printf 0
    amun_left=${amun_left#?}
  done
}

# "32K" into bytes in amun_bytes; null where it is something else.
amun_to_bytes() {
  amun_json_number "${1%[KMG]}"
  amun_bytes=$amun_json
  case $amun_bytes in null) return 0 ;; ??????????*) amun_bytes=null && return 0 ;; esac
  case $1 in
    *K) amun_bytes=$((amun_bytes * 1024)) ;;
    *M) amun_bytes=$((amun_bytes * 1048576)) ;;
    *G) amun_bytes=$((amun_bytes * 1073741824)) ;;
  esac
}

amun_read_caches() {
  amun_l1d=null amun_l1i=null amun_l2=null amun_l3=null amun_l2line=null amun_l2ways=null
  for amun_cache in "$amun_sys"/devices/system/cpu/cpu0/cache/index*; do
    amun_first_line "$amun_cache/size"
    amun_to_bytes "$amun_line"
    amun_first_line "$amun_cache/type"
    amun_kind=$amun_line
    amun_first_line "$amun_cache/level"
    case $amun_line$amun_kind in
      1Data) amun_l1d=$amun_bytes ;;
      1Instruction) amun_l1i=$amun_bytes ;;
      1Unified) amun_l1d=$amun_bytes amun_l1i=$amun_bytes ;;
      2*)
        amun_l2=$amun_bytes
        amun_first_line "$amun_cache/coherency_line_size"
        amun_json_number "$amun_line"
        amun_l2line=$amun_json
        amun_first_line "$amun_cache/ways_of_associativity"
        amun_json_number "$amun_line"
        amun_l2ways=$amun_json
        ;;
      3*) amun_l3=$amun_bytes ;;
    esac
  done
}
