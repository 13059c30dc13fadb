#pragma once
#if !__has_include(<editline/readline.h>)
#error "flexvlm needs libedit-dev: run Scripts/install-dependencies.sh, or apt-get install it"
#endif
#include <stdio.h>
#include <editline/readline.h>

// Swift 6 does not let a C library's variable be set.
static inline void editline_take_characters_from(int (*next)(FILE *)) { rl_getc_function = next; }
