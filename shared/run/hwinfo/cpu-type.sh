# The booleans of numpy.distutils.cpuinfo's linux_cpuinfo, by its own rules; null where a rule does
# not apply to this processor.

# Adds key $1 with value $2 to amun_type.
amun_add_type() {
  amun_type="$amun_type\"$1\":$2,"
}

# true or false in amun_answer, as the command that follows ends.
amun_ask() {
  if "$@"; then amun_answer=true; else amun_answer=false; fi
}

# Key $1: whether the brand matches one of the patterns that follow; null without a brand.
amun_add_brand() {
  amun_key=$1
  shift
  amun_answer=null
  case $amun_brand in
    '') ;;
    *)
      amun_answer=false
      for amun_pattern; do
        # shellcheck disable=SC2254 # a pattern on purpose
        case $amun_brand in *$amun_pattern*) amun_answer=true ;; esac
      done
      ;;
  esac
  amun_add_type "$amun_key" "$amun_answer"
}

# Key $1: whether the flags name $2; null without flags.
amun_add_flag() {
  case " $amun_flags " in
    '  ') amun_answer=null ;;
    *" $2 "*) amun_answer=true ;;
    *) amun_answer=false ;;
  esac
  amun_add_type "$1" "$amun_answer"
}

# Key $1: whether $2 equals $3, where $2 is known; else null.
amun_add_equal() {
  case $2 in
    '') amun_answer=null ;;
    *) amun_ask [ "$2" = "$3" ] ;;
  esac
  amun_add_type "$1" "$amun_answer"
}

# Key $1: both $2 = $3 and $4 = $5; null where the vendor is unknown.
amun_add_both() {
  case $amun_vendor in
    '') amun_answer=null ;;
    *) amun_ask [ "$2/$4" = "$3/$5" ] ;;
  esac
  amun_add_type "$1" "$amun_answer"
}

amun_build_type() {
  amun_type=''
  amun_add_flag has_3dnow 3dnow
  amun_add_flag has_3dnowext 3dnowext
  amun_add_equal has_f00f_bug "$amun_f00f" yes
  amun_add_equal has_fdiv_bug "$amun_fdiv" yes
  amun_add_flag has_mmx mmx
  amun_add_flag has_sse sse
  amun_add_flag has_sse2 sse2
  # Linux calls SSE3 by its working name.
  amun_add_flag has_sse3 pni
  amun_add_flag has_ssse3 ssse3
  amun_add_equal is_32bit "$amun_bits" 32
  amun_add_equal is_64bit "$amun_bits" 64
  amun_add_equal is_AMD "$amun_vendor" AuthenticAMD
  amun_add_both is_AMD64 "$amun_vendor" AuthenticAMD "$amun_family" 15
  amun_add_brand is_Athlon64 'Athlon(tm) 64'
  amun_add_brand is_AthlonHX 'Athlon HX'
  amun_add_brand is_AthlonK6 AMD-K6
  amun_add_both is_AthlonK6_2 "$amun_vendor" AuthenticAMD "$amun_model" 2
  amun_add_both is_AthlonK6_3 "$amun_vendor" AuthenticAMD "$amun_model" 3
  amun_add_brand is_AthlonK7 AMD-K7
  amun_add_brand is_AthlonMP 'Athlon(tm) MP'
  amun_add_equal is_Alpha "$amun_cpu" Alpha
  amun_add_brand is_Celeron Celeron
  amun_core2=false
  case $amun_bits/$amun_vendor/$amun_brand in 64/GenuineIntel/*'Core(TM)2'*) amun_core2=true ;; esac
  amun_add_type is_Core2 $amun_core2
  for amun_name in EV4 EV5 EV56 PCA56; do
    case $amun_cpu in
      '') amun_add_type "is_$amun_name" null ;;
      *)
        amun_ask [ "$amun_cpu/$amun_cpumodel" = "Alpha/$amun_name" ]
        amun_add_type "is_$amun_name" "$amun_answer"
        ;;
    esac
  done
  amun_add_brand is_Hammer Hammer
  amun_add_equal is_Intel "$amun_vendor" GenuineIntel
  # "family" is a line of Itanium's cpuinfo alone.
  amun_add_type is_Itanium null
  amun_four='Pentium*4'
  amun_answer=false
  case $amun_bits/$amun_brand in 64/*Pentium*IV* | 64/*Pentium*4*) amun_answer=true ;; esac
  amun_add_type is_Nocona "$amun_answer"
  amun_add_brand is_Opteron Opteron
  amun_add_brand is_Pentium Pentium
  amun_add_brand is_PentiumII 'Pentium*II'
  amun_add_brand is_PentiumIII 'Pentium*III'
  amun_add_brand is_PentiumIV 'Pentium*IV' "$amun_four"
  amun_add_brand is_PentiumM 'Pentium*M'
  amun_add_brand is_PentiumMMX 'Pentium*MMX'
  amun_add_brand is_PentiumPro PentiumPro
  amun_answer=false
  case $amun_brand/\ $amun_flags\  in
    *Pentium*IV*/*' pni '* | *Pentium*4*/*' pni '*) amun_answer=true ;;
  esac
  amun_add_type is_Prescott "$amun_answer"
  amun_add_brand is_XEON '[Xx][Ee][Oo][Nn]'
  amun_add_brand is_Xeon '[Xx][Ee][Oo][Nn]'
  amun_add_type is_i386 null
  amun_add_equal is_i486 "$amun_cpu" i486
  amun_add_both is_i586 "$amun_vendor" GenuineIntel "$amun_family" 5
  amun_add_both is_i686 "$amun_vendor" GenuineIntel "$amun_family" 6
  amun_add_equal is_singleCPU "$amun_count" 1
  amun_type="{$amun_type\"nbits\":\"$amun_bits\",\"ncpus\":$amun_count}"
}
