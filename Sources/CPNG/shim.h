#pragma once
#if !__has_include(<png.h>)
#error "flexvlm needs libpng-dev: run Scripts/install-dependencies.sh, or apt-get install it"
#endif
#include <png.h>
