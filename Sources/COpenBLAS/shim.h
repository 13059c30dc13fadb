#pragma once
#include <cblas.h>
#include <lapacke.h>

// Exported by OpenBLAS builds with run-time core selection, declared in no public header.
// Quit and init together make it choose its kernels again, from OPENBLAS_CORETYPE.
void gotoblas_dynamic_quit(void);
void gotoblas_dynamic_init(void);
