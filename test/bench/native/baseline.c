/*
 * What a plain C program with Debian's libsodium needs for the same work: the measure of docs/benchmarks.md. One point after the other, no
 * multi-scalar multiplication, no batched inversion. Reads "OPERATION N" a line, does it over N points, answers with its own CPU time in
 * nanoseconds (clock_gettime(3), CLOCK_PROCESS_CPUTIME_ID).
 *
 *   scalarmult  crypto_scalarmult_ristretto255 a point
 *   blind       from_hash + scalarmult a point, the hash given (RFC 9497 3.3.1 without expand_message)
 *   prove       evaluate: a scalarmult a point; then the batch proof: hash each pair to a weight, M = sum d_i B_i, Z = k M (RFC 9497 2.2.1)
 *   verify      the weights, M and Z = sum d_i D_i, the proof's four products; then a point: inverse of the blind, scalarmult, SHA-512
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define POINTS_MAX 4096
static unsigned char points[POINTS_MAX][32], others[POINTS_MAX][32], scalars[POINTS_MAX][32], uniform[POINTS_MAX][64], out[64];

static void require(int ok) { if (!ok) { fputs("libsodium refused\n", stderr); exit(1); } }

static double now(void) {
  struct timespec t;
  require(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t) == 0);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void scalarmult_each(size_t n, const unsigned char *scalar) {
  for (size_t i = 0; i < n; i++) require(crypto_scalarmult_ristretto255(others[i], scalar, points[i]) == 0);
}

static void blind_each(size_t n) {
  for (size_t i = 0; i < n; i++) {
    unsigned char p[32];
    crypto_core_ristretto255_from_hash(p, uniform[i]);
    require(crypto_scalarmult_ristretto255(others[i], scalars[i], p) == 0);
  }
}

/* expand_message_xmd over a transcript of about 210 bytes is three SHA-512 blocks and more: two calls, then a reduction. */
static void weight_of(unsigned char d[32], size_t i) {
  unsigned char message[224], wide[64];
  memset(message, 0, sizeof message);
  memcpy(message + 128, points[i], 32);
  memcpy(message + 160, others[i], 32);
  crypto_hash_sha512(wide, message, sizeof message);
  crypto_hash_sha512(wide, wide, 64);
  crypto_core_ristretto255_scalar_reduce(d, wide);
}

static void add_weighted(unsigned char sum[32], const unsigned char d[32], const unsigned char point[32]) {
  unsigned char term[32];
  require(crypto_scalarmult_ristretto255(term, d, point) == 0);
  require(crypto_core_ristretto255_add(sum, sum, term) == 0);
}

static void prove(size_t n) {
  unsigned char m[32] = {0}, d[32];
  scalarmult_each(n, scalars[0]);
  for (size_t i = 0; i < n; i++) { weight_of(d, i); add_weighted(m, d, points[i]); }
  for (int i = 0; i < 2; i++) require(crypto_scalarmult_ristretto255(out, scalars[i], m) == 0);
  require(crypto_scalarmult_ristretto255_base(out, scalars[1]) == 0);
}

static void verify_and_finalise(size_t n) {
  unsigned char m[32] = {0}, z[32] = {0}, d[32], inverse[32], point[32];
  for (size_t i = 0; i < n; i++) { weight_of(d, i); add_weighted(m, d, points[i]); add_weighted(z, d, others[i]); }
  require(crypto_scalarmult_ristretto255_base(out, scalars[0]) == 0);
  for (int i = 0; i < 3; i++) require(crypto_scalarmult_ristretto255(out, scalars[i], i == 0 ? m : z) == 0);
  for (size_t i = 0; i < n; i++) {
    unsigned char message[96];
    memset(message, 0, sizeof message);
    require(crypto_core_ristretto255_scalar_invert(inverse, scalars[i]) == 0);
    require(crypto_scalarmult_ristretto255(point, inverse, others[i]) == 0);
    memcpy(message + 48, point, 32);
    crypto_hash_sha512(out, message, sizeof message);
  }
}

int main(void) {
  char operation[32];
  unsigned long n;
  require(sodium_init() >= 0);
  for (size_t i = 0; i < POINTS_MAX; i++) {
    crypto_core_ristretto255_random(points[i]);
    crypto_core_ristretto255_random(others[i]);
    crypto_core_ristretto255_scalar_random(scalars[i]);
    randombytes_buf(uniform[i], 64);
  }
  printf("ready libsodium %s\n", sodium_version_string());
  fflush(stdout);
  while (scanf("%31s %lu", operation, &n) == 2) {
    double start;
    if (n < 1 || n > POINTS_MAX) return 2;
    start = now();
    if (strcmp(operation, "scalarmult") == 0) scalarmult_each(n, scalars[0]);
    else if (strcmp(operation, "blind") == 0) blind_each(n);
    else if (strcmp(operation, "prove") == 0) prove(n);
    else if (strcmp(operation, "verify") == 0) verify_and_finalise(n);
    else return 2;
    printf("%.0f\n", now() - start);
    fflush(stdout);
  }
  return 0;
}
