#include "libraries.h"

#include <stdio.h>

#include <webp/decode.h>

#include "CImageIO.h"

static enum image_outcome fail(VP8StatusCode status, char *message) {
  const char *text = status == VP8_STATUS_NOT_ENOUGH_DATA ? "the file ends early"
                     : status == VP8_STATUS_OUT_OF_MEMORY ? "out of memory"
                                                          : "its data are not valid";
  snprintf(message, IMAGE_READER_MESSAGE_CAPACITY, "%s", text);
  return status == VP8_STATUS_OUT_OF_MEMORY ? IMAGE_OUT_OF_MEMORY : IMAGE_DAMAGED;
}

enum image_outcome image_read_webp(const uint8_t *bytes, size_t count, bool keep_alpha,
                                   struct image_header *header, uint8_t *pixels, size_t capacity,
                                   char message[IMAGE_READER_MESSAGE_CAPACITY]) {
  WebPDecoderConfig config;
  if (!WebPInitDecoderConfig(&config)) return fail(VP8_STATUS_INVALID_PARAM, message);
  VP8StatusCode status = WebPGetFeatures(bytes, count, &config.input);
  if (status != VP8_STATUS_OK) return fail(status, message);
  const bool has_alpha = keep_alpha && config.input.has_alpha;
  header->width = (uint32_t)config.input.width;
  header->height = (uint32_t)config.input.height;
  header->channels = has_alpha ? 4 : 3;

  if (pixels) {
    const size_t stride = (size_t)header->width * header->channels;
    if (capacity != stride * header->height) return fail(VP8_STATUS_INVALID_PARAM, message);
    config.output.colorspace = has_alpha ? MODE_RGBA : MODE_RGB;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = pixels;
    config.output.u.RGBA.stride = (int)stride;
    config.output.u.RGBA.size = capacity;
    status = WebPDecode(bytes, count, &config);
    if (status != VP8_STATUS_OK) return fail(status, message);
  }
  return IMAGE_READ;
}
