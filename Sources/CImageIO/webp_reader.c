#include <stdio.h>

#include <webp/decode.h>

#include "CImageIO.h"

static bool fail(char *message, const char *text) {
  snprintf(message, IMAGE_READER_MESSAGE_CAPACITY, "%s", text);
  return false;
}

bool image_read_webp(const uint8_t *bytes, size_t count, bool keep_alpha,
                     struct image_header *header, uint8_t *pixels, size_t capacity,
                     char message[IMAGE_READER_MESSAGE_CAPACITY]) {
  WebPBitstreamFeatures features;
  switch (WebPGetFeatures(bytes, count, &features)) {
    case VP8_STATUS_OK: break;
    case VP8_STATUS_NOT_ENOUGH_DATA: return fail(message, "the file ends early");
    default: return fail(message, "its header is not valid");
  }
  if (features.has_animation) return fail(message, "it is an animation, not one image");
  const bool has_alpha = keep_alpha && features.has_alpha;
  header->width = (uint32_t)features.width;
  header->height = (uint32_t)features.height;
  header->channels = has_alpha ? 4 : 3;

  if (pixels) {
    const size_t stride = (size_t)header->width * header->channels;
    if (capacity != stride * header->height)
      return fail(message, "the header changed between reads");
    uint8_t *end = has_alpha ? WebPDecodeRGBAInto(bytes, count, pixels, capacity, (int)stride)
                             : WebPDecodeRGBInto(bytes, count, pixels, capacity, (int)stride);
    if (!end) return fail(message, "its data end early or are not valid");
  }
  return true;
}
