// For sched_getaffinity and CPU_COUNT.
#define _GNU_SOURCE
#include <sched.h>
#include <unistd.h>

#include "CKernels.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif
#if defined(__linux__)
#include <sys/syscall.h>
#endif

int fx_cpu_level(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) return 4;
  if (__builtin_cpu_supports("x86-64-v3")) return 3;
#endif
  return 1;
}

int fx_dot_level(void) {
#if defined(__x86_64__)
  unsigned a, b, c, d;
  if (fx_cpu_level() == 4 && __get_cpuid_count(7, 0, &a, &b, &c, &d) && c >> 11 & 1) return 2;
  if (fx_cpu_level() >= 3) return 1;
#endif
  return 0;
}

int fx_product_level(void) {
#if defined(__x86_64__)
  unsigned a, b, c, d;
  if (fx_cpu_level() < 4 || !__get_cpuid_count(7, 1, &a, &b, &c, &d) || !(a >> 5 & 1)) return 0;
#if defined(__linux__)
  // The registers of AMX are larger than a thread's saved state; Linux makes room on request.
  enum { REQUEST_PERMISSION = 0x1023, TILE_DATA = 18 };
  const unsigned tiles = 1u << 24 | 1u << 22;  // amx-tile, amx-bf16
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) && (d & tiles) == tiles &&
      syscall(SYS_arch_prctl, REQUEST_PERMISSION, TILE_DATA) == 0)
    return 2;
#endif
  return 1;
#else
  return 0;
#endif
}

int fx_core_count(void) {
#if defined(__linux__)
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) return CPU_COUNT(&allowed);
#endif
  const long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online > 0 ? (int)online : 1;
}
