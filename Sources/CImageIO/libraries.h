// Included first: tells which packages are missing before the compiler misses their headers.
#pragma once

#if !__has_include(<png.h>) || !__has_include(<jpeglib.h>) || !__has_include(<webp/decode.h>) || \
    !__has_include(<tiffio.h>)
#error "flexvlm needs libpng-dev, libjpeg-dev, libwebp-dev and libtiff-dev: run Scripts/install-dependencies.sh, or apt-get install them"
#endif
