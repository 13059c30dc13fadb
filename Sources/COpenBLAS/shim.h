#pragma once
#if !__has_include(<cblas.h>) || !__has_include(<lapacke.h>)
#error "flexvlm needs libopenblas-dev and liblapacke-dev: run Scripts/install-dependencies.sh, or apt-get install them"
#endif
#include <cblas.h>
#include <lapacke.h>

// LAPACK's routines are called as OpenBLAS itself exports them (spotrf_, declared by lapacke.h):
// liblapacke would be one more library that must be there at run time.

// Exported by OpenBLAS builds with run-time core selection, declared in no public header.
// Quit and init together make it choose its kernels again, from OPENBLAS_CORETYPE.
void gotoblas_dynamic_quit(void);
void gotoblas_dynamic_init(void);
