/** Every key of hardware information that clients know, by its part. */
export const HWINFO_KEYS = {
  cpu_features:
    'flags hz_actual hz_advertised hz_actual_raw hz_advertised_raw l1_data_cache_size l1_instruction_cache_size l2_cache_size l3_cache_size',
  cpu_info:
    'arch arch_string_raw bits brand_raw count cpuinfo_version cpuinfo_version_string family hz_actual_friendly hz_advertised_friendly l2_cache_associativity l2_cache_line_size model stepping vendor_id_raw',
  cpu_type:
    'has_3dnow has_3dnowext has_f00f_bug has_fdiv_bug has_mmx has_sse has_sse2 has_sse3 has_ssse3 is_32bit is_64bit is_AMD is_AMD64 is_Alpha is_Athlon64 is_AthlonHX is_AthlonK6 is_AthlonK6_2 is_AthlonK6_3 is_AthlonK7 is_AthlonMP is_Celeron is_Core2 is_EV4 is_EV5 is_EV56 is_Hammer is_Intel is_Itanium is_Nocona is_Opteron is_PCA56 is_Pentium is_PentiumII is_PentiumIII is_PentiumIV is_PentiumM is_PentiumMMX is_PentiumPro is_Prescott is_XEON is_Xeon is_i386 is_i486 is_i586 is_i686 is_singleCPU nbits ncpus',
  platform: 'architecture machine node platform processor release version',
} as const;

/** What hwinfo.sh writes. */
export interface HardwareInfo {
  readonly cpu_features: Record<string, unknown>;
  readonly cpu_info: Record<string, unknown>;
  readonly cpu_type: Record<string, unknown>;
  readonly platform: Record<string, unknown>;
  readonly gpu?: Record<string, unknown>[];
}
