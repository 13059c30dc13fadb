#include "libraries.h"

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

#include "CImageIO.h"

struct errors {
  struct jpeg_error_mgr base;
  jmp_buf jump;
};

static void give_up(j_common_ptr jpeg) { longjmp(((struct errors *)jpeg->err)->jump, 1); }

bool image_write_jpeg(const uint8_t *pixels, uint32_t width, uint32_t height, int quality,
                      uint8_t **bytes, unsigned long *count) {
  struct errors errors;
  struct jpeg_compress_struct jpeg = {.err = jpeg_std_error(&errors.base)};
  errors.base.error_exit = give_up;
  *bytes = NULL;
  *count = 0;
  if (setjmp(errors.jump)) {
    jpeg_destroy_compress(&jpeg);
    // Not freed: `bytes` is only brought up to date at the end, and may name a buffer that libjpeg
    // has replaced.
    *bytes = NULL;
    return false;
  }
  jpeg_create_compress(&jpeg);
  jpeg_mem_dest(&jpeg, bytes, count);
  jpeg.image_width = width;
  jpeg.image_height = height;
  jpeg.input_components = 3;
  jpeg.in_color_space = JCS_RGB;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, quality, TRUE);
  jpeg_start_compress(&jpeg, TRUE);
  while (jpeg.next_scanline < height) {
    JSAMPROW row = (JSAMPROW)(pixels + (size_t)jpeg.next_scanline * width * 3);
    jpeg_write_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  return true;
}
