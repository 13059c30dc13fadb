#include "CKernels.h"

#if defined(__x86_64__)
#define FX_CHOICE(type)                                    \
  fx_dot fx_dot_##type##_vnni, fx_dot_##type##_avx2;       \
  fx_dot *fx_dot_##type(int level) {                       \
    return level >= 2   ? fx_dot_##type##_vnni             \
           : level == 1 ? fx_dot_##type##_avx2             \
                        : 0;                               \
  }
#else
#define FX_CHOICE(type) \
  fx_dot *fx_dot_##type(int level) { return 0; }
#endif

FX_CHOICE(q4_0)
FX_CHOICE(q4_1)
FX_CHOICE(q5_0)
FX_CHOICE(q5_1)
FX_CHOICE(q8_0)
FX_CHOICE(q4_k)
FX_CHOICE(q5_k)
FX_CHOICE(q6_k)
