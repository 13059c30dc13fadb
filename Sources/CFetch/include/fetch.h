// Gets a file over HTTP, at most so large and so long, from addresses that a function allows.

#ifndef FETCH_H
#define FETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
  FETCHED,
  FETCH_BAD_ADDRESS,  // no address of HTTP
  FETCH_REFUSED,      // a machine that may not be asked
  FETCH_TOO_LARGE,
  FETCH_STATUS,  // an answer other than 200
  FETCH_FAILED,  // not found, not reached, not in time, or broken off
  FETCH_OUT_OF_MEMORY,
} fetch_outcome;

typedef struct {
  uint8_t *bytes;  // to be freed with fetch_free
  size_t count;
  long status;
} fetch_result;

// Asked before each connection, of redirections too: `count` bytes, 4 or 16, in network order.
typedef bool (*fetch_allows)(const uint8_t *address, size_t count);

fetch_outcome fetch(
    const char *address, size_t limit, long seconds, fetch_allows allows, fetch_result *result);
void fetch_free(fetch_result *result);

#endif
