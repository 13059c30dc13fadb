// libcurl's options are variadic, which Swift does not call. Only the server needs it.

#ifdef SERVE

#include "fetch.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct {
  fetch_result *result;
  size_t capacity;
  size_t limit;
  fetch_allows allows;
  fetch_outcome fault;
} transfer;

// The name is resolved by now: what is checked here is what is connected to.
static curl_socket_t open_socket(
    void *data, curlsocktype purpose, struct curl_sockaddr *address) {
  transfer *t = data;
  bool allowed = false;
  if (purpose == CURLSOCKTYPE_IPCXN && address->family == AF_INET) {
    const struct sockaddr_in *in = (const struct sockaddr_in *)&address->addr;
    allowed = t->allows((const uint8_t *)&in->sin_addr, 4);
  } else if (purpose == CURLSOCKTYPE_IPCXN && address->family == AF_INET6) {
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)&address->addr;
    allowed = t->allows((const uint8_t *)&in6->sin6_addr, 16);
  }
  if (!allowed) {
    t->fault = FETCH_REFUSED;
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t take(char *bytes, size_t size, size_t count, void *data) {
  transfer *t = data;
  fetch_result *r = t->result;
  count *= size;
  if (count > t->limit - r->count) {
    t->fault = FETCH_TOO_LARGE;
    return 0;
  }
  if (r->count + count > t->capacity) {
    size_t capacity = 2 * t->capacity + count;
    uint8_t *grown = realloc(r->bytes, capacity);
    if (!grown) {
      t->fault = FETCH_OUT_OF_MEMORY;
      return 0;
    }
    r->bytes = grown;
    t->capacity = capacity;
  }
  memcpy(r->bytes + r->count, bytes, count);
  r->count += count;
  return count;
}

fetch_outcome fetch(
    const char *address, size_t limit, long seconds, fetch_allows allows, fetch_result *result) {
  *result = (fetch_result){0};
  transfer t = {.result = result, .limit = limit, .allows = allows, .fault = FETCHED};
  CURL *curl = curl_easy_init();
  if (!curl) return FETCH_OUT_OF_MEMORY;
  curl_easy_setopt(curl, CURLOPT_URL, address);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(curl, CURLOPT_MAXREDIRS, 3L);
  // A proxy would connect in our place, to whatever it likes.
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, seconds);
  curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)limit);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "flexvlm");
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &t);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &t);
  CURLcode code = curl_easy_perform(curl);
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &result->status);
  curl_easy_cleanup(curl);
  // A refused address of several matters only where no other one answered.
  if (code == CURLE_OK) return result->status == 200 ? FETCHED : FETCH_STATUS;
  if (t.fault != FETCHED) return t.fault;
  switch (code) {
    case CURLE_FILESIZE_EXCEEDED: return FETCH_TOO_LARGE;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL: return FETCH_BAD_ADDRESS;
    case CURLE_OUT_OF_MEMORY: return FETCH_OUT_OF_MEMORY;
    default: return FETCH_FAILED;
  }
}

void fetch_free(fetch_result *result) {
  free(result->bytes);
  *result = (fetch_result){0};
}

#endif
